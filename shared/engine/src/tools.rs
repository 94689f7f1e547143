//! Where the programs and fonts are that the engine uses but does not contain.

use std::path::{Path, PathBuf};

/// Paths of the outside tools.
#[derive(Clone, Debug)]
pub struct Tools {
    /// The `ffmpeg` program with its native AAC encoder; `encode-frames` and `libx264.so` lie beside it.
    pub ffmpeg: PathBuf,
    /// Folder of `.ttf` and `.otf` files; nothing outside of it is read.
    pub fonts_dir: PathBuf,
}

impl Tools {
    /// The layout of `make tools`: `<folder>/ffmpeg` and `<folder>/fonts`.
    pub fn in_folder(folder: &Path) -> Self {
        Self {
            ffmpeg: folder.join("ffmpeg"),
            fonts_dir: folder.join("fonts"),
        }
    }

    /// The program that encodes images.
    pub(crate) fn encode_frames(&self) -> PathBuf {
        self.ffmpeg.with_file_name("encode-frames")
    }

    /// The library that it loads.
    pub(crate) fn x264(&self) -> PathBuf {
        self.ffmpeg.with_file_name("libx264.so")
    }
}
