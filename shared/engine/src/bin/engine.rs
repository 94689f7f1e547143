//! The engine as a command: compose a video, check one, draw a card, write what the encoder gets.
//!
//! ```text
//! engine [--tools DIR] compose [--cache DIR] SPEC.json OUT.mp4 [THUMBNAIL.jpg]
//! engine [--tools DIR] preview [--cache DIR] SPEC.json OUT.mp4
//! engine chunks plan [--chunk-ms N] SPEC.json
//! engine [--tools DIR] chunks render [--chunk-ms N] [--cache DIR] SPEC.json NUMBER OUT.flv
//! engine [--tools DIR] chunks join [--chunk-ms N] SPEC.json OUT.mp4 CHUNK.flv...
//! engine [--tools DIR] check VIDEO.mp4 [SPEC.json [THUMBNAIL.jpg]]
//! engine [--tools DIR] card CARD.json OUT.png
//! engine [--tools DIR] gallery OUT.png|OUT.jpg
//! engine templates
//! engine fill NAME|TEMPLATE.json VALUES.json
//! engine [--tools DIR] subtitles SPEC.json OUT.srt|OUT.vtt
//! engine [--tools DIR] parts SPEC.json FOLDER
//! ```
//!
//! With a cache, only scenes that changed are rendered again; it is a folder of at most 2 GB, `--cache-mb N` is another limit.
//! Chunks of a long video are rendered by as many machines as there are; each is 60 s long, or `--chunk-ms`.
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
    Chunk, Composition, EngineError, Expectation, Fonts, Report, SegmentCache, Template, Tools, Values,
    check, check_composition, compose, compose_cached, gallery, join_chunks, parts, plan_chunks, probe,
    render_chunk, subtitles, thumbnail,
};
use serde::Serialize;

const USAGE: &str = "usage: engine [--tools DIR] compose [--cache DIR] SPEC.json OUT.mp4 [THUMBNAIL.jpg]
       engine [--tools DIR] preview [--cache DIR] SPEC.json OUT.mp4
       engine chunks plan [--chunk-ms N] SPEC.json
       engine [--tools DIR] chunks render [--chunk-ms N] [--cache DIR] SPEC.json NUMBER OUT.flv
       engine [--tools DIR] chunks join [--chunk-ms N] SPEC.json OUT.mp4 CHUNK.flv...
       engine [--tools DIR] check VIDEO.mp4 [SPEC.json [THUMBNAIL.jpg]]
       engine [--tools DIR] card CARD.json OUT.png
       engine [--tools DIR] gallery OUT.png|OUT.jpg
       engine templates
       engine fill NAME|TEMPLATE.json VALUES.json
       engine [--tools DIR] subtitles SPEC.json OUT.srt|OUT.vtt
       engine [--tools DIR] parts SPEC.json FOLDER";

/// Where `make tools` puts ffmpeg and the fonts.
const DEFAULT_TOOLS: &str = ".local/tools";
/// A Lambda function renders it in a part of its time.
const CHUNK_MS_USUAL: u64 = 60_000;

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let Some(options) = Options::taken_from(&mut arguments) else {
        say(USAGE);
        return ExitCode::from(2);
    };
    let tools = Tools::in_folder(&options.tools);
    let parts: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match *parts {
        ["compose", spec, out] => run_compose((&tools, &options), spec, out, None),
        ["compose", spec, out, cover] => run_compose((&tools, &options), spec, out, Some(cover)),
        ["preview", spec, out] => run_preview((&tools, &options), spec, out),
        ["chunks", "plan", spec] => run_plan(&options, spec),
        ["chunks", "render", spec, number, out] => run_chunk((&tools, &options), spec, number, out),
        ["chunks", "join", spec, out, ref chunks @ ..] => run_join((&tools, &options), spec, out, chunks),
        ["check", video] => run_check(&tools, Path::new(video), None, None),
        ["check", video, spec] => run_check(&tools, Path::new(video), Some(Path::new(spec)), None),
        ["check", video, spec, cover] => run_check(
            &tools,
            Path::new(video),
            Some(Path::new(spec)),
            Some(Path::new(cover)),
        ),
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

/// What stands before a value of its own, anywhere among the arguments.
struct Options {
    tools: PathBuf,
    cache: Option<PathBuf>,
    cache_bytes_max: u64,
    chunk_ms: u64,
}

impl Options {
    /// `None` for an option without a value, or with one that is no number where it should be.
    fn taken_from(arguments: &mut Vec<String>) -> Option<Self> {
        let mut options = Self {
            tools: DEFAULT_TOOLS.into(),
            cache: None,
            cache_bytes_max: SegmentCache::SIZE_BYTES_USUAL,
            chunk_ms: CHUNK_MS_USUAL,
        };
        while let Some(place) = arguments.iter().position(|argument| argument.starts_with("--")) {
            let name = arguments.remove(place);
            let value = (place < arguments.len()).then(|| arguments.remove(place))?;
            match name.as_str() {
                "--tools" => options.tools = value.into(),
                "--cache" => options.cache = Some(value.into()),
                "--cache-mb" => {
                    options.cache_bytes_max = value.parse::<u64>().ok()?.checked_mul(1_000_000)?;
                }
                "--chunk-ms" => options.chunk_ms = value.parse().ok()?,
                _ => return None,
            }
        }
        Some(options)
    }

    fn cache(&self) -> Result<Option<SegmentCache>, EngineError> {
        let folder = self.cache.as_deref();
        folder
            .map(|folder| SegmentCache::open(folder, self.cache_bytes_max))
            .transpose()
    }
}

fn read(spec: &str) -> Result<Composition, Box<dyn Error>> {
    Ok(Composition::from_json(&fs::read_to_string(spec)?)?)
}

fn tell(percent: u8) {
    if percent.is_multiple_of(10) {
        say(&format!("{percent} %"));
    }
}

fn run_compose(
    (tools, options): (&Tools, &Options),
    spec: &str,
    out: &str,
    cover: Option<&str>,
) -> Result<bool, Box<dyn Error>> {
    let (composition, out) = (read(spec)?, Path::new(out));
    let report = made((tools, options), &composition, out)?;
    if let Some(cover) = cover {
        thumbnail(tools, out, Path::new(cover))?;
    }
    print(&report)?;
    Ok(true)
}

fn run_preview(with: (&Tools, &Options), spec: &str, out: &str) -> Result<bool, Box<dyn Error>> {
    print(&made(with, &read(spec)?.preview(), Path::new(out))?)?;
    Ok(true)
}

fn made(
    (tools, options): (&Tools, &Options),
    composition: &Composition,
    out: &Path,
) -> Result<Report, EngineError> {
    match options.cache()? {
        Some(cache) => compose_cached(tools, composition, &cache, out, &mut tell),
        None => compose(tools, composition, out, &mut tell),
    }
}

fn run_plan(options: &Options, spec: &str) -> Result<bool, Box<dyn Error>> {
    print(&plan_chunks(&read(spec)?, options.chunk_ms)?)?;
    Ok(true)
}

fn run_chunk(
    (tools, options): (&Tools, &Options),
    spec: &str,
    number: &str,
    out: &str,
) -> Result<bool, Box<dyn Error>> {
    let (composition, number) = (read(spec)?, number.parse::<usize>()?);
    let chunks = plan_chunks(&composition, options.chunk_ms)?;
    let chunk = chunks
        .get(number)
        .ok_or("the video has no chunk of this number")?;
    let cache = options.cache()?;
    print(&render_chunk(
        tools,
        &composition,
        *chunk,
        cache.as_ref(),
        Path::new(out),
    )?)?;
    Ok(true)
}

fn run_join(
    (tools, options): (&Tools, &Options),
    spec: &str,
    out: &str,
    streams: &[&str],
) -> Result<bool, Box<dyn Error>> {
    let composition = read(spec)?;
    let chunks = plan_chunks(&composition, options.chunk_ms)?;
    if chunks.len() != streams.len() {
        return Err(format!("the video has {} chunks, not {}", chunks.len(), streams.len()).into());
    }
    let chunks: Vec<(Chunk, PathBuf)> = chunks
        .into_iter()
        .zip(streams.iter().map(PathBuf::from))
        .collect();
    print(&join_chunks(
        tools,
        &composition,
        &chunks,
        Path::new(out),
        &mut tell,
    )?)?;
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
