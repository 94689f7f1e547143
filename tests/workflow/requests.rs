//! Requests of the samples, for what customers do before and between walks.

use api::Request;
use domain::ports::Clock;
use domain::{AccountId, RequestId};
use serde_json::Value;
use testkit::FixedClock;
use testkit::events::sample;

/// A sample as the runner hands it to the handler.
pub fn event(function: &str, case: &str) -> Request {
    let now = FixedClock::default().now();
    runtime::request_of_event(&sample(function, case), RequestId::new(9_u128.into()), now)
        .unwrap_or_else(|cause| panic!("{function}/{case}: {cause}"))
}

/// The same request with another body.
pub fn saying(mut request: Request, body: &Value) -> Request {
    request.body = body.to_string().into_bytes();
    request
}

/// The same request of another account.
pub fn of_account(mut request: Request, number: u128) -> Request {
    request.caller.as_mut().expect("a caller").account_id = AccountId::new(number.into());
    request
}
