//! Splits a text where a voice would spell letter by letter what another voice can read.
//!
//! The engine reads Latin, Hangul and Devanagari inside any language by itself; the other scripts it spells.

use catalogue::Voice;
use domain::settings::Language;
use providers::pace::engine_rate;

/// A stretch of text for one voice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Run {
    /// Where it starts in the text, in characters.
    pub(super) start: usize,
    /// The stretch.
    pub(super) text: String,
    /// The engine's voice and variant.
    pub(super) engine_voice: String,
    /// Words a minute.
    pub(super) rate: u32,
}

/// How fast a text is spoken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pace {
    /// What was asked, in hundredths.
    pub(super) speed_percent: u32,
    /// What makes the track as long as it may be, in thousandths of that.
    pub(super) fit_permille: u32,
}

/// What the engine takes, words a minute.
const RATES: std::ops::RangeInclusive<u32> = 80..=450;

impl Pace {
    /// The engine's rate for this pace.
    fn of(self, rate: u32) -> u32 {
        // Rounded up: a track that is a little short is as asked, one that is too long is not.
        let fitted = rate.saturating_mul(self.fit_permille).div_ceil(1000);
        fitted.clamp(*RATES.start(), *RATES.end())
    }
}

/// Words a minute for a language that only visits and has no measured table.
const VISITOR_RATE: u32 = 160;

/// The stretches of a text in order; together they are the text.
pub(super) fn split(text: &str, voice: &Voice, pace: Pace) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    let mut guest = None;
    for (index, c) in text.chars().enumerate() {
        let wanted = if c.is_alphabetic() {
            guest_language(c, voice.language)
        } else {
            guest
        };
        match runs.last_mut() {
            Some(run) if wanted == guest => run.text.push(c),
            // A text that begins with spaces or marks goes to whoever reads its first letter.
            Some(run) if !run.text.chars().any(char::is_alphanumeric) => {
                let text = format!("{}{c}", run.text);
                *run = Run {
                    text,
                    ..begin(run.start, wanted, voice, pace)
                };
            }
            _ => {
                let mut run = begin(index, wanted, voice, pace);
                run.text.push(c);
                runs.push(run);
            }
        }
        guest = wanted;
    }
    runs
}

fn begin(start: usize, guest: Option<&str>, voice: &Voice, pace: Pace) -> Run {
    let speed_percent = pace.speed_percent;
    let (engine_voice, rate) = match guest {
        None => (
            voice.provider_voice.to_owned(),
            engine_rate(voice.language, speed_percent),
        ),
        Some(language) => {
            let rate = match language {
                "cmn" => engine_rate(Language::Chinese, speed_percent),
                "ru" => engine_rate(Language::Russian, speed_percent),
                _ => VISITOR_RATE.saturating_mul(speed_percent) / 100,
            };
            (format!("{language}+{}", variant(voice)), rate)
        }
    };
    Run {
        start,
        text: String::new(),
        engine_voice,
        rate: pace.of(rate),
    }
}

/// The variant of the voice alone, so that a guest language is read by what sounds like the same person.
fn variant(voice: &Voice) -> &'static str {
    voice
        .provider_voice
        .split_once('+')
        .map_or("f2", |(_, variant)| variant)
}

/// The engine's language for a letter that `home` would spell.
fn guest_language(c: char, home: Language) -> Option<&'static str> {
    let language = match c {
        '\u{0370}'..='\u{03ff}' => "el",
        '\u{0400}'..='\u{052f}' => "ru",
        '\u{0590}'..='\u{05ff}' => "he",
        '\u{0600}'..='\u{06ff}' => "ar",
        '\u{0e00}'..='\u{0e7f}' => "th",
        '\u{3040}'..='\u{30ff}' => "ja",
        '\u{3400}'..='\u{9fff}' => "cmn",
        _ => return None,
    };
    let own = match home {
        Language::Chinese => "cmn",
        Language::Russian => "ru",
        Language::English | Language::Korean => "",
    };
    (language != own).then_some(language)
}

#[cfg(test)]
mod tests;
