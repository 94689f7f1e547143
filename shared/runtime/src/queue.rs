//! The runner of a queue's consumer: one message at a time, each failure reported by its own id.

use std::future::Future;
use std::sync::Arc;

use domain::Failure;
use domain::ports::Work;
use lambda_runtime::LambdaEvent;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tracing::Instrument;

use crate::{Env, StartError, logging};

type Handler = Arc<dyn Fn(String) -> Work<'static, Result<(), Failure>> + Send + Sync>;

/// A batch as SQS hands it to a function.
///
/// `aws_lambda_events` has the same shape, but its feature `sqs` adds seven crates to the build (`serde_with`, its macros
/// and what they stand on) for these few lines.
#[derive(Debug, Deserialize)]
struct SqsEvent {
    #[serde(rename = "Records")]
    records: Vec<SqsMessage>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct SqsMessage {
    message_id: String,
    body: String,
}

/// Which messages of a batch come again; SQS deletes the others.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct SqsBatchResponse {
    batch_item_failures: Vec<BatchItemFailure>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct BatchItemFailure {
    item_identifier: String,
}

/// Runs a queue's consumer until the sandbox ends.
///
/// # Promises
/// Every failed message is reported, also one that will fail again: it must reach the dead letter queue and be
/// seen. The messages beside it are not repeated.
///
/// # Errors
/// [`StartError`] when `connect` fails or the Lambda service cannot be reached.
pub async fn queue<D, M, C, CF, H, HF>(connect: C, handle: H) -> Result<(), StartError>
where
    D: Send + Sync + 'static,
    M: DeserializeOwned + Send + 'static,
    C: FnOnce(&'static Env) -> CF,
    CF: Future<Output = Result<D, StartError>>,
    H: Fn(&'static D, M) -> HF + Send + Sync + 'static,
    HF: Future<Output = Result<(), Failure>> + Send + 'static,
{
    let deps = logging::start(connect).await?;
    let handle = Arc::new(handle);
    serve(Arc::new(move |body| {
        let handle = Arc::clone(&handle);
        Box::pin(async move {
            let message = serde_json::from_str(&body).map_err(logging::unreadable_event)?;
            handle(deps, message).await
        })
    }))
    .await
}

async fn serve(handler: Handler) -> Result<(), StartError> {
    let service = lambda_runtime::service_fn(move |event: LambdaEvent<SqsEvent>| {
        let handler = Arc::clone(&handler);
        async move { Ok::<_, lambda_runtime::Error>(batch(&handler, event.payload).await) }
    });
    lambda_runtime::run(service)
        .await
        .map_err(|source| StartError::failed("running the queue's consumer", source))
}

/// Handles a batch; the answer names the messages that come again.
async fn batch(handler: &Handler, batch: SqsEvent) -> SqsBatchResponse {
    let mut answer = SqsBatchResponse::default();
    for message in batch.records {
        let span = tracing::info_span!(
            "message",
            "message.id" = message.message_id,
            "account.id" = tracing::field::Empty,
            "job.id" = tracing::field::Empty,
            "cold" = logging::is_cold(),
        );
        let outcome = handler(message.body).instrument(span.clone()).await;
        span.in_scope(|| logging::task_outcome(&outcome));
        if outcome.is_err() {
            answer.batch_item_failures.push(BatchItemFailure {
                item_identifier: message.message_id,
            });
        }
    }
    answer
}

#[cfg(test)]
mod tests;
