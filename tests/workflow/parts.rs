//! The functions of the pipeline, each with its own dependencies, on the same store and fakes.

use std::sync::Arc;

use catalogue::Catalogue;
use domain::job::JobModels;
use domain::ports::IdSource;
use jobs::{JobEndings, JobService, Quoter, Reconciler, StepDeps};
use store::{JobRef, Store};
use testkit::{FakeComposer, FakeExecutions, FakeObjects, FakeProvider, FakeQueue, FixedClock};

use super::models::FakeClients;

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
#[derive(Clone)]
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
    pub scripts: Arc<FakeProvider>,
    /// Makes images.
    pub images: Arc<FakeProvider>,
    /// Speaks.
    pub voices: Arc<FakeProvider>,
    /// The second provider, for everything.
    pub other: Arc<FakeProvider>,
    /// Renders videos.
    pub composer: Arc<FakeComposer>,
    /// The reconcile queue.
    pub queue: Arc<FakeQueue<JobRef>>,
}

impl Parts {
    fn endings(&self, catalogue: Catalogue) -> JobEndings {
        let clock = Arc::<FixedClock>::clone(&self.clock);
        JobEndings::new(self.store.clone(), catalogue, clock)
    }

    /// Starts, cancels and resumes jobs; new ones use these models.
    pub fn jobs(&self, catalogue: Catalogue, models: JobModels) -> JobService {
        let (store, clock) = (self.store.clone(), Arc::<FixedClock>::clone(&self.clock));
        let quoter = Quoter::new(store.clone(), catalogue, Arc::<FixedClock>::clone(&clock), models);
        let executions = Arc::<FakeExecutions>::clone(&self.executions);
        JobService::new(store, quoter, self.endings(catalogue), executions, clock)
    }

    fn clients(&self, local: &Arc<FakeProvider>) -> Arc<FakeClients> {
        Arc::new(FakeClients {
            local: Arc::clone(local),
            other: Arc::clone(&self.other),
        })
    }

    /// Every function, connected to these.
    pub fn handlers(&self, catalogue: Catalogue) -> Handlers {
        let step = StepDeps::new(
            self.store.clone(),
            Arc::<FakeObjects>::clone(&self.objects),
            objects::keys::media,
            catalogue,
            Arc::<FixedClock>::clone(&self.clock),
        );
        let executions = Arc::<FakeExecutions>::clone(&self.executions);
        Handlers {
            write_script: write_script::Deps {
                step: step.clone(),
                writers: self.clients(&self.scripts),
            },
            render_image: render_image::Deps {
                step: step.clone(),
                makers: self.clients(&self.images),
            },
            speak_script: speak_script::Deps {
                step: step.clone(),
                makers: self.clients(&self.voices),
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
                endings: self.endings(catalogue),
                ids: Arc::clone(&self.ids),
            },
            fail_job: fail_job::Deps {
                endings: self.endings(catalogue),
                ids: Arc::clone(&self.ids),
            },
            sweep_jobs: sweep_jobs::Deps {
                store: self.store.clone(),
                queue: Arc::<FakeQueue<JobRef>>::clone(&self.queue),
                clock: Arc::<FixedClock>::clone(&self.clock),
            },
            reconcile_job: reconcile_job::Deps {
                reconciler: Reconciler::new(
                    self.store.clone(),
                    self.endings(catalogue),
                    executions,
                    Arc::<FixedClock>::clone(&self.clock),
                ),
                ids: Arc::clone(&self.ids),
            },
        }
    }
}
