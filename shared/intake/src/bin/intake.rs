//! Looks at uploads from the command line.
//!
//! ```text
//! intake [--tools DIR] inspect FILE [PURPOSE]
//! intake [--tools DIR] prepare PURPOSE FILE OUT
//! ```
//!
//! A purpose is a word such as `cover`; the tools are those of `make tools` unless `--tools` names a folder.
//! It ends with 0 and a description on standard output, with 1 when the file is refused or the work failed, and with 2
//! when its arguments are wrong; a failed `prepare` leaves nothing at OUT.

use std::error::Error;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use domain::asset::UploadPurpose;
use engine::Tools;
use intake::{Inspection, inspect, prepare};

const USAGE: &str = "usage: intake [--tools DIR] inspect FILE [PURPOSE]
       intake [--tools DIR] prepare PURPOSE FILE OUT
purposes: avatar, background, music, cover, lip_sync_video, lip_sync_audio";

/// Exit code of a call that names no work.
const WRONG_ARGUMENTS: u8 = 2;
/// Where `make tools` puts them.
const DEFAULT_TOOLS: &str = ".local/tools";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let (tools, words) = match words.as_slice() {
        ["--tools", folder, rest @ ..] => (*folder, rest),
        rest => (DEFAULT_TOOLS, rest),
    };
    let tools = Tools::in_folder(Path::new(tools));
    let Some(work) = Work::parse(words) else {
        drop(writeln!(io::stderr(), "{USAGE}"));
        return ExitCode::from(WRONG_ARGUMENTS);
    };
    match work.run(&tools).and_then(|found| print(&found)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            drop(writeln!(io::stderr(), "{error}"));
            ExitCode::FAILURE
        }
    }
}

/// What is asked for.
enum Work<'a> {
    Inspect(&'a str, Option<UploadPurpose>),
    Prepare(UploadPurpose, &'a str, &'a str),
}

impl<'a> Work<'a> {
    fn parse(words: &[&'a str]) -> Option<Self> {
        let purpose = |word: &str| serde_json::from_value(word.into()).ok();
        match words {
            ["inspect", file] => Some(Self::Inspect(file, None)),
            ["inspect", file, word] => Some(Self::Inspect(file, Some(purpose(word)?))),
            ["prepare", word, file, out] => Some(Self::Prepare(purpose(word)?, file, out)),
            _ => None,
        }
    }

    fn run(self, tools: &Tools) -> Result<Inspection, Box<dyn Error>> {
        Ok(match self {
            Self::Inspect(file, purpose) => inspect(tools, Path::new(file), purpose)?,
            Self::Prepare(purpose, file, out) => prepare(tools, Path::new(file), purpose, Path::new(out))?,
        })
    }
}

fn print(found: &Inspection) -> Result<(), Box<dyn Error>> {
    writeln!(io::stdout(), "{}", serde_json::to_string_pretty(found)?)?;
    Ok(())
}
