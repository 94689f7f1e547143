//! Mail through SES.

use aws_sdk_sesv2::Client;
use aws_sdk_sesv2::error::BuildError;
use aws_sdk_sesv2::types::{Body, Content, Destination, EmailContent, Message};
use domain::ErrorCode;
use domain::mail::{Mail, Mailer};
use domain::ports::{PortError, Work};

use crate::sdk_error::failed;

/// SES, from one address.
#[derive(Debug, Clone)]
pub struct SesMail {
    client: Client,
    from: String,
}

impl SesMail {
    /// Sends as `from`, an address that SES has verified.
    pub const fn new(client: Client, from: String) -> Self {
        Self { client, from }
    }
}

impl Mailer for SesMail {
    fn send<'a>(&'a self, mail: &'a Mail) -> Work<'a, Result<(), PortError>> {
        Box::pin(async move {
            let content = content(mail).map_err(|cause| PortError {
                code: ErrorCode::Internal,
                doing: "writing a mail",
                source: Some(Box::new(cause)),
            })?;
            self.client
                .send_email()
                .from_email_address(&self.from)
                .destination(Destination::builder().to_addresses(&mail.to).build())
                .content(content)
                .send()
                .await
                .map(|_accepted| ())
                .map_err(|error| failed("sending a mail", error))
        })
    }
}

fn content(mail: &Mail) -> Result<EmailContent, BuildError> {
    let part = |text: &str| Content::builder().data(text).charset("UTF-8").build();
    let body = Body::builder()
        .text(part(&mail.text)?)
        .html(part(&mail.html)?)
        .build();
    let message = Message::builder()
        .subject(part(&mail.subject)?)
        .body(body)
        .build();
    Ok(EmailContent::builder().simple(message).build())
}
