//! Tests of `executions`.

use aws_sdk_sfn::types::ExecutionStatus;
use aws_sdk_sfn::{Client, Config};
use domain::ports::ExecutionState;

use super::{StepFunctions, state_of};

fn client() -> Client {
    let config = Config::builder()
        .behavior_version(aws_sdk_sfn::config::BehaviorVersion::v2026_01_12())
        .build();
    Client::from_conf(config)
}

#[test]
fn the_arn_of_an_execution_follows_from_the_machine() {
    let arn = "arn:aws:states:eu-central-1:000000000000:stateMachine:reelsmith-shortform";
    let machine = StepFunctions::new(client(), arn.to_owned()).unwrap();
    assert_eq!(
        machine.executions_arn,
        "arn:aws:states:eu-central-1:000000000000:execution:reelsmith-shortform"
    );
    assert!(StepFunctions::new(client(), "shortform".to_owned()).is_err());
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
