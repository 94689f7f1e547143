//! English: phrases, and how a keyword is said inside them.
//!
//! `{topic}` stands only after "about", "at", "to" and the like or as an object, so that a noun, a clause ("how bees
//! make honey") and a quoted question all read naturally; `{Topic}` opens a sentence.

use super::bank::{Bank, Point, point};
use super::topic::{Purpose, Topic, capitalised, lower_first};

/// The English bank.
pub(super) const BANK: Bank = Bank {
    topic,
    seconds,
    neutral_title: "Worth a closer look",
    audience: "This one is for {audience}.",
    hooks: [
        &[
            "{Topic} in {seconds}: where to start.",
            "{Topic}, without the noise.",
            "{Topic}: where to start.",
            "What to ask first about {topic}.",
        ],
        &[
            "Okay, let's talk about {topic}.",
            "Curious about {topic}? Start here.",
            "Let's get into {topic}.",
            "{Topic}: here is where I would start.",
        ],
        &[
            "{Topic}: now with fewer headaches.",
            "Brace yourself, we need to talk about {topic}.",
            "Put the snacks down, this is about {topic}.",
            "{Topic}, and nobody gets hurt.",
        ],
        &[
            "Here is how to think about {topic}.",
            "Let's take a careful look at {topic}.",
            "{Topic}: one step at a time.",
            "Let's find a good start: {topic}.",
        ],
    ],
    bare_hook: "{Topic}",
    plain_hooks: &[
        "Here is where to start.",
        "Stay for one useful idea.",
        "Let's begin.",
    ],
    outro_headings: &["Your turn", "Now you", "Keep going"],
    outros: [
        &[
            "Put it into practice this week, and follow for the next topic.",
            "Save this for later, and follow for more.",
            "Share it with someone who needs it.",
            "Follow for more.",
        ],
        &[
            "Try it today, and tell me in the comments how it went.",
            "Save this, and send it to a friend.",
            "Try it, and tell me how it went.",
            "Follow for more.",
        ],
        &[
            "Save this before you forget it, like that one password.",
            "Tell a friend. Or your cat. Cats keep secrets.",
            "Follow for more, no homework included.",
            "Follow for more.",
        ],
        &[
            "Write down one thing you take with you, and share it in the comments.",
            "Now it is your turn: pick one step and try it today.",
            "Save this lesson, and come back tomorrow.",
            "Follow for more.",
        ],
    ],
    asides: [
        &[
            "It takes a moment, and it pays off.",
            "Keep it simple and clear.",
            "It is a small effort with a clear return.",
            "This is worth doing properly.",
            "Do it once, and do it well.",
            "It is simple, and simple works.",
        ],
        &[
            "Seriously, it helps.",
            "You've got this.",
            "No pressure, just give it a go.",
            "It is easier than it sounds.",
            "I know, it sounds almost too simple.",
            "Trust me on this one.",
        ],
        &[
            "Your future self will send you flowers.",
            "No cape required.",
            "Yes, even on a Monday.",
            "If it goes wrong, call it an experiment.",
            "Coffee is optional, but recommended.",
            "Even your sofa would approve.",
        ],
        &[
            "Pause here, and think of your own case.",
            "Ask yourself why this works.",
            "This is a skill, so it grows with practice.",
            "Take your time with this one.",
            "Write down one example of your own.",
            "Go over it once more, and it will stay longer.",
        ],
    ],
    points: &POINTS,
};

#[rustfmt::skip]
const POINTS: [Point; super::ideas::COUNT] = [
    point("Start with why", ["First, decide what you want to get out of this.", "A clear reason keeps your attention when it gets detailed.", "Without a reason, every detail looks equally important.", "One honest sentence is enough, and you can change it later."]),
    point("Say it in one line", ["Put {topic} into one plain sentence.", "No special words, just what you would tell a child.", "The spot where you get stuck shows what to look up next.", "That sentence is a hook for everything else you learn."]),
    point("Image the finish", ["Before you begin, decide what a good result looks like.", "Be specific enough that a friend could check it.", "It is much easier to choose a step when you can see the end.", "If the image is blurry, make it smaller."]),
    point("Prepare first", ["Get everything you need in one place before you start.", "Every search in the middle breaks your rhythm.", "A few quiet minutes now save a lot of running around later.", "Lay it all out, and look at it once."]),
    point("See the whole first", ["Look at the whole before you zoom into the details.", "Details are easier to remember when they have a place to go.", "A rough sketch on paper is already enough.", "Then fill in one corner at a time."]),
    point("Break it into parts", ["Break it into three or four parts, and name them.", "Small parts are easier to understand than one big block.", "Look at how each part touches the next one.", "If a part still feels heavy, split it again."]),
    point("Start small", ["Pick the smallest step that still counts, and do only that.", "A small start beats a perfect plan that stays in a drawer.", "Once you are moving, the next step is easier to see.", "If it feels too big, cut it in half."]),
    point("Find one example", ["Find one real example, and look at it closely.", "One case you understand is worth more than ten you only heard of.", "Notice what surprises you, because that is where you learn.", "Then ask what would change in a different case."]),
    point("Do the key part first", ["Start with the part that everything else depends on.", "The rest gets lighter once that is out of the way.", "Not sure which part it is? Ask what would stop you later.", "Leave the nice extras for the end."]),
    point("Follow the chain", ["Ask what has to happen before, and what follows after.", "Many things make sense once you see them as a chain.", "Go one link back, then one link forward.", "The link you cannot explain is the interesting one."]),
    point("Avoid the rush", ["When it comes to {topic}, a common mistake is wanting everything at once.", "Too much at a time, and nothing really sticks.", "Choose one thing, finish it, and only then take the next.", "Slow and complete beats quick and half done."]),
    point("Compare it", ["Compare it with something you already know well.", "Find one thing that is the same, and one that is different.", "The difference usually tells you more than the likeness.", "A good comparison stays in your head for a long time."]),
    point("Write a short list", ["Write your steps down as a short list.", "A list remembers for you, so your head stays free.", "Keep it to one page, or nobody will use it, not even you.", "Cross things off as you go. It feels great."]),
    point("Ask a better question", ["Ask one good question about {topic}.", "Good questions start with how, why, or what if.", "Write it down before you look for an answer.", "The answer is easier to spot when you know what you are looking for."]),
    point("Leave things out", ["Decide what you can safely leave out.", "Not every detail deserves your time right now.", "For each thing, ask what would happen without it.", "What is left is usually the part that counts."]),
    point("Explain it", ["Tell someone about {topic} in your own words.", "You will hear at once where your explanation gets thin.", "No audience? Say it out loud to an empty room.", "Go back to that one spot, and only that spot."]),
    point("Set a time limit", ["Give it a fixed amount of time, and stop when it is over.", "A limit helps you choose what matters.", "Start with twenty minutes, and see how far you get.", "What does not fit today goes to the top of tomorrow's list."]),
    point("Ask someone", ["Talk to someone who knows a thing or two about {topic}.", "One short talk can replace hours of guessing.", "Ask what they would do differently next time.", "Most people love to be asked about things they know."]),
    point("Check two sources", ["Check anything important in at least two places.", "If they agree, you can build on it.", "If they disagree, you have found something worth a closer look.", "Note where you read it, so you can find it again."]),
    point("Look back", ["When you are done, look back for a minute.", "Keep what worked, and change just one thing next time.", "Write it down while it is still fresh.", "That makes the second time easier than the first."]),
    point("Come back tomorrow", ["Come back to it tomorrow, even if only briefly.", "A second look shows things that the first one missed.", "A few short visits work better than one long one.", "Leave yourself a note where you will see it."]),
    point("Try it today", ["Pick one small thing, and try it today.", "It does not have to be perfect to count.", "Set a reminder now, before you scroll on.", "Tomorrow you will be glad you started."]),
];

fn seconds(seconds: u32) -> String {
    format!("{seconds} seconds")
}

/// Verbs that open an imperative and are seldom nouns, so that "Learn Rust fast" is about doing.
const IMPERATIVES: &[&str] = &[
    "avoid",
    "bake",
    "become",
    "build",
    "choose",
    "create",
    "draw",
    "eat",
    "fix",
    "get",
    "grow",
    "improve",
    "keep",
    "learn",
    "make",
    "organise",
    "organize",
    "pack",
    "prepare",
    "read",
    "reduce",
    "save",
    "sew",
    "sing",
    "sleep",
    "speak",
    "stay",
    "stop",
    "teach",
    "understand",
    "write",
];
/// Words that open a question when they come first.
const AUXILIARIES: &[&str] = &[
    "am", "are", "can", "could", "did", "do", "does", "has", "have", "is", "may", "should", "was", "were",
    "will", "would",
];
/// Words that open a clause or, before an auxiliary, a question.
const QUESTION_WORDS: &[&str] = &["how", "what", "when", "where", "which", "who", "why"];
/// Nouns that a number counts in "5 tips for better sleep".
const COUNTED: &[&str] = &[
    "facts", "habits", "hacks", "ideas", "lessons", "mistakes", "reasons", "rules", "secrets", "steps",
    "things", "tips", "tricks", "ways",
];
/// Nouns in -ing: not something that one does.
const NOT_GERUNDS: &[&str] = &[
    "anything",
    "building",
    "ceiling",
    "during",
    "evening",
    "everything",
    "morning",
    "nothing",
    "something",
    "spring",
    "string",
    "wedding",
];
const NUMBERS: &[&str] = &[
    "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
];

/// Reads the shape of a keyword.
fn topic(keyword: &str) -> Topic {
    let words: Vec<&str> = keyword.split_whitespace().collect();
    let lower: Vec<String> = words.iter().map(|w| w.to_lowercase()).collect();
    let word = |index: usize| lower.get(index).map_or("", String::as_str);
    if let Some((count, rest)) = counted(&words, &lower) {
        let core = topic(&rest);
        return Topic {
            purpose: Purpose::Doing,
            count: Some(count),
            ..core
        };
    }
    let asks = keyword.ends_with('?')
        || AUXILIARIES.contains(&word(0))
        || (QUESTION_WORDS.contains(&word(0)) && AUXILIARIES.contains(&word(1)));
    if asks && words.len() > 1 {
        let question = format!("{}?", capitalised(keyword.trim_end_matches('?')));
        return plain(&question, &format!("\"{question}\""), Purpose::Learning);
    }
    if QUESTION_WORDS.contains(&word(0)) && words.len() > 1 {
        let purpose = if word(1) == "to" {
            Purpose::Doing
        } else {
            Purpose::Learning
        };
        return plain(&capitalised(keyword), &lower_first(keyword), purpose);
    }
    if IMPERATIVES.contains(&word(0)) && words.len() > 1 {
        return plain(
            &capitalised(keyword),
            &format!("how to {}", lower_first(keyword)),
            Purpose::Doing,
        );
    }
    let gerund = word(0).len() > 4 && word(0).ends_with("ing") && !NOT_GERUNDS.contains(&word(0));
    let inside = if gerund || matches!(word(0), "the" | "a" | "an" | "my" | "your" | "our") {
        lower_first(keyword)
    } else {
        keyword.to_owned()
    };
    let purpose = if gerund { Purpose::Doing } else { Purpose::Learning };
    plain(&capitalised(keyword), &inside, purpose)
}

fn plain(opening: &str, inside: &str, purpose: Purpose) -> Topic {
    Topic {
        purpose,
        count: None,
        title: opening.to_owned(),
        forms: vec![("Topic", opening.to_owned()), ("topic", inside.to_owned())],
        pronouns: vec![("Topic", "This".to_owned()), ("topic", "this".to_owned())],
    }
}

/// The number and the subject of "5 tips for better sleep"; "5 ways to relax" is about how to relax.
fn counted(words: &[&str], lower: &[String]) -> Option<(u32, String)> {
    let start = usize::from(matches!(
        lower.first().map(String::as_str),
        Some("top" | "the" | "my")
    ));
    let number = lower.get(start)?;
    let count = number.parse().ok().or_else(|| {
        let index = NUMBERS.iter().position(|n| n == number)?;
        u32::try_from(index.saturating_add(2)).ok()
    })?;
    let noun = lower
        .iter()
        .skip(start)
        .take(4)
        .position(|w| COUNTED.contains(&w.as_str()))?;
    let rest = words.get(start.saturating_add(noun).saturating_add(1)..)?;
    let (joint, subject) = rest.split_first()?;
    let subject = subject.join(" ");
    match joint.to_lowercase().as_str() {
        "for" | "about" | "on" | "of" | "in" | "when" if !subject.is_empty() => Some((count, subject)),
        "to" if !subject.is_empty() => Some((count, format!("how to {subject}"))),
        "why" | "how" => Some((count, rest.join(" "))),
        _ => None,
    }
}
