//! The engine as a command: compose a video, check one, draw a card, write what the encoder gets.
//!
//! ```text
//! engine [--tools DIR] compose SPEC.json OUT.mp4 [THUMBNAIL.jpg]
//! engine [--tools DIR] check VIDEO.mp4 [SPEC.json [THUMBNAIL.jpg]]
//! engine [--tools DIR] inspect FILE [KIND]
//! engine [--tools DIR] prepare KIND FILE OUT
//! engine [--tools DIR] card CARD.json OUT.png
//! engine [--tools DIR] gallery OUT.png|OUT.jpg
//! engine templates
//! engine fill NAME|TEMPLATE.json VALUES.json
//! engine [--tools DIR] subtitles SPEC.json OUT.srt|OUT.vtt
//! engine [--tools DIR] parts SPEC.json FOLDER
//! ```
//!
//! The report goes to standard output as JSON, progress and errors to standard error.
//! Exit codes: 0 done, 1 failed or a check that did not pass, 2 wrong arguments.

use std::error::Error;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use engine::cards::{self, Card};
use engine::{
    AssetKind, Composition, EngineError, Expectation, Fonts, Template, Tools, Values, check,
    check_composition, compose, gallery, inspect, parts, prepare, probe, subtitles, thumbnail,
};
use serde::Serialize;

const USAGE: &str = "usage: engine [--tools DIR] compose SPEC.json OUT.mp4 [THUMBNAIL.jpg]
       engine [--tools DIR] check VIDEO.mp4 [SPEC.json [THUMBNAIL.jpg]]
       engine [--tools DIR] inspect FILE [KIND]
       engine [--tools DIR] prepare KIND FILE OUT
       engine [--tools DIR] card CARD.json OUT.png
       engine [--tools DIR] gallery OUT.png|OUT.jpg
       engine templates
       engine fill NAME|TEMPLATE.json VALUES.json
       engine [--tools DIR] subtitles SPEC.json OUT.srt|OUT.vtt
       engine [--tools DIR] parts SPEC.json FOLDER";

/// Where `make tools` puts ffmpeg and the fonts.
const DEFAULT_TOOLS: &str = ".local/tools";

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let mut folder = PathBuf::from(DEFAULT_TOOLS);
    if arguments.first().is_some_and(|first| first == "--tools") && arguments.len() > 1 {
        folder = arguments.drain(..2).nth(1).map_or(folder, PathBuf::from);
    }
    let tools = Tools::in_folder(&folder);
    let parts: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match *parts {
        ["compose", spec, out] => run_compose(&tools, Path::new(spec), Path::new(out), None),
        ["compose", spec, out, cover] => {
            run_compose(&tools, Path::new(spec), Path::new(out), Some(Path::new(cover)))
        }
        ["check", video] => run_check(&tools, Path::new(video), None, None),
        ["check", video, spec] => run_check(&tools, Path::new(video), Some(Path::new(spec)), None),
        ["check", video, spec, cover] => run_check(
            &tools,
            Path::new(video),
            Some(Path::new(spec)),
            Some(Path::new(cover)),
        ),
        ["inspect", file] => run_inspect(&tools, Path::new(file), None),
        ["inspect", file, kind] => run_inspect(&tools, Path::new(file), Some(kind)),
        ["prepare", kind, file, out] => run_prepare(&tools, kind, Path::new(file), Path::new(out)),
        ["parts", spec, folder] => run_parts(&tools, Path::new(spec), Path::new(folder)),
        ["gallery", out] => gallery(&tools, Path::new(out)).map(|()| true).map_err(Into::into),
        ["templates"] => print(&Template::all()).map(|()| true),
        ["fill", template, values] => run_fill(template, Path::new(values)),
        ["subtitles", spec, out] => run_subtitles(&tools, Path::new(spec), Path::new(out)),
        ["card", spec, out] => run_card(&tools, Path::new(spec), Path::new(out)),
        _ => {
            say(USAGE);
            return ExitCode::from(2);
        }
    };
    match outcome {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            let mut text = error.to_string();
            let mut cause = error.source();
            while let Some(source) = cause {
                text = format!("{text}: {source}");
                cause = source.source();
            }
            say(&text);
            ExitCode::FAILURE
        }
    }
}

fn run_compose(tools: &Tools, spec: &Path, out: &Path, cover: Option<&Path>) -> Result<bool, Box<dyn Error>> {
    let composition = Composition::from_json(&fs::read_to_string(spec)?)?;
    let report = compose(tools, &composition, out, &mut |percent| {
        if percent % 10 == 0 {
            say(&format!("{percent} %"));
        }
    })?;
    if let Some(cover) = cover {
        thumbnail(tools, out, cover)?;
    }
    print(&report)?;
    Ok(true)
}

/// Without a specification the file is compared with its own shape, and with what every short must be.
fn run_check(
    tools: &Tools,
    video: &Path,
    spec: Option<&Path>,
    cover: Option<&Path>,
) -> Result<bool, Box<dyn Error>> {
    let report = match spec {
        Some(spec) => {
            let composition = Composition::from_json(&fs::read_to_string(spec)?)?;
            check_composition(tools, video, &composition, cover)?
        }
        None => check(tools, video, &own_shape(tools, video)?)?,
    };
    print(&report)?;
    Ok(report.passed)
}

/// What an upload is, against the rules of a kind such as `cover` when one is named.
fn run_inspect(tools: &Tools, file: &Path, kind: Option<&str>) -> Result<bool, Box<dyn Error>> {
    let kind = kind.map(asset_kind).transpose()?;
    print(&inspect(tools, file, kind)?)?;
    Ok(true)
}

/// What the compositor takes of an upload.
fn run_prepare(tools: &Tools, kind: &str, file: &Path, out: &Path) -> Result<bool, Box<dyn Error>> {
    print(&prepare(tools, file, asset_kind(kind)?, out)?)?;
    Ok(true)
}

fn asset_kind(name: &str) -> Result<AssetKind, serde_json::Error> {
    serde_json::from_value(name.into())
}

fn own_shape(tools: &Tools, video: &Path) -> Result<Expectation, EngineError> {
    let shape = probe(tools, video)?;
    let stream = shape.video.unwrap_or_default();
    Ok(Expectation {
        duration_ms: shape.duration_ms,
        width: stream.width,
        height: stream.height,
        ..Expectation::any_short()
    })
}

/// A template that is built in by its name, or one from a file.
fn run_fill(template: &str, values: &Path) -> Result<bool, Box<dyn Error>> {
    let own;
    let template = if let Some(built_in) = Template::named(template) {
        built_in
    } else {
        own = Template::from_json(&fs::read_to_string(template)?)?;
        &own
    };
    let values: Values = serde_json::from_str(&fs::read_to_string(values)?)?;
    print(&template.fill(&values)?)?;
    Ok(true)
}

/// For measuring and comparing: raw frames, the mix, and the encoder's arguments for them.
fn run_parts(tools: &Tools, spec: &Path, folder: &Path) -> Result<bool, Box<dyn Error>> {
    let composition = Composition::from_json(&fs::read_to_string(spec)?)?;
    print(&parts(tools, &composition, folder)?)?;
    Ok(true)
}

/// `WebVTT` for `.vtt`, else `SubRip`.
fn run_subtitles(tools: &Tools, spec: &Path, out: &Path) -> Result<bool, Box<dyn Error>> {
    let composition = Composition::from_json(&fs::read_to_string(spec)?)?;
    let cues = subtitles(tools, &composition)?;
    let is_vtt = out.extension().is_some_and(|ending| ending == "vtt");
    fs::write(out, if is_vtt { cues.to_vtt() } else { cues.to_srt() })?;
    Ok(true)
}

fn run_card(tools: &Tools, spec: &Path, out: &Path) -> Result<bool, Box<dyn Error>> {
    let card: Card = serde_json::from_str(&fs::read_to_string(spec)?)?;
    let mut fonts = Fonts::load(&tools.fonts_dir, &card.language)?;
    cards::save_png(&cards::draw(&mut fonts, &card)?, out)?;
    Ok(true)
}

fn print(report: &impl Serialize) -> Result<(), Box<dyn Error>> {
    writeln!(io::stdout(), "{}", serde_json::to_string_pretty(report)?)?;
    Ok(())
}

/// Nothing can be done about a closed standard error.
fn say(text: &str) {
    drop(writeln!(io::stderr(), "{text}"));
}
