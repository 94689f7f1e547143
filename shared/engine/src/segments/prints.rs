//! Fingerprints of files, each file read once.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::error::EngineError;
use crate::ffmpeg::limit_for;
use crate::fonts::font_files;
use crate::process::{Invocation, run};
use crate::tools::Tools;

/// Read at a time: files of any size take no more memory.
const CHUNK_BYTES: usize = 256 * 1024;

/// SHA-256 of the files seen so far, in hexadecimal.
///
/// # Limits
/// A file that changes while a video is made counts as it was when it was read first.
#[derive(Debug, Default)]
pub(crate) struct Prints {
    files: HashMap<PathBuf, String>,
    painter: Option<String>,
    ffmpeg: Option<String>,
}

impl Prints {
    pub(crate) fn of(&mut self, path: &Path) -> Result<String, EngineError> {
        if let Some(known) = self.files.get(path) {
            return Ok(known.clone());
        }
        let print = of_reader(File::open(path)).map_err(EngineError::io("open", path))?;
        self.files.insert(path.to_path_buf(), print.clone());
        Ok(print)
    }

    /// The encoder with its library, and all fonts.
    pub(crate) fn of_painter(&mut self, tools: &Tools) -> Result<String, EngineError> {
        if let Some(known) = &self.painter {
            return Ok(known.clone());
        }
        let mut files = vec![tools.encode_frames(), tools.x264()];
        files.extend(font_files(&tools.fonts_dir)?);
        let mut all = String::new();
        for file in files {
            all.push_str(&self.of(&file)?);
        }
        let print = of_text(&all);
        self.painter = Some(print.clone());
        Ok(print)
    }

    /// What ffmpeg says of its own build; its file is too large to be read each time.
    pub(crate) fn of_ffmpeg(&mut self, tools: &Tools) -> Result<String, EngineError> {
        if let Some(known) = &self.ffmpeg {
            return Ok(known.clone());
        }
        let said = run(Invocation {
            tool: "ffmpeg",
            program: &tools.ffmpeg,
            arguments: vec!["-version".into()],
            limit: limit_for(0),
        })?;
        let print = of_text(&String::from_utf8_lossy(&said.stdout));
        self.ffmpeg = Some(print.clone());
        Ok(print)
    }
}

/// The hash of a file, with the ending of its name: a decoder may be chosen by it.
pub(crate) fn named(prints: &mut Prints, path: &Path) -> Result<PathBuf, EngineError> {
    let print = PathBuf::from(prints.of(path)?);
    Ok(match path.extension() {
        Some(ending) => print.with_extension(ending),
        None => print,
    })
}

/// Of a text.
pub(crate) fn of_text(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}

/// Of what is left in a reader.
pub(crate) fn of_reader(reader: io::Result<impl Read>) -> io::Result<String> {
    let mut reader = reader?;
    let mut hasher = Sha256::new();
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        let count = reader.read(&mut chunk)?;
        if count == 0 {
            return Ok(hex::encode(hasher.finalize()));
        }
        hasher.update(chunk.get(..count).unwrap_or_default());
    }
}
