//! Odd texts of strangers, and what is said for them.

use super::*;

fn said(text: &str, language: Language) -> String {
    let words = spoken(text, language).text;
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[track_caller]
fn all(language: Language, rows: &[(&str, &str)]) {
    let wrong: Vec<String> = rows
        .iter()
        .map(|(shown, wanted)| (shown, wanted, said(shown, language)))
        .filter(|(_, wanted, seen)| *wanted != seen)
        .map(|(shown, wanted, seen)| format!("\n{shown}\n  wanted {wanted}\n  seen   {seen}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.concat());
}

mod english;
mod everywhere;
mod others;
