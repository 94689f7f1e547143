//! What the tests of this crate share: where the tools are, and inputs made on the spot.

use std::f64::consts::TAU;
use std::path::{Path, PathBuf};

use crate::fonts::Fonts;
use crate::language::Language;
use crate::number::{index, real, round_u64};
use crate::tools::Tools;
use crate::wav;

/// The tools named by `FFMPEG_PATH` and `FONTS_DIR`, else those of `make tools`.
pub(crate) fn tools() -> Tools {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.local/tools");
    let usual = Tools::in_folder(&folder);
    let path = |name: &str, usual: PathBuf| std::env::var_os(name).map_or(usual, PathBuf::from);
    let tools = Tools {
        ffmpeg: path("FFMPEG_PATH", usual.ffmpeg),
        fonts_dir: path("FONTS_DIR", usual.fonts_dir),
    };
    for needed in [
        &tools.ffmpeg,
        &tools.fonts_dir,
        &tools.encode_frames(),
        &tools.x264(),
    ] {
        assert!(
            needed.exists(),
            "{} is missing: run `make tools`",
            needed.display()
        );
    }
    tools
}

pub(crate) fn language(tag: &str) -> Language {
    Language::parse(tag).expect("a tag written in a test")
}

pub(crate) fn fonts(tag: &str) -> Fonts {
    Fonts::load(&tools().fonts_dir, &language(tag)).expect("the fonts of `make tools`")
}

pub(crate) fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a temporary folder")
}

/// Writes a sound with the rhythm of speech: bursts of a voiced tone with short pauses.
pub(crate) fn voice(path: &Path, length_ms: u64, amplitude: f64) {
    let rate = 22_050;
    let count = index(rate) * usize::try_from(length_ms).expect("a short sound") / 1000;
    let samples: Vec<i16> = (0..count)
        .map(|number| {
            let time = real(number) / f64::from(rate);
            let syllable = (time * TAU * 2.1).sin().max(0.0);
            let tone: f64 = (1..8)
                .map(|part| (time * TAU * 140.0 * f64::from(part)).sin() / f64::from(part))
                .sum();
            let value = tone * syllable * amplitude * 12_000.0;
            i16::try_from(crate::number::floor_i32(value)).unwrap_or(i16::MAX)
        })
        .collect();
    wav::write_mono(path, &samples, rate).expect("a writable folder");
}

/// Middle of a span, for words that are evenly spaced.
pub(crate) fn at_share(length_ms: u64, part: usize, parts: usize) -> u64 {
    round_u64(real(part) * crate::number::real_u64(length_ms) / real(parts))
}
