//! The lower rows of the sheet: a frame of every template, then transitions half way and what lies over scenes.

use std::path::{Path, PathBuf};

use image::{Rgba, RgbaImage};
use serde_json::{Value, json};

use crate::composition::Composition;
use crate::error::EngineError;
use crate::ffmpeg::{Arguments, in_protocol, limit_for};
use crate::gallery::sample_images;
use crate::templates::Template;
use crate::tools::Tools;

/// Frames are drawn at this size and then made small.
const SIZE: (u32, u32) = (540, 960);
/// Length of the clips, which nobody sees to their end.
const CLIP_S: &str = "3";

/// A frame to be drawn.
pub(super) struct Look {
    pub(super) name: String,
    pub(super) composition: Composition,
    pub(super) at_ms: f64,
}

/// Files that the looks are made of.
pub(super) struct SampleFiles {
    folder: tempfile::TempDir,
}

impl SampleFiles {
    /// Draws the images and makes clips of them.
    pub(super) fn make(tools: &Tools) -> Result<Self, EngineError> {
        let folder = std::env::temp_dir();
        let folder = tempfile::tempdir_in(&folder).map_err(EngineError::io("create a folder in", &folder))?;
        let files = Self { folder };
        for (number, (palette, phase)) in [(0, 1.0), (4, 2.6), (3, 4.1), (2, 0.4), (1, 0.4)]
            .into_iter()
            .enumerate()
        {
            let image = sample_images::draw_in(SIZE, palette, phase);
            save(
                image.save(files.path(&format!("{number}.png"))),
                &files.path("png"),
            )?;
        }
        let face = sample_images::face(SIZE);
        save(face.save(files.path("face.png")), &files.path("face.png"))?;
        let logo = RgbaImage::from_fn(96, 96, mark);
        save(logo.save(files.path("logo.png")), &files.path("logo.png"))?;
        for name in ["0", "1", "face"] {
            Arguments::new("error")
                .with(["-f", "image2", "-loop", "1", "-framerate", "30", "-i"])
                .with([in_protocol(&files.path(&format!("{name}.png")))])
                .with([
                    "-t",
                    CLIP_S,
                    "-c:v",
                    "libx264",
                    "-preset",
                    "ultrafast",
                    "-pix_fmt",
                    "yuv420p",
                ])
                .output(&files.path(&format!("{name}.mp4")))
                .run(tools, limit_for(3_000))?;
        }
        Ok(files)
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }
}

fn save(outcome: Result<(), image::ImageError>, path: &Path) -> Result<(), EngineError> {
    outcome.map_err(|source| EngineError::Image {
        path: path.to_path_buf(),
        source,
    })
}

/// A ring around a dot.
fn mark(x: u32, y: u32) -> Rgba<u8> {
    let radius = (f64::from(x) - 47.5).hypot(f64::from(y) - 47.5);
    let ring = (12.0 - (radius - 34.0).abs()).clamp(0.0, 1.0) + (17.0 - radius).clamp(0.0, 1.0);
    Rgba([255, 255, 255, crate::number::byte(ring * 255.0)])
}

/// A frame of every template, in their order.
pub(super) fn templates(files: &SampleFiles) -> Result<Vec<Look>, EngineError> {
    let look = |template: &Template| {
        let mut values = values(files);
        let narrated = template.is_for_narration();
        // The shortest value of each is enough; a narrated look keeps its own colours.
        values.retain(|name, _| template.variables.contains_key(name) && !(narrated && name == "accent"));
        let mut composition = template.fill(&values)?;
        (composition.width, composition.height) = SIZE;
        let at_ms = match template.name.as_str() {
            "before-after" => 4_000.0,
            "LipSyncTemplate" | "news" => 1_500.0,
            _ => 1_800.0,
        };
        Ok(Look {
            name: template.name.trim_end_matches("Template").to_owned(),
            composition,
            at_ms,
        })
    };
    let mut looks = Template::all().iter().map(look).collect::<Result<Vec<_>, _>>()?;
    if let Some(template) = Template::named("quote-card") {
        let mut values = values(files);
        values.retain(|name, _| template.variables.contains_key(name));
        values.insert("background_image".to_owned(), json!(files.path("0.png")));
        let mut composition = template.fill(&values)?;
        (composition.width, composition.height) = SIZE;
        looks.push(Look {
            name: "… on an image".to_owned(),
            composition,
            at_ms: 1_800.0,
        });
    }
    Ok(looks)
}

/// One value for every variable that any template of ours has, by name.
fn values(files: &SampleFiles) -> std::collections::BTreeMap<String, Value> {
    let words: Vec<Value> = ["Honey", "keeps", "for", "a", "thousand", "years."]
        .into_iter()
        .enumerate()
        .map(|(number, word)| {
            let start_ms = 300 * number;
            json!({"text": word, "start_ms": start_ms, "end_ms": start_ms + 300 + 1_200 * (number / 5)})
        })
        .collect();
    let fields = json!({
        "scenes": [{"image": files.path("0.png"), "duration_ms": 4_000}],
        "voice": "voice.wav",
        "words": words,
        "avatar_video": files.path("face.mp4"),
        "presenter_video": files.path("face.mp4"),
        "background_videos": [files.path("1.mp4")],
        "first_video": files.path("face.mp4"),
        "second_video": files.path("1.mp4"),
        "duration_s": 4,
        "main_text": "The food that never spoils",
        "title": "Watch this",
        "headline": "Jars from a royal tomb hold honey that is still sweet",
        "kicker": "Science",
        "source": "Images: National Museum",
        "before_image": files.path("3.png"),
        "after_image": files.path("4.png"),
        "quote": "If the bee disappeared, we would soon learn what we owe to it.",
        "author": "A beekeeper",
        "accent": "#ffd84d",
    });
    match fields {
        Value::Object(fields) => fields.into_iter().collect(),
        _ => std::collections::BTreeMap::new(),
    }
}

/// Transitions half way, then what can lie over a scene.
pub(super) fn effects(files: &SampleFiles) -> Result<Vec<Look>, EngineError> {
    let changes = [
        ("fade", json!({"kind": "fade"}), 0.5),
        ("slide left", json!({"kind": "slide"}), 0.45),
        ("slide up", json!({"kind": "slide", "direction": "up"}), 0.45),
        ("wipe", json!({"kind": "wipe", "direction": "right"}), 0.5),
        ("blur", json!({"kind": "blur"}), 0.42),
    ];
    let overlays = [
        (
            "vignette, logo",
            json!({"vignette": 0.9, "logo": {"path": files.path("logo.png"), "size_pct": 16}}),
        ),
        ("progress bar", json!({"progress_bar": {"height_px": 22}})),
        (
            "lower third",
            json!({"lower_third": {"text": "Ada, beekeeper", "start_ms": 0, "end_ms": 4_000, "position_pct": 80}}),
        ),
        (
            "title card",
            json!({"scenes": [{
                "card": {"top": "#123a5a", "foot": "#071019", "accent": "#7fe0c3", "label": "Part one", "title": "How bees make honey", "subtitle": "In sixty seconds"},
                "start_ms": 0, "duration_ms": 4_000,
            }]}),
        ),
    ];
    let mut looks = Vec::new();
    for (name, change, share) in changes {
        let change = with(change, "duration_ms", json!(1_000));
        let scene = |file: &str, start_ms: u64| json!({"image": files.path(file), "start_ms": start_ms, "duration_ms": 2_000});
        let second = with(scene("2.png", 2_000), "transition_in", change);
        let scenes = json!({"scenes": [scene("1.png", 0), second]});
        looks.push(look(name, &scenes, 2_000.0 + 1_000.0 * share)?);
    }
    for (name, mut extras) in overlays {
        if extras.get("scenes").is_none() {
            let scenes = json!([{"image": files.path("2.png"), "start_ms": 0, "duration_ms": 4_000}]);
            extras = with(extras, "scenes", scenes);
        }
        looks.push(look(name, &extras, 2_600.0)?);
    }
    Ok(looks)
}

/// An object with one field more.
fn with(mut object: Value, name: &str, value: Value) -> Value {
    if let Some(fields) = object.as_object_mut() {
        fields.insert(name.to_owned(), value);
    }
    object
}

fn look(name: &str, fields: &Value, at_ms: f64) -> Result<Look, EngineError> {
    let mut document = json!({"version": 1, "width": SIZE.0, "height": SIZE.1});
    if let (Value::Object(document), Value::Object(fields)) = (&mut document, fields.clone()) {
        document.extend(fields);
    }
    Ok(Look {
        name: name.to_owned(),
        composition: Composition::from_json(&document.to_string())?,
        at_ms,
    })
}
