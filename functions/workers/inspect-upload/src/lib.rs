//! Inspects an uploaded file: stores the usable form of it, or refuses it by name.
//!
//! Called by the queue `uploads`; the rules are `uploads`', and this crate brings the video engine to them.
//!
//! # Shape
//! `events/inspect-upload/`: a batch of SQS whose bodies are `{"account_id","asset_id"}`.

mod engine_inspector;

use std::sync::Arc;

use domain::Failure;
use engine::Tools;
use runtime::{Env, StartError, SystemClock};
use store::AssetRef;
use uploads::UploadInspection;

pub use engine_inspector::EngineInspector;

/// Dependencies, connected once per sandbox.
#[derive(Debug)]
pub struct Deps {
    /// Inspects uploads.
    pub inspection: UploadInspection,
}

impl Deps {
    /// Connects to the store and the bucket.
    ///
    /// # Errors
    /// [`StartError`] for a missing variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        let tools = Tools {
            ffmpeg: env.path("FFMPEG_PATH")?,
            fonts_dir: env.path("FONTS_DIR")?,
        };
        Ok(Self {
            inspection: UploadInspection {
                store: runtime::store(env).await?,
                objects: Arc::new(runtime::objects(env).await?),
                inspector: Arc::new(EngineInspector::new(tools)),
                clock: Arc::new(SystemClock),
            },
        })
    }
}

/// Inspects one file.
///
/// # Promises
/// Those of [`UploadInspection::run`].
///
/// # Errors
/// [`Failure`] of the store, the bucket or the machine: the message comes again.
pub async fn handle(deps: &Deps, at: AssetRef) -> Result<(), Failure> {
    runtime::account(at.account_id);
    deps.inspection.run(at).await
}
