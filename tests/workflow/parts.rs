//! The functions of the pipeline, each with its own dependencies, on the same store and fakes.

use std::sync::Arc;

use domain::ports::IdSource;
use ledger::PriceList;
use pipeline::{Books, ModelsInUse, Reconciler, StepDeps};
use store::Store;
use testkit::{FakeComposer, FakeExecutions, FakeObjects, FakeQueue, FakeVendor, FixedClock};

/// The functions, connected to the fakes.
pub struct Handlers {
    /// `write-script`.
    pub write_script: write_script::Deps,
    /// `render-image`.
    pub render_image: render_image::Deps,
    /// `speak-script`.
    pub speak_script: speak_script::Deps,
    /// `render-video`.
    pub render_video: render_video::Deps,
    /// `render-chunk`.
    pub render_chunk: render_chunk::Deps,
    /// `join-video`.
    pub join_video: join_video::Deps,
    /// `check-video`.
    pub check_video: check_video::Deps,
    /// `finish-job`.
    pub finish_job: finish_job::Deps,
    /// `fail-job`.
    pub fail_job: fail_job::Deps,
    /// `sweep-jobs`.
    pub sweep_jobs: sweep_jobs::Deps,
    /// `reconcile-job`.
    pub reconcile_job: reconcile_job::Deps,
}

/// What the functions are connected to.
pub struct Parts {
    /// The store.
    pub store: Store,
    /// The clock of every function.
    pub clock: Arc<FixedClock>,
    /// Mints the ids of new rows.
    pub ids: Arc<dyn IdSource>,
    /// The bucket.
    pub objects: Arc<FakeObjects>,
    /// The machine's executions.
    pub executions: Arc<FakeExecutions>,
    /// Writes scripts.
    pub scripts: Arc<FakeVendor>,
    /// Makes images.
    pub images: Arc<FakeVendor>,
    /// Speaks.
    pub voices: Arc<FakeVendor>,
    /// Renders videos.
    pub composer: Arc<FakeComposer>,
    /// The reconcile queue.
    pub queue: Arc<FakeQueue>,
}

impl Parts {
    /// What ends jobs.
    pub fn books(&self) -> Books {
        let clock = Arc::<FixedClock>::clone(&self.clock);
        Books::new(self.store.clone(), PriceList::standard(), clock)
    }

    /// Every function, connected to these.
    pub fn handlers(&self) -> Handlers {
        let step = StepDeps::new(
            self.store.clone(),
            Arc::<FakeObjects>::clone(&self.objects),
            objects::keys::media,
            PriceList::standard(),
            Arc::<FixedClock>::clone(&self.clock),
        );
        let models = ModelsInUse::of(self.scripts.as_ref(), self.images.as_ref(), self.voices.as_ref());
        let waiting = self.books().waiting_for(models);
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
                books: self.books(),
                ids: Arc::clone(&self.ids),
            },
            fail_job: fail_job::Deps {
                books: waiting.clone(),
                ids: Arc::clone(&self.ids),
            },
            sweep_jobs: sweep_jobs::Deps {
                store: self.store.clone(),
                queue: Arc::<FakeQueue>::clone(&self.queue),
                clock: Arc::<FixedClock>::clone(&self.clock),
            },
            reconcile_job: reconcile_job::Deps {
                reconciler: Reconciler::new(waiting, executions),
                ids: Arc::clone(&self.ids),
            },
        }
    }
}
