//! The queue of accounts that `inspect-account` visits.

use aws_sdk_sqs::Client;
use domain::AccountId;
use domain::ports::{AccountQueue, PortError, Work};
use serde_json::json;

use crate::sdk_error::failed;

/// A queue, over SQS.
#[derive(Debug, Clone)]
pub struct AccountsQueue {
    client: Client,
    url: String,
}

impl AccountsQueue {
    /// The queue at `url`.
    pub const fn new(client: Client, url: String) -> Self {
        Self { client, url }
    }
}

impl AccountQueue for AccountsQueue {
    fn send(&self, account: AccountId) -> Work<'_, Result<(), PortError>> {
        Box::pin(async move {
            self.client
                .send_message()
                .queue_url(&self.url)
                .message_body(json!({"account_id": account}).to_string())
                .send()
                .await
                .map(|_sent| ())
                .map_err(|error| failed("sending an account to the accounts queue", error))
        })
    }
}
