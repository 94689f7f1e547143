//! Signs that are there for the eye: Markdown, tags of HTML, emoji, ornaments.

use crate::scan::Scan;

/// How many characters from here on are not said; 0 when what stands here is said.
pub(crate) fn unsaid(scan: Scan<'_>) -> usize {
    let Some(letter) = scan.peek(0) else { return 0 };
    match letter {
        '*' | '_' | '~' | '`' => emphasis(scan, letter),
        '#' | '>' | '-' | '+' if scan.begins_line() => line_start(scan, letter),
        '<' => tag(scan),
        '[' | ']' | '!' => link(scan, letter),
        other if is_ornament(other) => 1,
        _ => 0,
    }
}

/// Marks around words: together on one side of a word, or a fence of code.
fn emphasis(scan: Scan<'_>, mark: char) -> usize {
    let mut run = 0_usize;
    while scan.peek(run) == Some(mark) {
        run = run.saturating_add(1);
    }
    let before = scan.before();
    let after = scan.peek(run);
    let blank = |letter: Option<char>| letter.is_none_or(char::is_whitespace);
    match mark {
        '`' => run,
        // "3 * 4" and "a_b" are not marked.
        _ if blank(before)
            && blank(after)
            && run == 1
            && mark == '*'
            && before.is_some()
            && after.is_some() =>
        {
            0
        }
        '_' if run == 1
            && before.is_some_and(char::is_alphanumeric)
            && after.is_some_and(char::is_alphanumeric) =>
        {
            0
        }
        '~' if run == 1 => 0,
        '*' if run == 1
            && before.is_some_and(|letter| letter.is_ascii_digit())
            && after.is_some_and(|letter| letter.is_ascii_digit()) =>
        {
            0
        }
        _ => run,
    }
}

/// A heading, a quotation, a point of a list.
fn line_start(scan: Scan<'_>, mark: char) -> usize {
    let mut run = 0_usize;
    while scan.peek(run) == Some(mark) {
        run = run.saturating_add(1);
    }
    let spaced = scan.peek(run).is_some_and(char::is_whitespace);
    let several = run == 1 || mark == '#' || mark == '>';
    if spaced && several { run } else { 0 }
}

/// `<b>`, `</p>`, `<br/>`, `<speak rate="x">`.
fn tag(scan: Scan<'_>) -> usize {
    let first = match scan.peek(1) {
        Some('/') => scan.peek(2),
        other => other,
    };
    if !first.is_some_and(|letter| letter.is_ascii_alphabetic()) {
        return 0;
    }
    scan.find('>').map_or(0, |end| end.saturating_add(1))
}

/// `[text](address)` says its text; `![image](address)` too.
fn link(scan: Scan<'_>, mark: char) -> usize {
    match mark {
        '!' if scan.peek(1) == Some('[') => 2,
        ']' if scan.peek(1) == Some('(') => scan.find(')').map_or(1, |end| end.saturating_add(1)),
        '[' | ']' => 1,
        _ => 0,
    }
}

/// Emoji and their joiners, arrows, boxes, marks of ownership.
pub(crate) const fn is_ornament(letter: char) -> bool {
    matches!(letter,
        '\u{1f000}'..='\u{1faff}' | '\u{e0020}'..='\u{e007f}' | '\u{2190}'..='\u{21ff}' | '\u{2300}'..='\u{23ff}'
        | '\u{2500}'..='\u{27bf}' | '\u{2900}'..='\u{297f}' | '\u{2b00}'..='\u{2bff}' | '\u{fe00}'..='\u{fe0f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}'
        | '\u{20e3}' | '\u{feff}' | '\u{ad}' | '\u{e000}'..='\u{f8ff}' | '\u{3030}' | '\u{303d}'
        | '©' | '®' | '™' | '•' | '·' | '※' | '†' | '‡' | '¶' | '|' | '\\' | '^' | '{' | '}' | '¦' | '′' | '″')
}
