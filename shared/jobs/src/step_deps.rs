//! What a step works with: its run, stored outputs, calls to providers, and media.

use std::sync::Arc;

use catalogue::{Capability, Catalogue, Model};
use domain::Failure;
use domain::job::{Job, JobModel};
use domain::media::KeyOf;
use domain::ports::{Clock, Objects};
use providers::ProviderError;
use store::Store;

use crate::media_storage::MediaStorage;
use crate::output_cache::OutputCache;
use crate::provider_calls::ProviderCalls;
use crate::step_run::StepRun;

/// The four things that steps use, and the rows of the models; each step names those that it does.
#[derive(Debug, Clone)]
pub struct StepDeps {
    pub(crate) run: StepRun,
    pub(crate) cache: OutputCache,
    pub(crate) calls: ProviderCalls,
    pub(crate) media: MediaStorage,
    catalogue: Catalogue,
}

impl StepDeps {
    /// Over these stores; `catalogue` says what providers charge, and `key_of` is `objects::keys::media`.
    pub fn new(
        store: Store,
        objects: Arc<dyn Objects>,
        key_of: KeyOf,
        catalogue: Catalogue,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            run: StepRun::new(store.clone(), Arc::clone(&clock)),
            cache: OutputCache::new(store.clone(), catalogue, Arc::clone(&clock)),
            calls: ProviderCalls::new(store.clone(), Arc::clone(&clock)),
            media: MediaStorage::new(store, objects, key_of, clock),
            catalogue,
        }
    }

    /// The name of the model that the job has chosen: part of the hash of what it makes.
    pub(crate) fn model_name(&self, job: &Job, capability: Capability) -> JobModel {
        self.catalogue.model_of(&job.models, capability)
    }

    /// The row of that model.
    ///
    /// # Errors
    /// `model_unavailable` for one that the catalogue does not list any more.
    pub(crate) fn model(&self, capability: Capability, name: &JobModel) -> Result<&'static Model, Failure> {
        let row = self.catalogue.row(capability.resource(), name);
        Ok(row.ok_or_else(|| ProviderError::no_such_model(name))?)
    }
}
