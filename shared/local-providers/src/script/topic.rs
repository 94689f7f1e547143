//! A keyword as a language says it: its shape, its forms inside sentences, and templates filled with them.

/// What one does with a topic.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Understand it: "how bees make honey".
    Learning,
    /// Do it: "packing for a holiday".
    Doing,
}

/// A keyword that a language has read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Topic {
    /// What one does with it.
    pub(super) purpose: Purpose,
    /// How many points the keyword itself promises ("5 tips for ...").
    pub(super) count: Option<u32>,
    /// Title of the video, without the promise of a number.
    pub(super) title: String,
    /// Slot of a template, and the keyword's form there.
    pub(super) forms: Vec<(&'static str, String)>,
    /// The same slots with a pronoun, for a keyword that is too long to be repeated.
    pub(super) pronouns: Vec<(&'static str, String)>,
}

/// Marks after which a template's own mark would be one too many.
const CLOSING_MARKS: &[char] = &['.', '!', '?', '。', '！', '？', '…'];
/// Marks of a template that give way.
const YIELDING_MARKS: &[char] = &['.', ',', ':', '?', '!', '。', '，', '：', '？', '！'];

/// Fills the slots of a template; a slot that is not among `forms` becomes nothing.
///
/// A form that ends like a sentence swallows the mark behind its slot, and the next word then begins one; a quoted
/// sentence swallows only the last mark.
pub(super) fn fill(template: &str, forms: &[(&'static str, String)]) -> String {
    let mut text = String::new();
    let mut rest = template;
    let mut begins_sentence = false;
    while let Some((before, after)) = rest.split_once('{') {
        text.push_str(&if begins_sentence {
            next_sentence(before)
        } else {
            before.to_owned()
        });
        let (slot, behind) = after.split_once('}').unwrap_or((after, ""));
        let form = forms
            .iter()
            .find(|(name, _)| *name == slot)
            .map_or("", |(_, form)| form.as_str());
        text.push_str(form);
        begins_sentence = form.ends_with(CLOSING_MARKS);
        let quoted_end = form
            .trim_end_matches(['"', '”', '»', '’'])
            .ends_with(CLOSING_MARKS);
        rest = match behind.strip_prefix(YIELDING_MARKS) {
            Some(shorter) if begins_sentence || (quoted_end && shorter.is_empty()) => shorter,
            _ => behind,
        };
    }
    text.push_str(&if begins_sentence {
        next_sentence(rest)
    } else {
        rest.to_owned()
    });
    text
}

/// What follows a form that ended a sentence begins the next one.
fn next_sentence(part: &str) -> String {
    match part.strip_prefix(' ') {
        Some(words) => format!(" {}", capitalised(words)),
        None => part.to_owned(),
    }
}

/// With a capital first, unless the word has capitals of its own ("iPhone").
pub(super) fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.clone().next()) {
        (Some(first), second) if !second.is_some_and(char::is_uppercase) => {
            first.to_uppercase().chain(chars).collect()
        }
        _ => text.to_owned(),
    }
}

/// With a small letter first, unless the word is in capitals ("NASA").
pub(super) fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.clone().next()) {
        (Some(first), second) if !second.is_some_and(char::is_uppercase) => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => text.to_owned(),
    }
}

/// The first number that stands right before one of the counted words ("5가지", "3个", "7 советов").
pub(super) fn number_before(text: &str, counted: &[&str]) -> Option<u32> {
    let start = text.find(|c: char| c.is_ascii_digit())?;
    let (_, from) = text.split_at_checked(start)?;
    let end = from.find(|c: char| !c.is_ascii_digit())?;
    let (digits, behind) = from.split_at_checked(end)?;
    let behind = behind.trim_start();
    counted
        .iter()
        .any(|word| behind.starts_with(word))
        .then(|| digits.parse().ok())
        .flatten()
}

/// At most `chars_max` characters, cut at a word where there is one, with an ellipsis.
pub(super) fn shortened(text: &str, chars_max: usize) -> String {
    if text.chars().count() <= chars_max {
        return text.to_owned();
    }
    let head: String = text.chars().take(chars_max.saturating_sub(1)).collect();
    let cut = match head.rsplit_once(' ') {
        Some((words, _)) if words.chars().count() > chars_max / 2 => words,
        _ => head.as_str(),
    };
    format!("{}…", cut.trim_end_matches([' ', ',', '.', ':', ';', '-']))
}

#[cfg(test)]
mod tests;
