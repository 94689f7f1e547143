//! Templates: a video as a document with gaps, and the variables that fill them.
//!
//! The documents are in `shared/engine/templates`, each as `schema.json` beside them says; `fill` reads their gaps.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::composition::Composition;
use crate::error::EngineError;

mod fill;
mod variables;

pub use variables::{Variable, VariableKind};

/// The templates that are built in, in the order in which people should see them.
const DOCUMENTS: [&str; 8] = [
    include_str!("../templates/default.json"),
    include_str!("../templates/bold.json"),
    include_str!("../templates/cinematic.json"),
    include_str!("../templates/lip-sync.json"),
    include_str!("../templates/split-screen.json"),
    include_str!("../templates/before-after.json"),
    include_str!("../templates/news.json"),
    include_str!("../templates/quote-card.json"),
];

/// What every job of a narrated video has; a template that needs no more can be chosen for one.
const NARRATED: [&str; 6] = ["accent", "aspect", "language", "scenes", "voice", "words"];

/// A video with gaps.
///
/// # Shape
/// Intro, body and outro are lists of scenes without `start_ms`; `composition` holds the other fields of a
/// [`Composition`]. A gap is an object with one of the keys that `schema.json` lists, such as `{"$var": "title"}`.
///
/// # Promises
/// The voice and its words begin with the body.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Template {
    /// Unique; how it is chosen.
    pub name: String,
    /// Raised when the same values should look different.
    pub version: u32,
    /// For people.
    pub title: String,
    /// What it is good for, in a sentence.
    pub description: String,
    /// What it is filled with, by name.
    pub variables: BTreeMap<String, Variable>,
    /// Scenes before the voice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    intro: Vec<Value>,
    /// Scenes under the voice.
    body: Vec<Value>,
    /// Scenes after it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    outro: Vec<Value>,
    /// Everything else.
    composition: Value,
}

/// Values by the names of variables.
pub type Values = BTreeMap<String, Value>;

impl Template {
    /// The templates that are built in.
    pub fn all() -> &'static [Self] {
        static ALL: OnceLock<Vec<Template>> = OnceLock::new();
        // A document that could not be read would be missing here, which a test of this crate looks for.
        ALL.get_or_init(|| {
            DOCUMENTS
                .iter()
                .filter_map(|text| Self::from_json(text).ok())
                .collect()
        })
    }

    /// One of those, by its name.
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::all().iter().find(|template| template.name == name)
    }

    /// Reads a template of anybody's own.
    ///
    /// # Errors
    /// [`EngineError::BadInput`] with the JSON path of the first field that is wrong.
    pub fn from_json(text: &str) -> Result<Self, EngineError> {
        let mut reader = serde_json::Deserializer::from_str(text);
        let template: Self = serde_path_to_error::deserialize(&mut reader)
            .map_err(|error| EngineError::bad(error.path().to_string(), error.inner().to_string()))?;
        for (name, variable) in &template.variables {
            if let Some(value) = &variable.default {
                let field = format!("variables.{name}.default");
                variable
                    .check(value)
                    .map_err(|reason| EngineError::bad(field, reason))?;
            }
        }
        Ok(template)
    }

    /// Whether it needs nothing but the script, images and voice that a narrated video is made of.
    pub fn is_for_narration(&self) -> bool {
        let narrated = |name: &str| NARRATED.contains(&name);
        let mut needed = self.variables.iter().filter(|(_, variable)| variable.required);
        needed.all(|(name, _)| narrated(name)) && self.variables.contains_key("scenes")
    }

    /// The composition that these values give; a variable without a value takes its default.
    ///
    /// # Errors
    /// [`EngineError::BadInput`] whose field names the template and the variable, or the field of the composition
    /// that the values together make wrong.
    pub fn fill(&self, values: &Values) -> Result<Composition, EngineError> {
        let known = self.checked(values)?;
        fill::fill(self, &known).map_err(|error| match error {
            EngineError::BadInput { field, reason } => {
                EngineError::bad(format!("template {}: {field}", self.name), reason)
            }
            other => other,
        })
    }

    /// The values with the defaults of those that are absent.
    fn checked(&self, values: &Values) -> Result<Values, EngineError> {
        let bad = |name: &str, reason: String| {
            EngineError::bad(format!("template {}: variables.{name}", self.name), reason)
        };
        if let Some(name) = values.keys().find(|name| !self.variables.contains_key(*name)) {
            let known: Vec<&str> = self.variables.keys().map(String::as_str).collect();
            return Err(bad(
                name,
                format!("is not one of its variables: {}", known.join(", ")),
            ));
        }
        let mut known = Values::new();
        for (name, variable) in &self.variables {
            let value = values.get(name).filter(|value| !value.is_null());
            let value = value.or(variable.default.as_ref());
            match value {
                Some(value) => {
                    variable.check(value).map_err(|reason| bad(name, reason))?;
                    known.insert(name.clone(), value.clone());
                }
                None if variable.required => return Err(bad(name, "is required".to_owned())),
                None => {}
            }
        }
        Ok(known)
    }
}

#[cfg(test)]
mod tests;
