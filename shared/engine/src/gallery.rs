//! One sheet with every caption preset in every script, every template and every transition, for people to look at.

use std::path::Path;

use image::imageops::{FilterType, resize};
use image::{Rgb, RgbImage};

use crate::blend::FULL;
use crate::captions::CaptionTrack;
use crate::clip::frame_number;
use crate::composition::{CaptionPreset, Captions, Composition, Scene, Visual, Word};
use crate::error::EngineError;
use crate::fonts::Fonts;
use crate::frame_renderer::FrameRenderer;
use crate::language::Language;
use crate::number::{count, index, real_u64};
use crate::tools::Tools;
use crate::yuv_image::YuvImage;

mod lettering;
mod looks;
mod sample_images;

use looks::{Look, SampleFiles};

/// Cells are drawn at twice this size, so that small type is as smooth as on a phone.
const CELL: (u32, u32) = (186, 216);
/// Cells of the lower rows have the shape of a phone.
const TALL: u32 = 330;
/// Between cells, and around the sheet.
const GAP: u32 = 6;
/// Left of the cells, above them.
const HEADER: (u32, u32) = (120, 36);
/// Dark enough that the cells stand out.
const PAPER: [u8; 3] = [0x14, 0x16, 0x1c];
const INK: [u8; 3] = [0xee, 0xee, 0xf2];
const WORD_MS: u64 = 400;
/// Size of the letters for a frame that is looked at in the size of a stamp.
const FONT_PX: f64 = 118.0;

/// Name of a script, a language that is written in it, and a sentence.
const SCRIPTS: [(&str, &str, &str); 9] = [
    ("Latin", "fr", "Le miel né d’été ne vieillit jamais."),
    ("Cyrillic", "ru", "Мёд не портится тысячу лет."),
    ("Hangul", "ko", "꿀은 천 년이 지나도 상하지 않아요."),
    ("Han", "zh", "蜂蜜 可以 保存 一千年。"),
    ("Kana", "ja", "はちみつは ずっと おいしい。"),
    ("Arabic", "ar", "العسل لا يفسد ألف سنة."),
    ("Hebrew", "he", "דבש נשאר טוב אלף שנים."),
    ("Devanagari", "hi", "शहद हज़ार साल तक अच्छा रहता है।"),
    ("Thai", "th", "น้ำผึ้ง เก็บได้ นาน เป็นพันปี"),
];

/// Preset and the name that is written beside its row.
const PRESETS: [(CaptionPreset, &str); 6] = [
    (CaptionPreset::Karaoke, "karaoke"),
    (CaptionPreset::Pill, "pill"),
    (CaptionPreset::Pop, "pop"),
    (CaptionPreset::Typewriter, "typewriter"),
    (CaptionPreset::Classic, "classic"),
    (CaptionPreset::Minimal, "minimal"),
];

/// Writes the sheet; the ending of `out` says whether as PNG or as JPEG.
///
/// # Promises
/// The captions are laid over the images by the code that `compose` uses.
///
/// # Errors
/// [`EngineError::ToolMissing`] without fonts, [`EngineError::Image`] when the file cannot be written.
pub fn gallery(tools: &Tools, out: &Path) -> Result<(), EngineError> {
    let across = |number: usize| HEADER.0 + GAP + count(number) * (CELL.0 + GAP);
    let down = |number: usize| HEADER.1 + GAP + count(number) * (CELL.1 + GAP);
    let captions_end = down(PRESETS.len());
    let row_height = HEADER.1 + TALL + GAP;
    let size = (across(SCRIPTS.len()), captions_end + 2 * row_height);
    let mut sheet = RgbImage::from_pixel(size.0, size.1, Rgb(PAPER));
    for (column, (name, tag, sentence)) in SCRIPTS.into_iter().enumerate() {
        let language = Language::parse(tag).unwrap_or_else(Language::english);
        let mut fonts = Fonts::load(&tools.fonts_dir, &language)?;
        let middle = across(column) + CELL.0 / 2;
        lettering::write(&mut fonts, &mut sheet, name, (middle, HEADER.1 / 2));
        for (row, (preset, name)) in PRESETS.into_iter().enumerate() {
            let image = sample_images::draw((2 * CELL.0, 2 * CELL.1), column, row);
            let cell = captioned(&mut fonts, &image, sentence, preset);
            let small = resize(&cell, CELL.0, CELL.1, FilterType::CatmullRom);
            image::imageops::replace(&mut sheet, &small, across(column).into(), down(row).into());
            if column == 0 {
                lettering::write(
                    &mut fonts,
                    &mut sheet,
                    name,
                    (HEADER.0 / 2, down(row) + CELL.1 / 2),
                );
            }
        }
    }
    let mut fonts = Fonts::load(&tools.fonts_dir, &Language::english())?;
    let files = SampleFiles::make(tools)?;
    let rows = [
        ("templates", looks::templates(&files)?),
        ("effects", looks::effects(&files)?),
    ];
    for ((name, looks), top) in rows.into_iter().zip([captions_end, captions_end + row_height]) {
        let middle = (HEADER.0 / 2, top + HEADER.1 + TALL / 2);
        lettering::write(&mut fonts, &mut sheet, name, middle);
        for (column, look) in looks.into_iter().enumerate() {
            let place = (across(column) + CELL.0 / 2, top + HEADER.1 / 2);
            lettering::write(&mut fonts, &mut sheet, &look.name, place);
            let small = resize(&drawn(tools, &look)?, CELL.0, TALL, FilterType::CatmullRom);
            let place = (across(column).into(), (top + HEADER.1).into());
            image::imageops::replace(&mut sheet, &small, place.0, place.1);
        }
    }
    lettering::save(&sheet, out)
}

/// The frame of a look, as `compose` would draw it.
fn drawn(tools: &Tools, look: &Look) -> Result<RgbImage, EngineError> {
    let mut renderer = FrameRenderer::new(tools, &look.composition)?;
    let mut frame = YuvImage::black(look.composition.width, look.composition.height);
    renderer.draw(frame_number(look.at_ms, look.composition.fps), &mut frame)?;
    Ok(to_rgb(&frame))
}

/// A frame with the caption of the moment in which the middle word is half spoken.
fn captioned(fonts: &mut Fonts, image: &RgbImage, sentence: &str, preset: CaptionPreset) -> RgbImage {
    let parts: Vec<&str> = sentence.split(' ').collect();
    let words = parts.iter().zip((0_u64..).map(|number| number * WORD_MS));
    let words: Vec<Word> = words
        .map(|(text, start_ms)| Word {
            text: (*text).to_owned(),
            start_ms,
            end_ms: start_ms + WORD_MS,
        })
        .collect();
    let spoken = count(parts.len() / 2);
    // A word that pops is largest soon after its start; the others are half way through it.
    let into_ms = if preset == CaptionPreset::Pop { 0.22 } else { 0.55 };
    let now_ms = (f64::from(spoken) + into_ms) * real_u64(WORD_MS);
    let captions = Captions {
        preset,
        font_px: FONT_PX,
        position_pct: 64.0,
        ..Captions::new(fonts.language().clone(), words)
    };
    let composition = sample_composition(image.dimensions(), captions);
    let mut frame = YuvImage::from_rgb(image);
    if let Some(captions) = &composition.captions {
        let mut track = CaptionTrack::new(fonts, &composition, captions);
        if let Some(overlay) = track.at(fonts, now_ms) {
            overlay.blend(&mut frame, FULL);
        }
    }
    to_rgb(&frame)
}

/// A composition of one scene, whose image is drawn by the caller.
fn sample_composition((width, height): (u32, u32), captions: Captions) -> Composition {
    let scene = Scene::new(Visual::Image("image.png".into()), 0, 10_000);
    Composition::of_scenes((width, height), vec![scene], Some(captions))
}

/// # Source
/// ITU-R BT.709-6, limited range.
fn to_rgb(frame: &YuvImage) -> RgbImage {
    let [luma, blue, red] = frame.planes();
    let width = frame.width.max(2);
    RgbImage::from_fn(count(width), count(frame.height), |x, y| {
        let (x, y) = (index(x), index(y));
        let small = (y / 2) * (width / 2) + x / 2;
        let value = |plane: &[u8], place: usize| plane.get(place).map_or(128.0, |value| f64::from(*value));
        let light = (value(luma, y * width + x) - 16.0) * 1.164_38;
        let (cb, cr) = (value(blue, small) - 128.0, value(red, small) - 128.0);
        Rgb([
            light + 1.792_74 * cr,
            light - 0.213_25 * cb - 0.532_91 * cr,
            light + 2.112_40 * cb,
        ]
        .map(crate::number::byte))
    })
}

#[cfg(test)]
mod tests;
