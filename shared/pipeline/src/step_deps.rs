//! What a step works with: its run, stored outputs, calls to providers, and media.

use std::sync::Arc;

use domain::media::KeyOf;
use domain::ports::{Clock, Objects};
use ledger::PriceList;
use store::Store;

use crate::media_storage::MediaStorage;
use crate::output_cache::OutputCache;
use crate::provider_calls::ProviderCalls;
use crate::step_run::StepRun;

/// The four things that steps use; each step names those that it does.
#[derive(Debug, Clone)]
pub struct StepDeps {
    pub(crate) run: StepRun,
    pub(crate) cache: OutputCache,
    pub(crate) calls: ProviderCalls,
    pub(crate) media: MediaStorage,
}

impl StepDeps {
    /// Over these stores; `prices` says what providers charge, and `key_of` is `objects::keys::media`.
    pub fn new(
        store: Store,
        objects: Arc<dyn Objects>,
        key_of: KeyOf,
        prices: PriceList,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            run: StepRun::new(store.clone(), Arc::clone(&clock)),
            cache: OutputCache::new(store.clone(), prices, Arc::clone(&clock)),
            calls: ProviderCalls::new(store.clone(), Arc::clone(&clock)),
            media: MediaStorage::new(store, objects, key_of, clock),
        }
    }
}
