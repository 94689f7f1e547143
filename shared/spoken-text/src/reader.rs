//! Walks through a text and asks at each place what is said there.

use crate::address::address;
use crate::figure::{begins, figure};
use crate::markup::{is_ornament, unsaid};
use crate::scan::Scan;
use crate::spans::{Builder, Spoken};
use crate::tongue::{Said, Tongue};

/// Marks that a voice reads as pauses or melody, and never names.
const MARKS: &str = ".,!?;:…'\"“”‘’«»„()-–—。，！？；：、（）《》〈〉「」『』‧،؟؛।۔";

/// The spoken form of a text.
pub(crate) fn read(text: &str, tongue: &Tongue) -> Spoken {
    let chars: Vec<char> = text.chars().map(plain).collect();
    let mut scan = Scan::new(&chars);
    let mut out = Builder::default();
    while let Some(letter) = scan.peek(0) {
        if let Some((words, length)) = said(scan, tongue) {
            put(&mut out, scan.ahead(length.max(1)), &words, tongue);
            scan.skip(length.max(1));
            continue;
        }
        let joined = out.is_replaced()
            && out.last().is_some_and(char::is_alphanumeric)
            && letter.is_alphanumeric()
            && !tongue.gap.is_empty()
            && !is_unspaced(letter);
        if joined {
            out.put(&[], " ");
        }
        out.keep(letter);
        scan.skip(1);
    }
    out.finish()
}

/// What is said here instead of what stands here; `None` when it is said as it is.
fn said(scan: Scan<'_>, tongue: &Tongue) -> Option<Said> {
    let letter = scan.peek(0)?;
    // An address may begin with a digit and hold every sign there is.
    if let Some(found) = address(scan, tongue) {
        return Some(found);
    }
    if begins(scan, tongue)
        && let Some(found) = figure(scan, tongue)
    {
        return Some(found);
    }
    if let Some((length, words)) = (tongue.word)(scan) {
        return Some((words, length));
    }
    match unsaid(scan) {
        0 => {}
        length => return Some((String::new(), length)),
    }
    symbol(scan, letter, tongue)
}

fn symbol(scan: Scan<'_>, letter: char, tongue: &Tongue) -> Option<Said> {
    if letter.is_whitespace() || MARKS.contains(letter) || letter.is_alphabetic() && !is_ornament(letter) {
        return None;
    }
    let named = tongue.symbols.iter().find(|(sign, _)| *sign == letter);
    let words = named.map_or("", |(_, words)| *words);
    // "#travel" is said without its sign, "#1" is number one.
    let is_tag = letter == '#' && !scan.peek(1).is_some_and(|next| next.is_ascii_digit());
    let is_handle = letter == '@' && !scan.before().is_some_and(char::is_alphanumeric);
    Some(if is_tag || is_handle || words.is_empty() {
        // A combining mark belongs to its letter.
        if words.is_empty() && is_mark(letter) {
            return None;
        }
        (
            if letter == '/' {
                " ".to_owned()
            } else {
                String::new()
            },
            1,
        )
    } else {
        (words.to_owned(), 1)
    })
}

/// Adds words, with a space where they would grow together with what stands before them.
fn put(out: &mut Builder, shown: &[char], words: &str, tongue: &Tongue) {
    let first = words.chars().next();
    let touches = out.last().is_some_and(char::is_alphanumeric)
        && first.is_some_and(char::is_alphanumeric)
        && !tongue.gap.is_empty();
    if touches {
        out.put(shown, &format!(" {words}"));
    } else {
        out.put(shown, words);
    }
}

/// Full-width digits and signs as their plain ones.
fn plain(letter: char) -> char {
    match letter {
        '０'..='９' | '＃'..='／' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ' | '＝' | '＠' | '＋'
            if letter != '，' && letter != '（' && letter != '）' =>
        {
            u32::from(letter)
                .checked_sub(0xfee0)
                .and_then(char::from_u32)
                .unwrap_or(letter)
        }
        '￥' => '¥',
        '￦' => '₩',
        '￡' => '£',
        other => other,
    }
}

/// Hangul, Han and Kana follow a number without a space.
const fn is_unspaced(letter: char) -> bool {
    matches!(letter, '\u{1100}'..='\u{11ff}' | '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
}

/// Marks that stand on the letter before them, in any script of ours.
const fn is_mark(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}'
        | '\u{900}'..='\u{903}' | '\u{93a}'..='\u{94f}' | '\u{962}'..='\u{963}' | '\u{e31}' | '\u{e34}'..='\u{e3a}'
        | '\u{e47}'..='\u{e4e}')
}

/// The value of a Roman numeral in capitals; `None` for letters that are none.
pub(crate) fn roman(letters: &str) -> Option<u64> {
    const STEPS: [(u64, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let (mut rest, mut value) = (letters, 0_u64);
    for (step, sign) in STEPS {
        while let Some(shorter) = rest.strip_prefix(sign) {
            value = value.saturating_add(step);
            rest = shorter;
        }
    }
    // Written back, it must be the same: IIII and VX are none.
    let mut written = String::new();
    let mut left = value;
    for (step, sign) in STEPS {
        while left >= step {
            written.push_str(sign);
            left = left.saturating_sub(step);
        }
    }
    (value > 0 && written == letters).then_some(value)
}
