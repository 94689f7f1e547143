//! The route of a vendor's webhooks: the same for every vendor but for its path and its name.

use api::{Request, Response};
use domain::Failure;
use http::Method;
use providers::payments::signature_header;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{Intake, Taken};

/// What became of a delivery.
#[derive(Debug, Serialize, ToSchema)]
pub struct Delivery {
    /// `queued`, `known` or `kept`.
    #[schema(example = "queued")]
    event: &'static str,
}

impl Intake {
    /// Answers one call of the route: takes the delivery in its body.
    ///
    /// # Errors
    /// [`Failure`] with `webhook_refused`, `webhook_other_mode`, or the store's and the queue's.
    pub async fn answer(&self, request: &Request) -> Result<Response, Failure> {
        if request.method != Method::POST {
            return Err(request.method_not_allowed());
        }
        let signature = request.headers.get(signature_header(self.vendor));
        let signature = signature.map(String::as_str);
        let taken = self.take(&request.body, signature, request.now).await?;
        Response::ok(&Delivery {
            event: match taken {
                Taken::Queued => "queued",
                Taken::Known => "known",
                Taken::Kept => "kept",
            },
        })
    }
}
