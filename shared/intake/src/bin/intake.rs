//! Looks at uploads from the command line.
//!
//! ```text
//! intake [--tools DIR] inspect FILE [PURPOSE]
//! intake [--tools DIR] prepare PURPOSE FILE OUT
//! ```
//!
//! A purpose is a word such as `cover`; the tools are those of `make tools` unless `--tools` names a folder.

use std::error::Error;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use domain::asset::UploadPurpose;
use engine::Tools;
use intake::{Inspection, inspect, prepare};

const USAGE: &str = "usage: intake [--tools DIR] inspect FILE [PURPOSE]
       intake [--tools DIR] prepare PURPOSE FILE OUT";

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
    let outcome = match words {
        ["inspect", file] => inspected(&tools, file, None),
        ["inspect", file, purpose] => inspected(&tools, file, Some(purpose)),
        ["prepare", purpose, file, out] => prepared(&tools, purpose, file, out),
        _ => Err(USAGE.into()),
    };
    match outcome.and_then(|found| print(&found)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            drop(writeln!(io::stderr(), "{error}"));
            ExitCode::FAILURE
        }
    }
}

/// What an upload is, against the rules of a purpose when one is named.
fn inspected(tools: &Tools, file: &str, purpose: Option<&str>) -> Result<Inspection, Box<dyn Error>> {
    let purpose = purpose.map(parsed).transpose()?;
    Ok(inspect(tools, Path::new(file), purpose)?)
}

/// What the compositor takes of an upload.
fn prepared(tools: &Tools, purpose: &str, file: &str, out: &str) -> Result<Inspection, Box<dyn Error>> {
    Ok(prepare(tools, Path::new(file), parsed(purpose)?, Path::new(out))?)
}

fn parsed(purpose: &str) -> Result<UploadPurpose, serde_json::Error> {
    serde_json::from_value(purpose.into())
}

fn print(found: &Inspection) -> Result<(), Box<dyn Error>> {
    writeln!(io::stdout(), "{}", serde_json::to_string_pretty(found)?)?;
    Ok(())
}
