//! The models: the one place that takes the rows of the build, and that reads which of them new jobs use.

use catalogue::{Capability, Catalogue};
use domain::job::JobModels;
use runtime::{Env, StartError};

/// The catalogue in force; a test of the tree finds any other place that takes it.
pub const fn catalogue() -> Catalogue {
    Catalogue::standard()
}

/// The models that new jobs use: the default ones of the configured providers. A job keeps its own.
///
/// # Errors
/// [`StartError`] for a missing name, or one that no provider has.
pub fn default_models(env: &Env) -> Result<JobModels, StartError> {
    let variables = [
        (Capability::Script, "SCRIPT_PROVIDER"),
        (Capability::Image, "IMAGE_PROVIDER"),
        (Capability::Voice, "VOICE_PROVIDER"),
    ];
    let model = |(capability, variable): (Capability, &'static str)| {
        let model = catalogue().default_model(capability, &env.required(variable)?);
        let model = model.map_err(|unknown| StartError::failed("choosing the providers", unknown))?;
        Ok((capability.step(), model))
    };
    variables.into_iter().map(model).collect()
}
