//! Templates: each can be filled in every shape, and every wrong value names its variable.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::composition::{Layout, MotionKind, TransitionKind, Visual};

mod room;

/// A good value of a variable.
fn sample(kind: &VariableKind) -> Value {
    match kind {
        VariableKind::Text { .. } => json!("Honey"),
        VariableKind::Colour => json!("#ff8800"),
        VariableKind::Number { min, max } => json!(min.max(6.0_f64.min(*max))),
        VariableKind::Choice { options } => json!(options[0]),
        VariableKind::Language => json!("ko"),
        VariableKind::Image => json!("image.png"),
        VariableKind::Video => json!("video.mp4"),
        VariableKind::Audio => json!("sound.mp3"),
        VariableKind::Videos { .. } => json!(["one.mp4", "two.mp4", "three.mp4"]),
        VariableKind::Words => json!([{"text": "Honey", "start_ms": 100, "end_ms": 600}]),
        VariableKind::Scenes => json!([
            {"image": "a.png", "duration_ms": 2_000}, {"image": "b.png", "duration_ms": 500},
            {"image": "c.png", "duration_ms": 3_000},
        ]),
    }
}

/// Values for all variables, or only for those that must be given.
fn values(template: &Template, every: impl Fn(&Variable) -> bool) -> Values {
    let variables = template.variables.iter().filter(|(_, variable)| every(variable));
    variables
        .map(|(name, variable)| (name.clone(), sample(&variable.kind)))
        .collect()
}

fn named(name: &str) -> &'static Template {
    Template::named(name).unwrap()
}

fn refused(template: &Template, values: &Values) -> (String, String) {
    match template.fill(values) {
        Err(EngineError::BadInput { field, reason }) => (field, reason),
        other => panic!("{other:?}"),
    }
}

#[test]
fn every_document_is_a_template_with_a_name_of_its_own() {
    let mut names: Vec<&str> = Template::all()
        .iter()
        .map(|template| template.name.as_str())
        .collect();
    assert_eq!(names.len(), DOCUMENTS.len());
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), DOCUMENTS.len());
}

#[test]
fn every_template_can_be_filled_with_all_values_and_with_the_fewest_in_every_shape() {
    for template in Template::all() {
        for aspect in ["9:16", "1:1", "16:9"] {
            for every in [true, false] {
                let mut values = values(template, |variable| every || variable.required);
                values.insert("aspect".to_owned(), json!(aspect));
                let composition = template.fill(&values).unwrap();
                let wide = composition.width > composition.height;
                assert_eq!(
                    (composition.width == 1920, wide),
                    (aspect == "16:9", aspect == "16:9")
                );
                assert!(composition.duration_ms() >= 1_000, "{}", template.name);
            }
        }
    }
}

#[test]
fn a_value_is_chosen_by_the_shape() {
    let template = named("news");
    let mut values = values(template, |variable| variable.required);
    let headline = |values: &Values| template.fill(values).unwrap().texts[0].y_pct;
    assert!((headline(&values) - 80.0).abs() < 1e-9);
    values.insert("aspect".to_owned(), json!("16:9"));
    assert!((headline(&values) - 79.0).abs() < 1e-9);
}

#[test]
fn the_same_values_give_the_same_composition() {
    for template in Template::all() {
        let values = values(template, |_| true);
        assert_eq!(template.fill(&values).unwrap(), template.fill(&values).unwrap());
    }
}

#[test]
fn the_default_moves_and_fades_as_the_pipeline_always_has() {
    let composition = named("default")
        .fill(&values(named("default"), |_| true))
        .unwrap();
    let motions: Vec<MotionKind> = composition.scenes.iter().map(|scene| scene.motion.kind).collect();
    assert_eq!(
        motions,
        [MotionKind::ZoomIn, MotionKind::PanLeft, MotionKind::ZoomOut]
    );
    let fades: Vec<u64> = composition
        .scenes
        .iter()
        .map(|scene| scene.transition_in.duration_ms)
        .collect();
    // A fade takes at most half of the shorter scene.
    assert_eq!(fades, [0, 250, 250]);
    assert_eq!(composition.scenes[0].transition_in.kind, TransitionKind::Cut);
    assert_eq!(composition.fade_out_ms, 500);
}

#[test]
fn a_narrated_video_can_choose_three_looks() {
    let narrated = Template::all()
        .iter()
        .filter(|template| template.is_for_narration());
    let names: Vec<&str> = narrated.map(|template| template.name.as_str()).collect();
    assert_eq!(names, ["default", "bold", "cinematic"]);
}

#[test]
fn a_face_before_other_videos_goes_on_from_one_to_the_next() {
    let template = named("LipSyncTemplate");
    let mut values = values(template, |_| true);
    values.insert("duration_s".to_owned(), json!(10));
    let composition = template.fill(&values).unwrap();
    // A cover of 1.6 s, then ten seconds in three parts.
    assert_eq!(
        (composition.duration_ms(), composition.audio.voice_start_ms),
        (11_600, 1_600)
    );
    let faces: Vec<u64> = composition
        .scenes
        .iter()
        .filter_map(|scene| match &scene.layout {
            Layout::PictureInPicture(inset) => Some(&inset.second),
            _ => None,
        })
        .map(|visual| match visual {
            Visual::Clip(clip) => clip.from_ms,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(faces, [0, 3_333, 6_667]);
    assert_eq!(composition.captions.unwrap().words[0].start_ms, 1_700);
    let gain_db = composition.audio.music.unwrap().gain_db;
    assert!(gain_db.abs() < 1e-9, "{gain_db}");
}

#[test]
fn a_volume_of_nothing_is_silence_and_a_tenth_is_twenty_decibel_less() {
    let template = named("LipSyncTemplate");
    for (volume, wanted) in [(0.0, -60.0), (0.1, -20.0), (1.0, 0.0)] {
        let mut values = values(template, |_| true);
        values.insert("music_volume".to_owned(), json!(volume));
        let gain_db = template.fill(&values).unwrap().audio.music.unwrap().gain_db;
        assert!((gain_db - wanted).abs() < 1e-9, "{gain_db}");
    }
}

#[test]
fn every_wrong_value_names_the_template_and_the_variable() {
    for template in Template::all() {
        for (name, variable) in &template.variables {
            let mut values = values(template, |_| true);
            values.insert(name.clone(), json!({"surely": "wrong"}));
            let (field, _) = refused(template, &values);
            assert_eq!(field, format!("template {}: variables.{name}", template.name));
            if variable.required {
                values.remove(name);
                let (field, reason) = refused(template, &values);
                assert_eq!(field, format!("template {}: variables.{name}", template.name));
                assert_eq!(reason, "is required");
            }
        }
        let mut values = values(template, |_| true);
        values.insert("colour_of_the_sky".to_owned(), json!("#0000ff"));
        assert!(
            refused(template, &values)
                .0
                .ends_with("variables.colour_of_the_sky")
        );
    }
}

#[test]
fn limits_of_texts_numbers_and_choices_are_kept() {
    let template = named("LipSyncTemplate");
    for (name, value) in [
        ("main_text", json!("x".repeat(121))),
        ("main_text", json!("  ")),
        ("music_volume", json!(1.01)),
        ("aspect", json!("4:3")),
        ("accent", json!("yellow")),
        ("language", json!("?")),
        ("background_videos", json!([])),
        ("words", json!([{"text": "x"}])),
    ] {
        let mut values = values(template, |_| true);
        values.insert(name.to_owned(), value);
        assert!(refused(template, &values).0.ends_with(name), "{name}");
    }
}

#[test]
fn an_unknown_gap_and_a_wrong_default_are_refused() {
    let document = |default: &str, gap: &str| {
        format!(
            r#"{{"name": "mine", "version": 1, "title": "Mine", "description": "Mine.",
                "variables": {{"ink": {{"type": "colour", "description": "Ink.", "default": "{default}"}}}},
                "body": [{{"card": {{"top": {{"{gap}": "ink"}}}}, "duration_ms": 1000}}], "composition": {{}}}}"#
        )
    };
    let good = Template::from_json(&document("#ffffff", "$var")).unwrap();
    assert_eq!(good.fill(&Values::new()).unwrap().duration_ms(), 1_000);
    let gap = Template::from_json(&document("#ffffff", "$magic")).unwrap();
    assert_eq!(
        refused(&gap, &Values::new()).0,
        "template mine: body[0].card.top.$magic"
    );
    let error = Template::from_json(&document("white", "$var")).unwrap_err();
    assert!(error.to_string().starts_with("variables.ink.default"), "{error}");
}

/// Any small JSON value.
fn anything() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(|value| json!(value)),
        any::<f64>().prop_map(|value| json!(value)),
        any::<u64>().prop_map(|value| json!(value)),
        ".{0,12}".prop_map(|value| json!(value)),
    ];
    leaf.prop_recursive(2, 8, 3, |inner| {
        let list = prop::collection::vec(inner.clone(), 0..3).prop_map(Value::Array);
        let field = prop::sample::select(vec!["image", "duration_ms", "text", "start_ms", "end_ms"]);
        let fields = prop::collection::vec((field, inner), 0..3);
        prop_oneof![
            list,
            fields.prop_map(|fields| {
                Value::Object(
                    fields
                        .into_iter()
                        .map(|(name, value)| (name.to_owned(), value))
                        .collect(),
                )
            })
        ]
    })
}

proptest! {
    #[test]
    fn no_value_of_any_variable_panics(number in 0..DOCUMENTS.len(), pick in any::<prop::sample::Index>(), value in anything()) {
        let template = &Template::all()[number];
        let mut values = values(template, |_| true);
        let names: Vec<String> = values.keys().cloned().collect();
        values.insert(names[pick.index(names.len())].clone(), value);
        if let Ok(composition) = template.fill(&values) {
            prop_assert!(composition.validate().is_ok());
        }
    }
}
