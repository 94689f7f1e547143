//! The fonts of one folder, with fallback per script; `text` shapes with them.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use cosmic_text::fontdb::{Database, Source};
use cosmic_text::{CacheKey, Fallback, FontSystem, SwashCache};
use tiny_skia::Path as Outline;
use unicode_script::Script;

use crate::error::EngineError;
use crate::language::Language;

mod localise;
mod mapped;

/// The family of Latin, Cyrillic and Greek; the others are found by script.
pub(crate) const BASE_FAMILY: &str = "Noto Sans";

/// Outlines kept; a video in one language uses a few hundred, a Han text of an hour some thousands.
const OUTLINES_MAX: usize = 4096;

/// A set of fonts for one language, and the outlines drawn from it so far.
///
/// # Promises
/// Only files of the folder are used, never those of the system, so the same text gives the same pixels anywhere.
/// Han characters take the shapes that readers of the language expect (a Chinese, Japanese or Korean 直).
pub struct Fonts {
    pub(crate) system: FontSystem,
    pub(crate) scaler: SwashCache,
    pub(crate) outlines: HashMap<CacheKey, Option<Arc<Outline>>>,
    language: Language,
}

impl std::fmt::Debug for Fonts {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_struct("Fonts")
            .field("language", &self.language)
            .finish_non_exhaustive()
    }
}

impl Fonts {
    /// Loads every `.ttf`, `.otf` and `.ttc` of a folder.
    ///
    /// # Errors
    /// [`EngineError::ToolMissing`] when the folder is absent or holds no usable font.
    pub fn load(folder: &Path, language: &Language) -> Result<Self, EngineError> {
        let mut database = Database::new();
        for file in font_files(folder)? {
            let bytes = mapped::open(&file, language.han_tag()).map_err(EngineError::io("read", &file))?;
            database.load_font_source(Source::Binary(Arc::new(bytes)));
        }
        // cosmic-text panics when it shapes without a single face.
        if database.is_empty() {
            return Err(EngineError::ToolMissing {
                tool: "fonts",
                path: folder.to_path_buf(),
                source: std::io::ErrorKind::NotFound.into(),
            });
        }
        database.set_sans_serif_family(BASE_FAMILY);
        let system =
            FontSystem::new_with_locale_and_db_and_fallback(language.to_string(), database, ByScript);
        Ok(Self {
            system,
            scaler: SwashCache::new(),
            outlines: HashMap::new(),
            language: language.clone(),
        })
    }

    /// The language given to [`Fonts::load`].
    pub fn language(&self) -> &Language {
        &self.language
    }

    pub(crate) fn forget_outlines_when_many(&mut self) {
        if self.outlines.len() > OUTLINES_MAX {
            self.outlines.clear();
            self.scaler = SwashCache::new();
        }
    }
}

/// Sorted, so that the order of a folder listing never decides which font is used.
pub(crate) fn font_files(folder: &Path) -> Result<Vec<PathBuf>, EngineError> {
    let entries = fs::read_dir(folder).map_err(|source| EngineError::ToolMissing {
        tool: "fonts",
        path: folder.to_path_buf(),
        source,
    })?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| {
            path.extension()
                .and_then(|extension| extension.to_str())
                .is_some_and(|extension| {
                    ["ttf", "otf", "ttc"]
                        .iter()
                        .any(|known| extension.eq_ignore_ascii_case(known))
                })
        })
        .collect();
    files.sort();
    Ok(files)
}

/// Which family draws which script, once the base family has no glyph.
struct ByScript;

impl Fallback for ByScript {
    fn common_fallback(&self) -> &[&'static str] {
        &[BASE_FAMILY, "Noto Sans CJK TC"]
    }

    fn forbidden_fallback(&self) -> &[&'static str] {
        &[]
    }

    fn script_fallback(&self, script: Script, _locale: &str) -> &[&'static str] {
        match script {
            // One pan-CJK file holds all four regional styles; `localise` chooses among them.
            Script::Han | Script::Hangul | Script::Hiragana | Script::Katakana | Script::Bopomofo => &[
                "Noto Sans CJK TC",
                "Noto Sans CJK SC",
                "Noto Sans CJK KR",
                "Noto Sans CJK JP",
            ],
            Script::Arabic => &["Noto Sans Arabic"],
            Script::Hebrew => &["Heebo", "Noto Sans Hebrew"],
            Script::Devanagari => &["Noto Sans Devanagari"],
            Script::Thai => &["Noto Sans Thai"],
            _ => &[],
        }
    }
}

#[cfg(test)]
mod tests;
