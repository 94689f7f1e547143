//! The whole product of state and event, allowed and refused.

use super::*;

#[test]
fn every_pair_of_state_and_event_is_decided() {
    use JobEvent::{Begin, Cancel, Complete, Fail, Resume};
    use JobState::{Cancelled, Completed, Failed, Pending, Processing};
    for state in JobState::ALL {
        for event in [Begin, Complete, Fail, Cancel, Resume] {
            let wanted = match (state, event) {
                (Pending | Processing, Begin) => Some(Processing),
                (Pending | Processing, Complete) => Some(Completed),
                (Pending | Processing, Fail) => Some(Failed),
                (Pending | Processing, Cancel) => Some(Cancelled),
                (Failed | Cancelled, Resume) => Some(Pending),
                _ => None,
            };
            assert_eq!(state.after(event).ok(), wanted, "{state:?} {event:?}");
        }
    }
}

#[test]
fn only_open_states_hold_credits() {
    let open: Vec<_> = JobState::ALL.into_iter().filter(|s| s.is_open()).collect();
    assert_eq!(open, [JobState::Pending, JobState::Processing]);
}
