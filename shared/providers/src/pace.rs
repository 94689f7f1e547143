//! How long the local voice takes to say a text, so that a script fits its seconds before anybody speaks.
//!
//! Both sides of the bargain are here: the writer plans with [`spoken_ms`], the voice speaks at [`engine_rate`].

use domain::settings::{Language, Settings};

/// Silence between two scenes at normal speed, milliseconds: a breath, and room for the cross-fade.
const SECTION_GAP_MS: u32 = 320;
/// Silence before the first word, milliseconds: players swallow the very first sound.
pub const LEAD_MS: u32 = 60;
/// Silence after the last word, milliseconds.
pub const TAIL_MS: u32 = 200;
/// How long the last image stays when the track is over, milliseconds: a script and its voice leave room for it.
pub const END_MS: u32 = 700;

/// Speed in hundredths, and the engine's words a minute that give it.
///
/// Its own scale is not linear and differs by language; below its least rate of 80 it gets no slower.
///
/// # Source
/// Measured with espeak-ng 1.52 on the phrase banks, 2026-11-21; 100 is a calm short-form pace.
const fn rates(language: Language) -> &'static [(u32, u32)] {
    match language {
        Language::English => &[
            (57, 80),
            (75, 111),
            (100, 150),
            (125, 188),
            (150, 229),
            (175, 271),
            (200, 313),
        ],
        Language::Korean => &[
            (50, 93),
            (75, 137),
            (100, 180),
            (125, 226),
            (150, 278),
            (175, 337),
            (200, 412),
        ],
        Language::Chinese => &[
            (50, 101),
            (75, 147),
            (100, 190),
            (125, 234),
            (150, 273),
            (175, 313),
            (200, 373),
        ],
        Language::Russian => &[
            (63, 80),
            (75, 105),
            (100, 150),
            (125, 206),
            (150, 280),
            (175, 364),
            (200, 418),
        ],
    }
}

/// The engine's rate in words a minute for a speed in hundredths.
pub fn engine_rate(language: Language, speed_percent: u32) -> u32 {
    let table = rates(language);
    let speed = reached_speed(language, speed_percent);
    table
        .windows(2)
        .find_map(|pair| {
            let [(low, low_rate), (high, high_rate)] = pair else {
                return None;
            };
            let inside = (*low..=*high).contains(&speed);
            let share = speed
                .saturating_sub(*low)
                .saturating_mul(high_rate.saturating_sub(*low_rate));
            let step = share.checked_div(high.saturating_sub(*low))?;
            inside.then(|| low_rate.saturating_add(step))
        })
        .unwrap_or(150)
}

/// The speed that the engine reaches when it is asked for one: it has a least and a greatest.
pub fn reached_speed(language: Language, speed_percent: u32) -> u32 {
    let speeds = rates(language).iter().map(|(speed, _)| *speed);
    let (least, most) = speeds.fold((u32::MAX, 0), |(least, most), s| (least.min(s), most.max(s)));
    speed_percent.clamp(least, most)
}

/// Silence between two scenes, milliseconds.
pub fn gap_ms(language: Language, speed_percent: u32) -> u32 {
    at_speed(SECTION_GAP_MS, language, speed_percent)
}

fn at_speed(normal_ms: u32, language: Language, speed_percent: u32) -> u32 {
    let speed = reached_speed(language, speed_percent).max(1);
    normal_ms
        .saturating_mul(100)
        .checked_div(speed)
        .unwrap_or(normal_ms)
}

/// Roughly what hook and outro take together, milliseconds; the rest is shared by the points.
pub const FRAME_MS: u32 = 5000;

/// Points that suit a length: five seconds each in a short video, eleven in the longest.
pub fn suiting_points(settings: &Settings) -> u32 {
    let most = settings.scenes_max().saturating_sub(2).max(1);
    let words_ms = settings.duration_s.saturating_mul(1000);
    let words_ms = words_ms.saturating_mul(settings.speed_percent) / 100;
    let rest_ms = words_ms.saturating_sub(FRAME_MS);
    let each_ms = (words_ms / 30).saturating_add(5000);
    let suiting = rest_ms
        .saturating_add(each_ms / 2)
        .checked_div(each_ms)
        .unwrap_or(1);
    suiting.clamp(1, most)
}

/// Scenes that a script for these settings likely has: a hook, the points that suit, an outro.
pub fn likely_scenes(settings: &Settings) -> u32 {
    suiting_points(settings).saturating_add(2)
}

/// A letter that is spelled, milliseconds at normal speed.
const SPELLED_MS: u32 = 280;

/// What a piece of text costs, milliseconds at normal speed.
struct Costs {
    /// Any text, before its first sound.
    base: u32,
    /// Each run between spaces.
    word: u32,
    /// A comma, colon or dash inside.
    breath: u32,
    /// The end of a sentence inside.
    stop: u32,
}

/// # Source
/// Least squares over the phrase banks spoken by each language's first voice (150 to 180 sentences per language,
/// root mean square error 160 to 200 ms a sentence), espeak-ng 1.52, 2026-11-21.
const fn costs(language: Language) -> Costs {
    match language {
        Language::English => Costs {
            base: 242,
            word: 62,
            breath: 366,
            stop: 680,
        },
        Language::Korean => Costs {
            base: 231,
            word: 73,
            breath: 246,
            stop: 420,
        },
        Language::Chinese => Costs {
            base: 181,
            word: 0,
            breath: 264,
            stop: 480,
        },
        Language::Russian => Costs {
            base: 142,
            word: 60,
            breath: 280,
            stop: 500,
        },
    }
}

/// Planned length of a text when the local voice speaks it, milliseconds.
pub fn spoken_ms(text: &str, language: Language, speed_percent: u32) -> u32 {
    let costs = costs(language);
    let text = spoken_text::spoken(text, language).text;
    let spoken = text.trim_end_matches(|c: char| !c.is_alphanumeric());
    let mut total = costs.base;
    let mut before = ' ';
    for c in spoken.chars() {
        let starts_word = before.is_whitespace() && !c.is_whitespace();
        let cost = match c {
            ',' | ':' | ';' | '—' | '，' | '：' | '；' | '、' => costs.breath,
            '.' | '!' | '?' | '…' | '。' | '！' | '？' => costs.stop,
            // Capitals side by side are spelled: AI, BTS, ИИ.
            other if other.is_uppercase() && before.is_uppercase() => SPELLED_MS,
            other => letter_ms(other),
        };
        total = total.saturating_add(cost);
        if starts_word {
            total = total.saturating_add(costs.word);
        }
        before = c;
    }
    at_speed(total, language, speed_percent)
}

/// A letter or syllable sign, milliseconds at normal speed; the same in every voice, because each voice hands foreign
/// script to the voice of that script.
fn letter_ms(c: char) -> u32 {
    match c {
        '가'..='힣' => {
            let open = u32::from(c).saturating_sub(u32::from('가')).is_multiple_of(28);
            if open { 120 } else { 173 }
        }
        '\u{3040}'..='\u{30ff}' => 160,
        '\u{3400}'..='\u{9fff}' => 216,
        other if other.is_alphabetic() => 53,
        _ => 0,
    }
}

#[cfg(test)]
mod tests;
