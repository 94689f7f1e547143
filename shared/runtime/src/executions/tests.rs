//! Tests of `executions`.

use aws_sdk_sfn::types::ExecutionStatus;
use aws_sdk_sfn::{Client, Config};
use domain::execution::Machine;
use domain::ports::ExecutionState;

use super::{StepFunctions, state_of};

fn client() -> Client {
    let config = Config::builder()
        .behavior_version(aws_sdk_sfn::config::BehaviorVersion::v2026_01_12())
        .build();
    Client::from_conf(config)
}

#[test]
fn arns_follow_from_the_prefix_and_the_name_of_the_machine() {
    let prefix = "arn:aws:states:eu-central-1:000000000000:stateMachine:reelsmith-";
    let machines = StepFunctions::new(client(), prefix.to_owned()).unwrap();
    assert_eq!(
        machines.machine_arn(Machine::Shortform),
        "arn:aws:states:eu-central-1:000000000000:stateMachine:reelsmith-shortform"
    );
    assert_eq!(
        machines.execution_arn(Machine::Shortform, "job_1"),
        "arn:aws:states:eu-central-1:000000000000:execution:reelsmith-shortform:job_1"
    );
    assert!(StepFunctions::new(client(), "reelsmith-".to_owned()).is_err());
}

#[test]
fn only_a_running_execution_is_running() {
    for (status, state) in [
        (ExecutionStatus::Running, ExecutionState::Running),
        (ExecutionStatus::PendingRedrive, ExecutionState::Running),
        (ExecutionStatus::Succeeded, ExecutionState::Succeeded),
        (ExecutionStatus::Failed, ExecutionState::Ended),
        (ExecutionStatus::TimedOut, ExecutionState::Ended),
        (ExecutionStatus::Aborted, ExecutionState::Ended),
    ] {
        assert_eq!(state_of(&status), state, "{status}");
    }
}
