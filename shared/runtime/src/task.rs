//! The runner of a state machine's task and of everything else that is invoked and answers: event in, value out.

use std::future::Future;
use std::sync::Arc;

use domain::Failure;
use domain::ports::Work;
use lambda_runtime::{Diagnostic, LambdaEvent};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tracing::Instrument;

use crate::{Env, StartError, logging};

/// The event of a schedule; whatever it is, it only says that the time has come.
#[derive(Debug, Deserialize)]
#[serde(transparent)]
pub struct Tick(IgnoredAny);

type Handler = Arc<dyn Fn(Value) -> Work<'static, Result<Value, Failure>> + Send + Sync>;

/// Runs a task until the sandbox ends.
///
/// # Promises
/// A [`Failure`] leaves as `errorType` = its code and `errorMessage` = its public sentence, which is what
/// `ErrorEquals` of the state machine matches.
///
/// # Errors
/// [`StartError`] when `connect` fails or the Lambda service cannot be reached.
pub async fn task<D, Q, A, C, CF, H, HF>(connect: C, handle: H) -> Result<(), StartError>
where
    D: Send + Sync + 'static,
    Q: DeserializeOwned + Send + 'static,
    A: Serialize + Send + 'static,
    C: FnOnce(&'static Env) -> CF,
    CF: Future<Output = Result<D, StartError>>,
    H: Fn(&'static D, Q) -> HF + Send + Sync + 'static,
    HF: Future<Output = Result<A, Failure>> + Send + 'static,
{
    let deps = logging::start(connect).await?;
    let handle = Arc::new(handle);
    serve(Arc::new(move |event| {
        let handle = Arc::clone(&handle);
        Box::pin(async move {
            let request = serde_json::from_value(event).map_err(logging::unreadable_event)?;
            let answer = handle(deps, request).await?;
            serde_json::to_value(answer).map_err(logging::unwritable_answer)
        })
    }))
    .await
}

async fn serve(handler: Handler) -> Result<(), StartError> {
    let service = lambda_runtime::service_fn(move |event: LambdaEvent<Value>| {
        let handler = Arc::clone(&handler);
        async move { one(&handler, event.payload, &event.context.request_id).await }
    });
    lambda_runtime::run(service)
        .await
        .map_err(|source| StartError::failed("running the task", source))
}

async fn one(handler: &Handler, event: Value, request_id: &str) -> Result<Value, Diagnostic> {
    let text = |name: &str| event.get(name).and_then(Value::as_str).map(str::to_owned);
    let span = tracing::info_span!(
        "task",
        "request.id" = request_id,
        "account.id" = text("account_id"),
        "job.id" = text("job_id"),
        "cold" = logging::is_cold(),
    );
    async {
        let outcome = handler(event).await;
        logging::task_outcome(&outcome);
        outcome.map_err(|failure| diagnostic(&failure))
    }
    .instrument(span)
    .await
}

fn diagnostic(failure: &Failure) -> Diagnostic {
    Diagnostic {
        error_type: failure.code.to_string(),
        error_message: failure.public.clone(),
    }
}

#[cfg(test)]
mod tests;
