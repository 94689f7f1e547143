//! What can go wrong in a walk of a machine.

use domain::ErrorCode;

/// What goes wrong in a walk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    None,
    /// Every task is called twice.
    Repeat,
    /// These tasks fail with this code, before they do anything.
    Fail(Vec<String>, ErrorCode),
    /// This task times out before it does anything.
    TimeoutBefore(String),
    /// This task does its work, and its answer is lost.
    TimeoutAfter(String),
    /// The first call of this task fails with this code, before it does anything.
    FailOnce(String, ErrorCode),
    /// The first call of this task does its work, and its answer is lost with the function.
    LostOnce(String),
    /// The customer cancels before the task call with this number.
    CancelBefore(usize),
}
