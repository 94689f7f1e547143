//! The functions of the pipeline, each with its own dependencies, on the same store and fakes.

use std::sync::Arc;

use domain::ports::IdSource;
use jobs::{JobEndings, JobService, ModelsInUse, Quoter, Reconciler, StepDeps};
use ledger::{PriceList, Vendors};
use store::Store;
use testkit::{FakeComposer, FakeExecutions, FakeObjects, FakeQueue, FakeVendor, FixedClock};

/// The functions, connected to the fakes.
pub(crate) struct Handlers {
    pub(crate) write_script: write_script::Deps,
    pub(crate) render_image: render_image::Deps,
    pub(crate) speak_script: speak_script::Deps,
    pub(crate) render_video: render_video::Deps,
    pub(crate) render_chunk: render_chunk::Deps,
    pub(crate) join_video: join_video::Deps,
    pub(crate) check_video: check_video::Deps,
    pub(crate) finish_job: finish_job::Deps,
    pub(crate) fail_job: fail_job::Deps,
    pub(crate) sweep_jobs: sweep_jobs::Deps,
    pub(crate) reconcile_job: reconcile_job::Deps,
}

/// What the functions are connected to.
pub(super) struct Parts {
    pub(super) store: Store,
    pub(super) clock: Arc<FixedClock>,
    pub(super) ids: Arc<dyn IdSource>,
    pub(super) objects: Arc<FakeObjects>,
    pub(super) executions: Arc<FakeExecutions>,
    pub(super) scripts: Arc<FakeVendor>,
    pub(super) images: Arc<FakeVendor>,
    pub(super) voices: Arc<FakeVendor>,
    pub(super) composer: Arc<FakeComposer>,
    pub(super) queue: Arc<FakeQueue>,
}

impl Parts {
    fn endings(&self) -> JobEndings {
        let clock = Arc::<FixedClock>::clone(&self.clock);
        JobEndings::new(self.store.clone(), PriceList::standard(), clock)
    }

    pub(super) fn jobs(&self, providers: Vendors) -> JobService {
        let (store, clock) = (self.store.clone(), Arc::<FixedClock>::clone(&self.clock));
        let prices = PriceList::standard();
        let quoter = Quoter::new(store.clone(), prices, Arc::<FixedClock>::clone(&clock), providers);
        let executions = Arc::<FakeExecutions>::clone(&self.executions);
        JobService::new(store, quoter, self.endings(), executions, clock)
    }

    pub(super) fn handlers(&self) -> Handlers {
        let step = StepDeps::new(
            self.store.clone(),
            Arc::<FakeObjects>::clone(&self.objects),
            objects::keys::media,
            PriceList::standard(),
            Arc::<FixedClock>::clone(&self.clock),
        );
        let models = ModelsInUse::of(self.scripts.as_ref(), self.images.as_ref(), self.voices.as_ref());
        let waiting = self.endings().waiting_for(models);
        let executions = Arc::<FakeExecutions>::clone(&self.executions);
        Handlers {
            write_script: write_script::Deps {
                step: step.clone(),
                writer: Arc::<FakeVendor>::clone(&self.scripts),
            },
            render_image: render_image::Deps {
                step: step.clone(),
                maker: Arc::<FakeVendor>::clone(&self.images),
            },
            speak_script: speak_script::Deps {
                step: step.clone(),
                maker: Arc::<FakeVendor>::clone(&self.voices),
            },
            render_video: render_video::Deps {
                step: step.clone(),
                composer: Arc::<FakeComposer>::clone(&self.composer),
            },
            render_chunk: render_chunk::Deps {
                step: step.clone(),
                composer: Arc::<FakeComposer>::clone(&self.composer),
            },
            join_video: join_video::Deps {
                step: step.clone(),
                composer: Arc::<FakeComposer>::clone(&self.composer),
            },
            check_video: check_video::Deps {
                step,
                composer: Arc::<FakeComposer>::clone(&self.composer),
            },
            finish_job: finish_job::Deps {
                endings: self.endings(),
                ids: Arc::clone(&self.ids),
            },
            fail_job: fail_job::Deps {
                endings: waiting.clone(),
                ids: Arc::clone(&self.ids),
            },
            sweep_jobs: sweep_jobs::Deps {
                store: self.store.clone(),
                queue: Arc::<FakeQueue>::clone(&self.queue),
                clock: Arc::<FixedClock>::clone(&self.clock),
            },
            reconcile_job: reconcile_job::Deps {
                reconciler: Reconciler::new(
                    self.store.clone(),
                    waiting,
                    executions,
                    Arc::<FixedClock>::clone(&self.clock),
                ),
                ids: Arc::clone(&self.ids),
            },
        }
    }
}
