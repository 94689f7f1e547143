//! Addresses of pages and of people: a voice says the host, nobody wants to hear the path.

use crate::scan::Scan;
use crate::tongue::{Said, Tongue};

/// Ends of host names that are taken for an address without `https://` or `www.` before them.
const ENDS: &[&str] = &[
    "com", "org", "net", "edu", "gov", "io", "ai", "app", "dev", "co", "tv", "me", "info", "biz", "shop",
    "store", "kr", "cn", "ru", "uk", "us", "eu", "de", "fr", "jp", "in", "рф",
];

/// What is said for an address that begins here, and how many characters it is.
pub(crate) fn address(start: Scan<'_>, tongue: &Tongue) -> Option<Said> {
    if !starts(start) {
        return None;
    }
    let mut scan = start;
    let named = scan.eat("https://") || scan.eat("http://");
    let www = scan.eat("www.");
    let before = scan.at;
    let mut name = scan.take_while(is_host_letter);
    let person = if !named && !www && scan.peek(0) == Some('@') {
        scan.skip(1);
        Some(std::mem::replace(&mut name, scan.take_while(is_host_letter)))
    } else {
        None
    };
    // A full stop behind an address ends the sentence.
    let bare = name.trim_end_matches(['.', '-']);
    let cut = name.chars().count().saturating_sub(bare.chars().count());
    let labels: Vec<&str> = bare.split('.').collect();
    let known = labels
        .last()
        .is_some_and(|end| ENDS.contains(&end.to_lowercase().as_str()));
    let whole = labels.len() >= 2 && labels.iter().all(|label| !label.is_empty());
    if !whole || !(named || www || known) || scan.at == before {
        return None;
    }
    let mut length = scan.at.saturating_sub(start.at).saturating_sub(cut);
    if cut == 0 {
        length = length.saturating_add(path(scan));
    }
    let gap = tongue.gap;
    let host = said(&labels, tongue.dot, gap);
    let words = match person {
        Some(person) => {
            let parts: Vec<&str> = person
                .split(['.', '_', '+', '-'])
                .filter(|part| !part.is_empty())
                .collect();
            let person = said(&parts, tongue.dot, gap);
            format!("{person}{gap}{}{gap}{host}", tongue.at)
        }
        None => host,
    };
    Some((words, length))
}

fn starts(scan: Scan<'_>) -> bool {
    let before = scan.before();
    let free = !before.is_some_and(|letter| is_host_letter(letter) || letter == '@' || letter == '/');
    free && scan.peek(0).is_some_and(char::is_alphanumeric)
}

/// The characters of a path behind a host, without the marks that end the sentence.
fn path(mut scan: Scan<'_>) -> usize {
    if !matches!(scan.peek(0), Some('/' | '?' | '#' | ':')) || scan.peek(1).is_none_or(char::is_whitespace) {
        return usize::from(scan.peek(0) == Some('/'));
    }
    let path = scan.take_while(|letter| letter.is_ascii_graphic() && !matches!(letter, '<' | '>' | '"'));
    path.trim_end_matches(['.', ',', '!', '?', ';', ':', ')', '\''])
        .chars()
        .count()
}

const fn is_host_letter(letter: char) -> bool {
    letter.is_ascii_alphanumeric() || matches!(letter, '.' | '-' | '_' | '+' | '\u{400}'..='\u{52f}')
}

fn said(labels: &[&str], dot: &str, gap: &str) -> String {
    let labels: Vec<String> = labels
        .iter()
        .map(|label| label.replace(['-', '_'], " "))
        .collect();
    labels.join(&format!("{gap}{dot}{gap}"))
}
