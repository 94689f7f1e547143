//! A queue of texts for one consumer.

use aws_sdk_sqs::Client;
use domain::ports::{MessageQueue, PortError, Work};

use crate::sdk_error::failed;

/// A queue, over SQS.
#[derive(Debug, Clone)]
pub struct TextQueue {
    client: Client,
    url: String,
}

impl TextQueue {
    /// The queue at `url`.
    pub const fn new(client: Client, url: String) -> Self {
        Self { client, url }
    }
}

impl MessageQueue for TextQueue {
    fn send<'a>(&'a self, text: &'a str) -> Work<'a, Result<(), PortError>> {
        Box::pin(async move {
            let sent = self.client.send_message().queue_url(&self.url).message_body(text);
            sent.send()
                .await
                .map(|_sent| ())
                .map_err(|error| failed("sending a text to a queue", error))
        })
    }
}
