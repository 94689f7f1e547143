//! Logs as JSON lines and metrics in the embedded format; names and the never-log list are in `docs/LOGGING.md`.

use std::future::Future;
use std::io::Write;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use api::Response;
use domain::ports::Clock;
use domain::{AccountId, Class, ErrorCode, Failure, JobId};
use serde_json::{Map, Value, json};
use tracing_subscriber::EnvFilter;

use crate::error_chain::chain;
use crate::{Env, StartError, SystemClock};

/// Namespace of every metric.
const NAMESPACE: &str = "Reelsmith";

/// Name of the stack, from the start of the function on: a dimension of every metric, because without it two stacks of one
/// account would raise each other's alarms.
static STACK: OnceLock<String> = OnceLock::new();

static WARM: AtomicBool = AtomicBool::new(false);

/// Whether this is the first invocation of the sandbox.
pub(crate) fn is_cold() -> bool {
    !WARM.swap(true, Ordering::Relaxed)
}

/// Sets up logging and connects; both live as long as the process.
pub(crate) async fn start<D, C, CF>(connect: C) -> Result<&'static D, StartError>
where
    D: 'static,
    C: FnOnce(&'static Env) -> CF,
    CF: Future<Output = Result<D, StartError>>,
{
    // Leaked on purpose: a sandbox has one of each, and handlers then borrow them without counting.
    let env: &'static Env = Box::leak(Box::new(Env::process()));
    let stack = env.required("STACK_NAME")?;
    let level = env.optional("LOG_LEVEL").unwrap_or_else(|| "info".to_owned());
    let filter = EnvFilter::try_new(level).map_err(|_cause| StartError::InvalidVariable {
        name: "LOG_LEVEL",
        expected: "a filter such as `info`",
    })?;
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_env_filter(filter)
        .try_init()
        .map_err(|source| StartError::failed("setting up the log", source))?;
    STACK.get_or_init(|| stack);
    match connect(env).await {
        Ok(deps) => Ok(Box::leak(Box::new(deps))),
        Err(error) => {
            tracing::error!(error = chain(&error), "the function cannot start");
            Err(error)
        }
    }
}

/// Names the account in the invocation's log lines.
pub fn account(id: AccountId) {
    tracing::Span::current().record("account.id", tracing::field::display(id));
}

/// Names the job in the invocation's log lines.
pub fn job(id: JobId) {
    tracing::Span::current().record("job.id", tracing::field::display(id));
}

/// Unit of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A number of things.
    Count,
    /// A duration.
    Milliseconds,
}

/// Writes one value of a metric; CloudWatch reads it from the log line. Its dimensions are the stack and those given.
///
/// # Limits
/// A dimension is billed per value: names of functions, steps and codes, never ids.
pub fn metric(name: &str, unit: Unit, value: u64, dimensions: &[(&str, &str)]) {
    let stack = STACK.get().map(|name| ("stack", name.as_str()));
    let dimensions: Vec<_> = stack.into_iter().chain(dimensions.iter().copied()).collect();
    let line = metric_line(name, unit, value, &dimensions, SystemClock.now().as_ms());
    // A metric that cannot be written must not fail the work that it counts.
    if let Err(cause) = writeln!(std::io::stdout().lock(), "{line}") {
        tracing::warn!(error = %cause, "a metric was lost");
    }
}

fn metric_line(name: &str, unit: Unit, value: u64, dimensions: &[(&str, &str)], now_ms: i64) -> Value {
    let unit = match unit {
        Unit::Count => "Count",
        Unit::Milliseconds => "Milliseconds",
    };
    let names: Vec<&str> = dimensions.iter().map(|(name, _)| *name).collect();
    let mut line: Map<String, Value> = dimensions
        .iter()
        .map(|(name, value)| ((*name).to_owned(), json!(value)))
        .collect();
    line.insert(name.to_owned(), json!(value));
    line.insert(
        "_aws".to_owned(),
        json!({
            "Timestamp": now_ms,
            "CloudWatchMetrics": [{
                "Namespace": NAMESPACE,
                "Dimensions": [names],
                "Metrics": [{"Name": name, "Unit": unit}],
            }],
        }),
    );
    Value::Object(line)
}

/// Logs the end of a route's call.
pub(crate) fn http_outcome(outcome: &Result<Response, Failure>) {
    match outcome {
        Ok(response) => tracing::info!("http.status" = response.status.as_u16(), "answered"),
        Err(failure) => log_failure(failure),
    }
}

/// Logs the end of a task or a message.
pub(crate) fn task_outcome<T>(outcome: &Result<T, Failure>) {
    match outcome {
        Ok(_) => tracing::info!("done"),
        Err(failure) => log_failure(failure),
    }
}

/// Logs a failure once, with its whole chain of causes, at the level of who acts.
pub fn log_failure(failure: &Failure) {
    match failure.code.class() {
        Class::Caller => log_refused(failure),
        Class::Retry => log_passing(failure),
        Class::Bug => log_fault(failure),
    }
}

fn log_refused(failure: &Failure) {
    tracing::info!(
        "error.code" = failure.code.as_str(),
        error = chain(failure),
        "refused"
    );
}

fn log_passing(failure: &Failure) {
    tracing::warn!(
        "error.code" = failure.code.as_str(),
        error = chain(failure),
        "failed, may pass"
    );
}

fn log_fault(failure: &Failure) {
    tracing::error!(
        "error.code" = failure.code.as_str(),
        error = chain(failure),
        "failed"
    );
    metric("errors", Unit::Count, 1, &[("code", failure.code.as_str())]);
}

/// An event that is not what this function takes: a fault of ours, since only our own machine sends it.
pub(crate) fn unreadable_event(cause: serde_json::Error) -> Failure {
    Failure::new(ErrorCode::Internal).because(cause)
}

/// An answer that cannot be JSON.
pub(crate) fn unwritable_answer(cause: serde_json::Error) -> Failure {
    Failure::new(ErrorCode::Internal).because(cause)
}

#[cfg(test)]
mod tests;
