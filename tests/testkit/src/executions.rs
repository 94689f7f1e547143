//! A state machine service in memory behind `Executions`, and queues behind `JobQueue`, `AccountQueue`, `MessageQueue`.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::execution::ExecutionInput;
use domain::ports::{AccountQueue, ExecutionState, Executions, JobQueue, MessageQueue, PortError, Work};
use domain::{AccountId, ErrorCode, Job, JobId};

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

/// A queue of accounts that remembers what it was sent.
#[derive(Debug, Default)]
pub struct FakeAccountQueue {
    sent: Mutex<Vec<AccountId>>,
}

impl FakeAccountQueue {
    /// Takes everything off.
    pub fn take(&self) -> Vec<AccountId> {
        std::mem::take(&mut self.sent.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl AccountQueue for FakeAccountQueue {
    fn send(&self, account: AccountId) -> Work<'_, Result<(), PortError>> {
        Box::pin(async move {
            self.sent
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(account);
            Ok(())
        })
    }
}

/// A queue that remembers what it was sent.
#[derive(Debug, Default)]
pub struct FakeQueue {
    sent: Mutex<Vec<(AccountId, JobId)>>,
}

impl FakeQueue {
    /// Takes everything off.
    pub fn take(&self) -> Vec<(AccountId, JobId)> {
        std::mem::take(&mut self.sent.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl JobQueue for FakeQueue {
    fn send(&self, account: AccountId, job: JobId) -> Work<'_, Result<(), PortError>> {
        Box::pin(async move {
            self.sent
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push((account, job));
            Ok(())
        })
    }
}

/// A queue of texts that remembers what it was sent.
#[derive(Debug, Default)]
pub struct FakeMessageQueue {
    sent: Mutex<Vec<String>>,
}

impl FakeMessageQueue {
    /// Takes everything off.
    pub fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.sent.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl MessageQueue for FakeMessageQueue {
    fn send<'a>(&'a self, text: &'a str) -> Work<'a, Result<(), PortError>> {
        Box::pin(async move {
            self.sent
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(text.to_owned());
            Ok(())
        })
    }
}
