//! The queue of jobs that `reconcile-job` has to look at.

use aws_sdk_sqs::Client;
use domain::ports::{JobQueue, PortError, Work};
use domain::{AccountId, JobId};
use serde_json::json;

use crate::sdk_error::failed;

/// A queue, over SQS.
#[derive(Debug, Clone)]
pub struct JobsQueue {
    client: Client,
    url: String,
}

impl JobsQueue {
    /// The queue at `url`.
    pub const fn new(client: Client, url: String) -> Self {
        Self { client, url }
    }
}

impl JobQueue for JobsQueue {
    fn send(&self, account: AccountId, job: JobId) -> Work<'_, Result<(), PortError>> {
        Box::pin(async move {
            let body = json!({"account_id": account, "job_id": job}).to_string();
            let outcome = self
                .client
                .send_message()
                .queue_url(&self.url)
                .message_body(body)
                .send()
                .await;
            outcome
                .map(|_sent| ())
                .map_err(|error| failed("sending a job to the reconcile queue", error))
        })
    }
}
