//! Where `make tools` puts the tools.

use std::path::{Path, PathBuf};

use engine::Tools;

/// The tools named by `FFMPEG_PATH` and `FONTS_DIR`, else those of `make tools`.
pub(crate) fn tools() -> Tools {
    let usual = Tools::in_folder(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.local/tools"));
    let path = |name: &str, usual: PathBuf| std::env::var_os(name).map_or(usual, PathBuf::from);
    let tools = Tools {
        ffmpeg: path("FFMPEG_PATH", usual.ffmpeg),
        fonts_dir: path("FONTS_DIR", usual.fonts_dir),
    };
    assert!(
        tools.ffmpeg.exists(),
        "{} is missing: run `make tools`",
        tools.ffmpeg.display()
    );
    tools
}
