//! The state machines behind [`Executions`].

use aws_sdk_sfn::Client;
use aws_sdk_sfn::error::ProvideErrorMetadata;
use aws_sdk_sfn::types::ExecutionStatus;
use domain::execution::{ExecutionInput, Machine};
use domain::ports::{ExecutionState, Executions, PortError, Work};
use domain::{ErrorCode, Job};

use crate::StartError;
use crate::sdk_error::failed;

/// Step Functions.
#[derive(Debug, Clone)]
pub struct StepFunctions {
    client: Client,
    machines_arn: String,
    executions_arn: String,
}

impl StepFunctions {
    /// The machines whose ARNs begin so and end with their names; the ARNs of their executions follow from it.
    ///
    /// # Errors
    /// [`StartError`] when it is not the beginning of a state machine's ARN.
    pub fn new(client: Client, machines_arn: String) -> Result<Self, StartError> {
        let executions_arn = machines_arn.replacen(":stateMachine:", ":execution:", 1);
        if executions_arn == machines_arn {
            return Err(StartError::InvalidVariable {
                name: "MACHINES_ARN_PREFIX",
                expected: "the beginning of the ARN of a state machine",
            });
        }
        Ok(Self {
            client,
            machines_arn,
            executions_arn,
        })
    }

    fn machine_arn(&self, machine: Machine) -> String {
        format!("{}{}", self.machines_arn, machine.as_str())
    }

    fn execution_arn(&self, machine: Machine, name: &str) -> String {
        format!("{}{}:{name}", self.executions_arn, machine.as_str())
    }

    fn arn_of(&self, job: &Job) -> String {
        self.execution_arn(job.machine(), &job.execution_name())
    }
}

impl Executions for StepFunctions {
    fn start<'a>(&'a self, job: &'a Job) -> Work<'a, Result<(), PortError>> {
        Box::pin(async move {
            let input = serde_json::to_string(&ExecutionInput::of(job)).map_err(|cause| PortError {
                code: ErrorCode::Internal,
                doing: "writing an execution's input",
                source: Some(Box::new(cause)),
            })?;
            let outcome = self
                .client
                .start_execution()
                .state_machine_arn(self.machine_arn(job.machine()))
                .name(job.execution_name())
                .input(input)
                .send()
                .await;
            match outcome {
                Ok(_) => Ok(()),
                Err(error) if error.code() == Some("ExecutionAlreadyExists") => Ok(()),
                Err(error) => Err(failed("starting the execution", error)),
            }
        })
    }

    fn stop<'a>(&'a self, job: &'a Job) -> Work<'a, Result<(), PortError>> {
        Box::pin(async move {
            let outcome = self
                .client
                .stop_execution()
                .execution_arn(self.arn_of(job))
                .send()
                .await;
            match outcome {
                Ok(_) => Ok(()),
                Err(error) if error.code() == Some("ExecutionDoesNotExist") => Ok(()),
                Err(error) => Err(failed("stopping the execution", error)),
            }
        })
    }

    fn state<'a>(&'a self, job: &'a Job) -> Work<'a, Result<ExecutionState, PortError>> {
        Box::pin(async move {
            let outcome = self
                .client
                .describe_execution()
                .execution_arn(self.arn_of(job))
                .send()
                .await;
            match outcome {
                Ok(found) => Ok(state_of(&found.status)),
                Err(error) if error.code() == Some("ExecutionDoesNotExist") => Ok(ExecutionState::Unknown),
                Err(error) => Err(failed("looking at the execution", error)),
            }
        })
    }
}

fn state_of(status: &ExecutionStatus) -> ExecutionState {
    match status {
        ExecutionStatus::Running | ExecutionStatus::PendingRedrive => ExecutionState::Running,
        ExecutionStatus::Succeeded => ExecutionState::Succeeded,
        _ => ExecutionState::Ended,
    }
}

#[cfg(test)]
mod tests;
