//! Korean: phrases, and how a keyword is said inside them.
//!
//! `{topic:을}` is the keyword with the particle that its last sound asks for; a keyword whose last sound is unknown,
//! or that is a sentence, becomes ‘…’ 이야기, whose last sound is known.

use super::bank::{Bank, Point, point};
use super::topic::{Purpose, Topic, number_before};

/// The Korean bank.
pub(super) const BANK: Bank = Bank {
    topic,
    seconds,
    neutral_title: "한 번 더 들여다보기",
    audience: "{audience}, 이 영상은 바로 여러분을 위한 거예요.",
    hooks: [
        &[
            "{topic}, {seconds} 만에 시작점을 잡아 봅니다.",
            "{topic}, 어디서부터 시작할까요?",
            "{topic:을} 차분히 살펴봅니다.",
            "{topic}, 먼저 이것부터 물어보세요.",
        ],
        &[
            "자, {topic} 같이 볼까요?",
            "{topic}, 여기서 시작해 봐요.",
            "오늘은 {topic:을} 이야기해 봐요.",
            "{topic}, 궁금했죠? 같이 시작해요.",
        ],
        &[
            "{topic}, 이제 머리 안 아파요.",
            "간식은 내려놓고, {topic:을} 봅시다.",
            "{topic}, 아무도 다치지 않아요.",
            "긴장하세요, 오늘은 {topic}입니다.",
        ],
        &[
            "오늘의 주제는 {topic}입니다.",
            "{topic:을} 한 걸음씩 알아봐요.",
            "{topic}, 이렇게 생각해 봐요.",
            "{topic:을} 함께 들여다봅시다.",
        ],
    ],
    bare_hook: "{topic}",
    plain_hooks: &[
        "여기서 시작해 봐요.",
        "쓸모 있는 이야기 하나만 들어 보세요.",
        "시작할게요.",
    ],
    outro_headings: &["이제 여러분 차례", "다음은 여러분", "오늘부터 하나씩"],
    outros: [
        &[
            "이번 주에 하나만 실천해 보시고, 다음 영상도 팔로우해 주세요.",
            "저장해 두고 필요할 때 꺼내 보세요.",
            "필요한 분께 공유해 주세요.",
            "팔로우해 주세요.",
        ],
        &[
            "오늘 해 보고 어땠는지 댓글로 알려 주세요.",
            "저장해 두고 친구에게도 보내 주세요.",
            "여러분은 어떤가요? 댓글로 알려 주세요.",
            "팔로우하고 또 만나요.",
        ],
        &[
            "까먹기 전에 저장하세요, 비밀번호처럼 되기 전에요.",
            "친구에게 알려 주세요, 고양이에게도요.",
            "팔로우하세요, 숙제는 없어요.",
            "팔로우하고 또 만나요.",
        ],
        &[
            "오늘 배운 것 하나를 적어서 댓글로 나눠 주세요.",
            "이제 여러분 차례예요, 하나를 골라 해 보세요.",
            "저장해 두고 내일 다시 보세요.",
            "다음 수업에서 만나요.",
        ],
    ],
    asides: [
        &[
            "잠깐이면 되고, 효과는 오래갑니다.",
            "단순하고 분명하게 하세요.",
            "작은 노력으로 얻는 것이 큽니다.",
            "제대로 해 둘 만한 일입니다.",
            "한 번만 제대로 하면 됩니다.",
            "단순하지만 효과가 있습니다.",
        ],
        &[
            "진짜 도움이 돼요.",
            "충분히 할 수 있어요.",
            "부담 없이 한번 해 봐요.",
            "생각보다 쉬워요.",
            "너무 간단해 보이죠?",
            "이건 믿어도 좋아요.",
        ],
        &[
            "미래의 내가 꽃을 보낼 거예요.",
            "망토는 필요 없어요.",
            "네, 월요일에도요.",
            "망하면 실험이었다고 해요.",
            "커피는 선택이지만 추천해요.",
            "소파도 찬성할 거예요.",
        ],
        &[
            "잠깐 멈추고 내 경우를 떠올려 보세요.",
            "왜 그런지 스스로 물어보세요.",
            "이것도 기술이라 연습할수록 늘어요.",
            "이 단계는 천천히 해 보세요.",
            "나만의 예를 하나 적어 보세요.",
            "한 번 더 떠올려 보면 오래 남아요.",
        ],
    ],
    points: &POINTS,
};

#[rustfmt::skip]
const POINTS: [Point; super::ideas::COUNT] = [
    point("이유부터 정하세요", ["먼저 무엇을 얻고 싶은지 정해 보세요.", "이유가 분명하면 복잡한 부분에서도 집중할 수 있어요.", "이유가 없으면 모든 게 똑같이 중요해 보여요.", "솔직한 한 문장이면 충분하고, 나중에 바꿔도 괜찮아요."]),
    point("한 문장으로 말하세요", ["{topic:을} 쉬운 한 문장으로 말해 보세요.", "어려운 말 없이, 아이에게 들려주듯이요.", "말이 막히는 곳이 바로 다음에 찾아볼 부분이에요.", "그 한 문장이 앞으로 배울 내용의 기준이 돼요."]),
    point("끝 모습을 그리세요", ["시작하기 전에 잘된 결과가 어떤 모습인지 정하세요.", "친구가 확인할 수 있을 만큼 구체적이면 좋아요.", "끝이 보이면 다음 걸음을 고르기가 훨씬 쉬워요.", "그림이 흐릿하다면 목표를 더 작게 줄여 보세요."]),
    point("먼저 준비하세요", ["시작하기 전에 필요한 것을 한곳에 모아 두세요.", "중간에 찾으러 다니면 흐름이 끊겨요.", "지금 잠깐 준비하면 나중에 허둥대지 않아요.", "모두 펼쳐 놓고 한 번만 훑어보세요."]),
    point("전체를 먼저 보세요", ["자세히 들어가기 전에 전체 모습부터 보세요.", "자리가 정해져 있으면 세부 내용도 잘 기억나요.", "종이에 대충 그려 보는 것만으로 충분해요.", "그다음에 한 부분씩 채워 나가면 돼요."]),
    point("부분으로 나누세요", ["서너 부분으로 나누고 이름을 붙여 보세요.", "큰 덩어리보다 작은 조각이 이해하기 쉬워요.", "각 부분이 어떻게 이어지는지도 살펴보세요.", "그래도 어렵다면 한 번 더 나누면 돼요."]),
    point("작게 시작하세요", ["의미 있는 가장 작은 한 걸음만 골라서 해 보세요.", "서랍 속 완벽한 계획보다 작은 시작이 나아요.", "일단 움직이면 다음 걸음이 더 잘 보여요.", "부담스럽다면 반으로 줄여 보세요."]),
    point("예를 하나 찾으세요", ["실제 예를 하나 골라 자세히 들여다보세요.", "들어만 본 열 가지보다 이해한 한 가지가 더 값져요.", "의외였던 점을 적어 두세요, 배움은 거기서 시작되니까요.", "다른 경우라면 무엇이 달라질지도 생각해 보세요."]),
    point("핵심부터 하세요", ["다른 모든 일이 달려 있는 부분부터 먼저 하세요.", "그것만 끝나면 나머지는 한결 가벼워져요.", "무엇이 핵심인지 모르겠다면, 나중에 발목을 잡을 것을 떠올려 보세요.", "있으면 좋은 것들은 마지막으로 미뤄 두세요."]),
    point("앞뒤를 이어 보세요", ["그 전에 무슨 일이 있고, 그다음에 무엇이 오는지 물어보세요.", "이어서 보면 이해되는 것이 많아요.", "한 칸 뒤로, 그리고 한 칸 앞으로 가 보세요.", "설명이 안 되는 그 고리가 가장 흥미로운 부분이에요."]),
    point("서두르지 마세요", ["{topic:을} 처음 접할 때 흔한 실수는 한꺼번에 다 하려는 거예요.", "한 번에 너무 많으면 남는 게 없어요.", "하나를 골라 끝내고, 그다음 것으로 넘어가세요.", "느려도 끝까지 하는 게 빠르게 반만 하는 것보다 나아요."]),
    point("비교해 보세요", ["이미 잘 아는 것과 비교해 보세요.", "같은 점 하나, 다른 점 하나만 찾으면 돼요.", "보통은 다른 점이 더 많은 것을 알려 줘요.", "좋은 비유는 오래 기억에 남아요."]),
    point("목록을 적으세요", ["할 일을 짧은 목록으로 적어 보세요.", "목록이 대신 기억해 주니 머리가 가벼워져요.", "한 장을 넘기지 마세요, 길면 아무도 안 보게 되니까요.", "하나씩 지워 나가는 재미도 있어요."]),
    point("질문을 만드세요", ["{topic}에 대해 좋은 질문 하나를 만들어 보세요.", "어떻게, 왜, 만약에로 시작하면 좋아요.", "답을 찾기 전에 질문부터 적어 두세요.", "무엇을 찾는지 알면 답이 더 잘 보여요."]),
    point("덜어 내세요", ["빼도 괜찮은 것이 무엇인지 정해 보세요.", "지금 모든 것을 다 챙길 필요는 없어요.", "이게 없으면 어떻게 될지 하나씩 물어보세요.", "남은 것이 바로 중요한 부분이에요."]),
    point("설명해 보세요", ["{topic:을} 자기 말로 누군가에게 설명해 보세요.", "어디가 약한지 바로 들릴 거예요.", "들어 줄 사람이 없다면 혼자 소리 내어 말해도 좋아요.", "막힌 그 부분만 다시 찾아보면 돼요."]),
    point("시간을 정하세요", ["시간을 정해 두고, 끝나면 멈춰 보세요.", "제한이 있으면 중요한 것을 고르게 돼요.", "처음에는 이십 분이면 충분해요.", "오늘 못 한 것은 내일 목록의 맨 위로 올리세요."]),
    point("경험자에게 물으세요", ["{topic:을} 잘 아는 사람에게 물어보세요.", "짧은 대화 한 번이 몇 시간의 고민을 줄여 주기도 해요.", "다시 한다면 무엇을 다르게 할지 물어보세요.", "사람들은 자기가 아는 것을 이야기하기 좋아해요."]),
    point("두 곳에서 확인하세요", ["중요한 내용은 적어도 두 곳에서 확인하세요.", "둘이 같다면 믿고 나아가도 좋아요.", "둘이 다르다면 더 알아볼 만한 점을 찾은 거예요.", "어디서 봤는지 적어 두면 다시 찾기 쉬워요."]),
    point("돌아보세요", ["끝났다면 일 분만 돌아보세요.", "잘된 것은 남기고, 다음에는 하나만 바꿔 보세요.", "기억이 생생할 때 적어 두는 게 좋아요.", "그러면 두 번째는 처음보다 쉬워져요."]),
    point("내일 다시 보세요", ["내일 잠깐이라도 다시 살펴보세요.", "두 번째에는 처음에 놓친 것이 보여요.", "길게 한 번보다 짧게 여러 번이 나아요.", "눈에 잘 띄는 곳에 메모를 남겨 두세요."]),
    point("오늘 해 보세요", ["작은 것 하나를 골라 오늘 해 보세요.", "완벽하지 않아도 괜찮아요.", "화면을 넘기기 전에 알림부터 맞춰 두세요.", "내일의 내가 고마워할 거예요."]),
];

fn seconds(seconds: u32) -> String {
    format!("{seconds}초")
}

/// Endings of a question or a sentence: such a keyword is quoted.
const SENTENCE_ENDINGS: &[&str] = &[
    "?", "까", "나요", "가요", "는가", "인가", "니다", "세요", "어요", "아요", "한다",
];
/// Endings of something that one does.
const PRACTICAL_ENDINGS: &[&str] = &[
    "법",
    "방법",
    "팁",
    "노하우",
    "준비",
    "정리",
    "관리",
    "연습",
    "요령",
    "꿀팁",
];
/// Nouns that end like a nominalised verb.
const NOT_DOING: &[&str] = &[
    "이야기",
    "분위기",
    "비행기",
    "감기",
    "용기",
    "향기",
    "경기",
    "전기",
    "공기",
    "고기",
    "아기",
    "인기",
    "위기",
    "시기",
    "악기",
    "무기",
    "크기",
    "동기",
    "열기",
    "연기",
    "세탁기",
];

/// Reads the shape of a keyword.
fn topic(keyword: &str) -> Topic {
    let sentence = SENTENCE_ENDINGS.iter().any(|ending| keyword.ends_with(ending));
    let doing = keyword.ends_with('기') && !NOT_DOING.iter().any(|noun| keyword.ends_with(noun));
    let practical = doing || PRACTICAL_ENDINGS.iter().any(|ending| keyword.ends_with(ending));
    let (name, ending) = match Ending::of(keyword) {
        Some(ending) if !sentence => (keyword.to_owned(), ending),
        _ => (format!("‘{keyword}’ 이야기"), Ending::Vowel),
    };
    Topic {
        purpose: if practical {
            Purpose::Doing
        } else {
            Purpose::Learning
        },
        count: number_before(keyword, &["가지", "개", "단계"]),
        title: keyword.to_owned(),
        forms: forms(&name, ending),
        pronouns: forms("이 주제", Ending::Vowel),
    }
}

fn forms(name: &str, ending: Ending) -> Vec<(&'static str, String)> {
    let with = |after_consonant: &str, after_vowel: &str| match ending {
        Ending::Consonant => format!("{name}{after_consonant}"),
        Ending::Vowel => format!("{name}{after_vowel}"),
    };
    vec![
        ("topic", name.to_owned()),
        ("topic:은", with("은", "는")),
        ("topic:이", with("이", "가")),
        ("topic:을", with("을", "를")),
    ]
}

/// The last sound of a word, which chooses its particles.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Consonant,
    Vowel,
}

impl Ending {
    /// The last sound, or `None` when the script does not tell.
    fn of(text: &str) -> Option<Self> {
        let spoken = text.trim_end_matches(|c: char| !c.is_alphanumeric());
        let last = spoken.chars().next_back()?;
        let closed = match last {
            // A Hangul syllable is its first, middle and last sound counted out; remainder 0 has no last sound.
            '가'..='힣' => !u32::from(last).saturating_sub(u32::from('가')).is_multiple_of(28),
            // 영 일 삼 육 칠 팔 end in a consonant, 이 사 오 구 do not.
            '0' | '1' | '3' | '6' | '7' | '8' => true,
            '2' | '4' | '5' | '9' => false,
            'a'..='z' | 'A'..='Z' => english_ends_closed(&spoken.to_ascii_lowercase()),
            _ => return None,
        };
        Some(if closed { Self::Consonant } else { Self::Vowel })
    }
}

/// As English words are written in Hangul: only these sounds stay at the end of a syllable (Seoul, music, Google, game).
fn english_ends_closed(word: &str) -> bool {
    word.ends_with(['b', 'c', 'k', 'l', 'm', 'n', 'p', 'q', 't'])
        || ["ng", "le", "me", "ne"]
            .iter()
            .any(|ending| word.ends_with(ending))
}
