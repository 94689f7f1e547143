//! Names that this project does not use: one word per thing, as `docs/GLOSSARY.md` says.

use super::{files_below, read, report};

/// Words that no identifier and no file name may contain, with the word to use instead.
///
/// An identifier is read word by word: `FindDesk`, `find_desk` and `desks` contain `desk`.
const BANNED: &[(&str, &str)] = &[
    ("courier", "driver, delivery"),
    ("desk", "the service's own name"),
    ("dressing", "overlay"),
    ("film", "video, clip, frames"),
    ("goods", "item of the catalogue"),
    ("obstacle", "refusal"),
    ("parcel", "lot"),
    ("patience", "backoff"),
    ("picture", "image"),
    ("scenery", "sample images"),
    ("shop", "payment provider, its state"),
    ("story", "scenario"),
    ("till", "payment provider"),
    ("vendor", "provider"),
    ("wish", "request, brief"),
    ("young", "recent"),
];

/// Identifiers that contain a banned word and are right, with the reason.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("PictureInPicture", "the field's term for that layout"),
    ("picture_in_picture", "the field's term for that layout"),
];

/// Banned words that are right in one file, with the reason.
const EXCEPTIONS_OF_FILES: &[(&str, &str, &str)] = &[
    (
        "infra/tools/encode_frames.c",
        "picture",
        "x264's own structure and functions",
    ),
    (
        "shared/local-providers/src/script/ideas.rs",
        "desk",
        "a desk in an image",
    ),
    (
        "shared/intake/src/verdict.rs",
        "picture",
        "what ffmpeg says of an image that is too large",
    ),
    ("shared/spoken-text/src/address.rs", "shop", "a top-level domain"),
];

/// Words of the glossary's second column that have another meaning of their own here, so that a test cannot tell the
/// wrong use from a right one.
const OTHER_MEANINGS: &[&str] = &[
    "admin",
    "artefact",
    "attempt",
    "bill",
    "capture",
    "coin",
    "commit",
    "compose",
    "doubt",
    "draw",
    "drawing",
    "estimate",
    "fingerprint",
    "footage",
    "freeze",
    "kept",
    "adopted",
    "letter",
    "movement",
    "order",
    "package",
    "permission",
    "principal",
    "product",
    "refund",
    "reservation",
    "result",
    "round",
    "share",
    "stage",
    "subtitle",
    "task",
    "tenant",
    "tier",
    "token",
    "unfreeze",
    "user",
    "verdict",
    "visit",
    "volume",
    "workflow",
];

/// Identifiers of a program's text, with their line numbers; words in strings and comments count too.
fn identifiers(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines = text.lines().enumerate();
    lines.flat_map(|(line, text)| {
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '_');
        words
            .filter(|word| !word.is_empty())
            .map(move |word| (line + 1, word))
    })
}

/// Words of an identifier, in lower case: `FindDesk` and `find_desk` are `find` and `desk`.
fn words(identifier: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut was_lower = false;
    for letter in identifier.chars() {
        if letter == '_' || letter == '-' || letter == '.' || (letter.is_uppercase() && was_lower) {
            words.push(String::new());
        }
        was_lower = letter.is_lowercase();
        if let Some(word) = words.last_mut().filter(|_| letter.is_alphanumeric()) {
            word.extend(letter.to_lowercase());
        }
    }
    words
}

/// The banned word in an identifier, and what to say instead.
fn banned(identifier: &str) -> Option<(&'static str, &'static str)> {
    if EXCEPTIONS.iter().any(|(name, _)| *name == identifier) {
        return None;
    }
    let words = words(identifier);
    let is_in = |name: &str| {
        words
            .iter()
            .any(|word| word == name || word.strip_suffix('s') == Some(name))
    };
    BANNED.iter().copied().find(|(name, _)| is_in(name))
}

fn problems_of(path: &str, text: &str) -> Vec<String> {
    let found = identifiers(text).filter_map(|(line, identifier)| {
        let (name, instead) = banned(identifier)?;
        let is_right = EXCEPTIONS_OF_FILES
            .iter()
            .any(|(file, word, _)| (*file, *word) == (path, name));
        (!is_right).then(|| format!("{path}:{line}: `{identifier}` says `{name}`; say {instead}"))
    });
    found.collect()
}

#[test]
fn no_name_is_banned() {
    let mut problems = Vec::new();
    for folder in ["functions", "shared", "tests", "infra", "statemachines", "events"] {
        for path in files_below(folder, &[".rs", ".py", ".toml", ".c", ".yaml", ".json", ".snap"]) {
            let file = path.rsplit('/').next().unwrap_or_default();
            if let Some((name, instead)) = banned(file) {
                problems.push(format!("{path}: the file's name says `{name}`; say {instead}"));
            }
            // The list itself has to name them.
            let is_program = [".rs", ".py", ".c"].iter().any(|ending| path.ends_with(ending));
            if is_program && path != "tests/tidy/names.rs" {
                problems.extend(problems_of(&path, &read(&path)));
            }
        }
    }
    report(&problems);
}

#[test]
fn a_banned_name_is_found_with_its_file_and_line() {
    let text = "/// Its desk.\nlet find_desk = 1;\nstruct PaymentDesks;\nlet deskew = PictureInPicture;";
    assert_eq!(
        problems_of("a.rs", text),
        [
            "a.rs:1: `desk` says `desk`; say the service's own name",
            "a.rs:2: `find_desk` says `desk`; say the service's own name",
            "a.rs:3: `PaymentDesks` says `desk`; say the service's own name",
        ]
    );
    assert_eq!(banned("post_office.rs"), None);
    assert_eq!(banned("vendor-calls.json").map(|(name, _)| name), Some("vendor"));
}

#[test]
fn every_word_that_the_glossary_rejects_is_banned_or_has_another_meaning() {
    let glossary = read("docs/GLOSSARY.md");
    let rows = glossary.lines().filter(|line| line.starts_with("| "));
    let rejected = rows.filter_map(|row| row.split('|').nth(2));
    let single = rejected
        .flat_map(|column| column.split(','))
        .map(str::trim)
        // A word with a blank is a phrase: nobody writes it in an identifier.
        .filter(|word| !word.is_empty() && !word.contains([' ', '-']) && *word != "not");
    let is_known =
        |word: &str| BANNED.iter().any(|(name, _)| *name == word) || OTHER_MEANINGS.contains(&word);
    let problems: Vec<String> = single
        .filter(|word| !is_known(word))
        .map(|word| format!("docs/GLOSSARY.md rejects `{word}`, and tests/tidy/names.rs does not know it"))
        .collect();
    report(&problems);
}
