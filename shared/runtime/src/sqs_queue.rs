//! The queues of SQS, behind the port [`Queue`].

use aws_sdk_sqs::Client;
use domain::ErrorCode;
use domain::ports::{PortError, Queue, Work};
use serde::Serialize;

use crate::sdk_error::failed;

/// Sends messages to one queue, each as JSON; its consumer is run by [`crate::queue()`].
#[derive(Debug, Clone)]
pub struct SqsQueue {
    client: Client,
    url: String,
}

impl SqsQueue {
    /// The queue at `url`.
    pub const fn new(client: Client, url: String) -> Self {
        Self { client, url }
    }

    async fn send_body(&self, body: String) -> Result<(), PortError> {
        let message = self.client.send_message().queue_url(&self.url).message_body(body);
        message
            .send()
            .await
            .map(|_sent| ())
            .map_err(|error| failed("sending a message to a queue", error))
    }
}

impl<M: Serialize> Queue<M> for SqsQueue {
    fn send<'a>(&'a self, message: &'a M) -> Work<'a, Result<(), PortError>> {
        let body = serde_json::to_string(message);
        Box::pin(async move {
            let body = body.map_err(|cause| PortError {
                code: ErrorCode::Internal,
                doing: "writing a message for a queue",
                source: Some(cause.into()),
            })?;
            self.send_body(body).await
        })
    }
}
