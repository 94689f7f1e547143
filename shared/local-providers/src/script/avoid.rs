//! Phrases that a brand does not want to hear.

/// The phrases to avoid, ready to be looked for.
#[derive(Debug, Clone, Default)]
pub(super) struct Avoid {
    phrases: Vec<String>,
}

impl Avoid {
    /// Reads the brand's list.
    pub(super) fn new(phrases: &[String]) -> Self {
        Self {
            phrases: phrases
                .iter()
                .map(|p| folded(p))
                .filter(|p| !p.is_empty())
                .collect(),
        }
    }

    /// Whether a text is free of all of them, whatever the case of its letters.
    ///
    /// A phrase of letters is looked for as whole words ("cat" is not in "education"), except in scripts that join
    /// words or their particles.
    pub(super) fn allows(&self, text: &str) -> bool {
        let text = folded(text);
        !self.phrases.iter().any(|phrase| holds(&text, phrase))
    }
}

fn folded(text: &str) -> String {
    text.split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_lowercase()
}

fn holds(text: &str, phrase: &str) -> bool {
    text.match_indices(phrase).any(|(start, found)| {
        let (before, rest) = text.split_at_checked(start).unwrap_or((text, ""));
        let after = rest.get(found.len()..).unwrap_or_default();
        let opens = !joined(before.chars().next_back(), phrase.chars().next());
        let closes = !joined(phrase.chars().next_back(), after.chars().next());
        opens && closes
    })
}

/// Whether two neighbours belong to one word.
fn joined(left: Option<char>, right: Option<char>) -> bool {
    match (left, right) {
        (Some(left), Some(right)) => spaced_letter(left) && spaced_letter(right),
        _ => false,
    }
}

/// Letters of scripts that put spaces between words and nothing on their ends.
fn spaced_letter(c: char) -> bool {
    c.is_alphanumeric() && u32::from(c) < 0x0e00
}

#[cfg(test)]
mod tests;
