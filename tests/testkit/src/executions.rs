//! A state machine service in memory behind `Executions`.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::execution::ExecutionInput;
use domain::ports::{ExecutionState, Executions, PortError, Work};
use domain::{ErrorCode, Job};

/// Executions by name, as a test or a walk of the machine leaves them.
#[derive(Debug, Default)]
pub struct FakeExecutions {
    all: Mutex<BTreeMap<String, (ExecutionInput, ExecutionState)>>,
    down: Mutex<bool>,
}

impl FakeExecutions {
    fn all(&self) -> MutexGuard<'_, BTreeMap<String, (ExecutionInput, ExecutionState)>> {
        self.all.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Names of all executions.
    pub fn names(&self) -> Vec<String> {
        self.all().keys().cloned().collect()
    }

    /// What the job's run was started with.
    pub fn input(&self, job: &Job) -> Option<ExecutionInput> {
        self.all()
            .get(&job.execution_name())
            .map(|(input, _)| input.clone())
    }

    /// Sets where the job's run stands.
    pub fn set(&self, job: &Job, state: ExecutionState) {
        let input = ExecutionInput::of(job);
        self.all().entry(job.execution_name()).or_insert((input, state)).1 = state;
    }

    /// Whether the job's run was stopped or failed.
    pub fn has_ended(&self, job: &Job) -> bool {
        self.all()
            .get(&job.execution_name())
            .is_some_and(|(_, state)| *state == ExecutionState::Ended)
    }

    /// From now on the service does not answer.
    pub fn go_down(&self) {
        *self.down.lock().unwrap_or_else(PoisonError::into_inner) = true;
    }

    /// From now on it answers again.
    pub fn come_back(&self) {
        *self.down.lock().unwrap_or_else(PoisonError::into_inner) = false;
    }

    fn up(&self) -> Result<(), PortError> {
        if *self.down.lock().unwrap_or_else(PoisonError::into_inner) {
            Err(PortError {
                code: ErrorCode::Unavailable,
                doing: "asking a service that is down",
                source: None,
            })
        } else {
            Ok(())
        }
    }
}

impl Executions for FakeExecutions {
    fn start<'a>(&'a self, job: &'a Job) -> Work<'a, Result<(), PortError>> {
        Box::pin(async move {
            self.up()?;
            let first = (ExecutionInput::of(job), ExecutionState::Running);
            self.all().entry(job.execution_name()).or_insert(first);
            Ok(())
        })
    }

    fn stop<'a>(&'a self, job: &'a Job) -> Work<'a, Result<(), PortError>> {
        Box::pin(async move {
            self.up()?;
            if let Some((_, state)) = self.all().get_mut(&job.execution_name())
                && *state == ExecutionState::Running
            {
                *state = ExecutionState::Ended;
            }
            Ok(())
        })
    }

    fn state<'a>(&'a self, job: &'a Job) -> Work<'a, Result<ExecutionState, PortError>> {
        Box::pin(async move {
            self.up()?;
            Ok(self
                .all()
                .get(&job.execution_name())
                .map_or(ExecutionState::Unknown, |(_, state)| *state))
        })
    }
}
