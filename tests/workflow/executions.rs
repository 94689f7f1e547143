//! State machine services that misbehave as a test needs it.

use domain::ErrorCode;
use domain::job::{Job, Step};
use domain::ports::{ExecutionState, Executions, PortError, Work};
use store::{JobRun, Store};

/// An execution whose last step ends while somebody looks at it.
#[derive(Debug)]
pub(crate) struct EndsWhenLookedAt(pub(crate) Store);

impl Executions for EndsWhenLookedAt {
    fn start<'a>(&'a self, _job: &'a Job) -> Work<'a, Result<(), PortError>> {
        Box::pin(async { Ok(()) })
    }

    fn stop<'a>(&'a self, _job: &'a Job) -> Work<'a, Result<(), PortError>> {
        Box::pin(async { Ok(()) })
    }

    fn state<'a>(&'a self, job: &'a Job) -> Work<'a, Result<ExecutionState, PortError>> {
        Box::pin(async move {
            let ended = self
                .0
                .end_step(JobRun::from(job), Step::Composition, job.created_at);
            ended.await.expect("the step ends");
            Ok(ExecutionState::Ended)
        })
    }
}

/// A service that knows no execution and starts none.
#[derive(Debug)]
pub(crate) struct StartsNothing;

impl Executions for StartsNothing {
    fn start<'a>(&'a self, _job: &'a Job) -> Work<'a, Result<(), PortError>> {
        Box::pin(async {
            Err(PortError {
                code: ErrorCode::Internal,
                doing: "starting the execution",
                source: None,
            })
        })
    }

    fn stop<'a>(&'a self, _job: &'a Job) -> Work<'a, Result<(), PortError>> {
        Box::pin(async { Ok(()) })
    }

    fn state<'a>(&'a self, _job: &'a Job) -> Work<'a, Result<ExecutionState, PortError>> {
        Box::pin(async { Ok(ExecutionState::Unknown) })
    }
}
