//! What the tests share: where `make tools` puts the tools.

use std::path::{Path, PathBuf};

use providers::Call;

use crate::LocalTools;

/// The tools of this workspace, or those that the environment names.
#[expect(
    clippy::disallowed_methods,
    reason = "tests run outside of a function and have no `runtime::Env`"
)]
pub(crate) fn tools() -> LocalTools {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../.local/tools");
    let place = |variable: &str, default: &str| {
        std::env::var(variable).map_or_else(|_| folder.join(default), PathBuf::from)
    };
    let tools = LocalTools {
        ffmpeg: place("FFMPEG_PATH", "ffmpeg"),
        fonts_dir: place("FONTS_DIR", "fonts"),
        speak_words: place("SPEAK_WORDS_PATH", "speak-words"),
        espeak_lib: place("ESPEAK_LIB_PATH", "espeak/libespeak-ng.so"),
        espeak_data: place("ESPEAK_DATA_DIR", "espeak/espeak-ng-data"),
    };
    for tool in [
        &tools.ffmpeg,
        &tools.fonts_dir,
        &tools.speak_words,
        &tools.espeak_lib,
        &tools.espeak_data,
    ] {
        assert!(tool.exists(), "{} is missing: run `make tools`", tool.display());
    }
    tools
}

/// A call that is not called back.
pub(crate) fn call() -> Call {
    Call {
        idempotency_key: "0".repeat(64),
        callback_url: None,
    }
}
