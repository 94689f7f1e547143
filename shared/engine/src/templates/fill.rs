//! Fills the gaps of a template: from a document with gaps and the values of its variables to a composition.

use serde_json::{Map, Value, json};

use crate::composition::{Composition, Scene, TransitionKind};
use crate::error::EngineError;
use crate::number::{real_u64, round_u64};
use crate::templates::{Template, Values};

/// Sizes of the frame by the words of the variable `aspect`; the first is also that of a template without it.
const ASPECTS: [(&str, [u32; 2]); 3] = [
    ("9:16", [1080, 1920]),
    ("1:1", [1080, 1080]),
    ("16:9", [1920, 1080]),
];
/// A volume below this is silence.
const GAIN_DB_MIN: f64 = -60.0;

/// Where a gap stands.
#[derive(Clone, Copy)]
struct Context<'a> {
    values: &'a Values,
    /// The element of a `$each`, its number, and how many there are.
    item: Option<(&'a Value, usize, usize)>,
    /// Since the start of the section.
    elapsed_ms: u64,
    /// Ends of intro, body and outro; all 0 while scenes are filled.
    ends_ms: [u64; 3],
}

/// `values` have been checked and hold every default.
pub(super) fn fill(template: &Template, values: &Values) -> Result<Composition, EngineError> {
    let mut context = Context {
        values,
        item: None,
        elapsed_ms: 0,
        ends_ms: [0; 3],
    };
    let mut scenes = Vec::new();
    let mut ends_ms = [0; 3];
    let mut played_ms = 0;
    let sections = [
        ("intro", &template.intro),
        ("body", &template.body),
        ("outro", &template.outro),
    ];
    for ((name, section), end) in sections.into_iter().zip(&mut ends_ms) {
        played_ms += section_scenes(context, (name, section), (&mut scenes, played_ms))?;
        *end = played_ms;
    }
    context.ends_ms = ends_ms;
    let aspect = values.get("aspect").and_then(Value::as_str).unwrap_or_default();
    let size = ASPECTS
        .iter()
        .find(|(word, _)| *word == aspect)
        .or(ASPECTS.first());
    let [width, height] = size.map_or([1080, 1920], |(_, size)| *size);
    let mut document = json!({"version": 1, "width": width, "height": height, "scenes": scenes});
    let rest = evaluate(&template.composition, context, "composition")?.unwrap_or_default();
    if let (Value::Object(document), Value::Object(rest)) = (&mut document, rest) {
        document.extend(rest);
    }
    let mut composition: Composition = serde_path_to_error::deserialize(&document)
        .map_err(|error| EngineError::bad(error.path().to_string(), error.inner().to_string()))?;
    settle(&mut composition, ends_ms[0]);
    composition.validate()?;
    Ok(composition)
}

/// Adds the scenes of a section; answers with its length.
fn section_scenes(
    context: Context<'_>,
    (name, section): (&str, &[Value]),
    (scenes, start_ms): (&mut Vec<Value>, u64),
) -> Result<u64, EngineError> {
    let mut length_ms = 0;
    for (number, entry) in section.iter().enumerate() {
        let place = format!("{name}[{number}]");
        let list = entry.get("$each").and_then(Value::as_str);
        let items = list.and_then(|list| context.values.get(list)?.as_array());
        let entry = entry.get("do").unwrap_or(entry);
        let count = match (list, items) {
            (None, _) => 1,
            (Some(_), items) => items.map_or(0, Vec::len),
        };
        for index in 0..count {
            let context = Context {
                item: items
                    .and_then(|items| items.get(index))
                    .map(|item| (item, index, count)),
                elapsed_ms: length_ms,
                ..context
            };
            let Some(mut scene) = evaluate(entry, context, &place)? else {
                continue;
            };
            let duration_ms = scene
                .get("duration_ms")
                .and_then(Value::as_u64)
                .unwrap_or_default();
            if let Value::Object(fields) = &mut scene {
                fields.insert("start_ms".to_owned(), json!(start_ms + length_ms));
            }
            length_ms += duration_ms;
            scenes.push(scene);
        }
    }
    Ok(length_ms)
}

/// Voice and words begin with the body; transitions and fades fit what is there.
fn settle(composition: &mut Composition, body_ms: u64) {
    let duration_ms = composition.duration_ms();
    composition.fade_out_ms = composition.fade_out_ms.min(duration_ms / 2);
    composition.fade_in_ms = composition.fade_in_ms.min(duration_ms / 2);
    composition.audio.voice_start_ms += body_ms;
    for track in &mut composition.audio.tracks {
        track.start_ms = track.start_ms.saturating_add(body_ms);
    }
    if let Some(captions) = &mut composition.captions {
        for word in &mut captions.words {
            word.start_ms = word.start_ms.saturating_add(body_ms);
            word.end_ms = word.end_ms.saturating_add(body_ms);
        }
        captions.words.retain(|word| word.start_ms < duration_ms);
    }
    let captioned = composition
        .captions
        .as_ref()
        .is_some_and(|captions| !captions.words.is_empty());
    if !captioned {
        composition.captions = None;
    }
    let mut before_ms = None;
    for Scene {
        transition_in,
        duration_ms,
        ..
    } in &mut composition.scenes
    {
        let room_ms = before_ms.map_or(0, |before_ms: u64| before_ms.min(*duration_ms) / 2);
        transition_in.duration_ms = transition_in.duration_ms.min(room_ms);
        if transition_in.duration_ms == 0 {
            *transition_in = crate::composition::Transition::default();
            transition_in.kind = TransitionKind::Cut;
        }
        before_ms = Some(*duration_ms);
    }
}

/// The value with its gaps filled; `None` when it is absent, because what it is made of is.
fn evaluate(value: &Value, context: Context<'_>, place: &str) -> Result<Option<Value>, EngineError> {
    match value {
        Value::Array(entries) => {
            let mut filled = Vec::with_capacity(entries.len());
            for (number, entry) in entries.iter().enumerate() {
                filled.extend(evaluate(entry, context, &format!("{place}[{number}]"))?);
            }
            Ok(Some(Value::Array(filled)))
        }
        Value::Object(fields) => object(fields, context, place),
        plain => Ok(Some(plain.clone())),
    }
}

fn object(
    fields: &Map<String, Value>,
    context: Context<'_>,
    place: &str,
) -> Result<Option<Value>, EngineError> {
    let word = |key: &str| fields.get(key).and_then(Value::as_str);
    if let Some(name) = word("$var") {
        let value = context.values.get(name);
        return Ok(value.and_then(|value| converted(value, word("as"), context)));
    }
    if let Some(name) = word("$item") {
        let item = context.item.map(|(item, ..)| item);
        return Ok(item.map(|item| item.get(name).unwrap_or(item).clone()));
    }
    if let Some(Value::Array(choices)) = fields.get("$cycle") {
        let index = context.item.map_or(0, |(_, index, _)| index);
        let choice = choices.get(index % choices.len().max(1));
        return choice.map_or(Ok(None), |choice| evaluate(choice, context, place));
    }
    if let Some(name) = word("$choose") {
        let chosen = context.values.get(name).and_then(Value::as_str);
        let value = chosen.and_then(|chosen| fields.get(chosen));
        return value.map_or(Ok(None), |value| evaluate(value, context, place));
    }
    if fields.contains_key("$elapsed_ms") {
        return Ok(Some(json!(context.elapsed_ms)));
    }
    let present = |name: &&str| context.values.contains_key(*name);
    let wanted = names(fields.get("$when"));
    if !wanted.iter().all(present) || names(fields.get("$unless")).iter().any(present) {
        return Ok(None);
    }
    let mut filled = Map::new();
    for (key, value) in fields {
        match key.as_str() {
            "$when" | "$unless" => {}
            "$during" => {
                let [start_ms, end_ms] = during(value, context)
                    .ok_or_else(|| EngineError::bad(format!("{place}.$during"), "names no section"))?;
                filled.insert("start_ms".to_owned(), json!(start_ms));
                filled.insert("end_ms".to_owned(), json!(end_ms));
            }
            unknown if unknown.starts_with('$') => {
                return Err(EngineError::bad(
                    format!("{place}.{unknown}"),
                    "is no kind of gap",
                ));
            }
            _ => {
                if let Some(value) = evaluate(value, context, &format!("{place}.{key}"))? {
                    filled.insert(key.clone(), value);
                }
            }
        }
    }
    Ok(Some(Value::Object(filled)))
}

/// One name or a list of them.
fn names(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::String(name)) => vec![name],
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// Seconds as milliseconds, the same in equal parts for the elements of a list, or a volume as decibel.
fn converted(value: &Value, unit: Option<&str>, context: Context<'_>) -> Option<Value> {
    let Some(unit) = unit else {
        return Some(value.clone());
    };
    let number = value.as_f64()?;
    match unit {
        "ms" => Some(json!(round_u64(number * 1000.0))),
        "share_ms" => {
            let (_, index, count) = context.item.unwrap_or((&Value::Null, 0, 1));
            let edge = |part: usize| {
                let share = crate::number::real(part) / crate::number::real(count.max(1));
                round_u64(number * 1000.0 * share)
            };
            Some(json!(edge(index + 1) - edge(index)))
        }
        "gain_db" if number > 0.0 => Some(json!((20.0 * number.log10()).max(GAIN_DB_MIN))),
        "gain_db" => Some(json!(GAIN_DB_MIN)),
        _ => None,
    }
}

/// Start and end of a section or of a part of it.
fn during(value: &Value, context: Context<'_>) -> Option<[u64; 2]> {
    let name = value.as_str().or_else(|| value.get("section")?.as_str())?;
    let [intro, body, outro] = context.ends_ms;
    let (start, end) = match name {
        "intro" => (0, intro),
        "body" => (intro, body),
        "outro" => (body, outro),
        "all" => (0, outro),
        _ => return None,
    };
    let share = |key: &str, usual: f64| value.get(key).and_then(Value::as_f64).unwrap_or(usual);
    let at = |share: f64| start + round_u64(real_u64(end - start) * share.clamp(0.0, 1.0));
    Some([at(share("from", 0.0)), at(share("to", 1.0))])
}
