//! A change of settings: what is left out stays, null goes back to the default.

use serde::Deserialize;
use utoipa::ToSchema;

use super::{Aspect, Brand, Language, Settings, SettingsDraft, Template, Tone};
use crate::{Invalid, Patch};

/// Changes of settings; an absent field stays as it is, null takes it back to its default.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct SettingsChange {
    /// Topic, 1 to 200 characters; it has no default.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 200, example = "How bees make honey")]
    pub keyword: Patch<String>,
    /// Default `casual`.
    #[schema(value_type = Option<Tone>)]
    pub tone: Patch<String>,
    /// Default from `Accept-Language`.
    #[schema(value_type = Option<Language>)]
    pub language: Patch<String>,
    /// Seconds, 5 to 180; default 30.
    #[schema(value_type = Option<i64>, minimum = 5, maximum = 180)]
    pub duration_s: Patch<i64>,
    /// Default `9:16`.
    #[schema(value_type = Option<Aspect>)]
    pub aspect: Patch<String>,
    /// A voice of `GET /v1/config/voices`; default the language's first.
    #[schema(value_type = Option<String>, min_length = 1, max_length = 64)]
    pub voice_id: Patch<String>,
    /// Speech speed 0.5 to 2.0; default 1.0.
    #[schema(value_type = Option<f64>, minimum = 0.5, maximum = 2.0)]
    pub speed: Patch<f64>,
    /// A template of `GET /v1/config/templates` that is for narration; default `default`.
    #[schema(value_type = Option<Template>)]
    pub template: Patch<String>,
    /// How the brand looks and speaks.
    #[schema(value_type = Option<Brand>)]
    pub brand: Patch<Brand>,
}

impl Settings {
    /// These settings after a change; a language that goes back to its default becomes that of the request.
    ///
    /// # Errors
    /// [`Invalid`] as in [`Self::parse`].
    pub fn changed(&self, change: SettingsChange, request_language: Language) -> Result<Self, Invalid> {
        let word = |word: &str| Some(word.to_owned());
        let keeps_speed = change.speed.is_keep();
        let draft = SettingsDraft {
            keyword: change.keyword.over(word(self.keyword.as_str())),
            tone: change.tone.over(word(self.tone.as_str())),
            language: change.language.over(word(self.language.as_str())),
            duration_s: change.duration_s.over(Some(i64::from(self.duration_s))),
            aspect: change.aspect.over(word(self.aspect.as_str())),
            voice_id: change.voice_id.over(self.voice_id.clone()),
            speed: change.speed.over(None),
            template: change.template.over(word(self.template.as_str())),
            brand: change.brand.over(Some(self.brand.clone())),
        };
        let mut settings = Self::parse(draft, request_language)?;
        if keeps_speed {
            settings.speed_percent = self.speed_percent;
        }
        Ok(settings)
    }
}
