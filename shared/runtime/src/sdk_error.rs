//! What an AWS service said, sorted into what a caller can do about it.

use std::error::Error;

use aws_sdk_sfn::error::{ProvideErrorMetadata, SdkError};
use domain::ErrorCode;
use domain::ports::PortError;

/// A failed call: `unavailable` when it may pass, `internal` when the service understood and refused.
pub(crate) fn failed<E>(doing: &'static str, error: SdkError<E>) -> PortError
where
    E: ProvideErrorMetadata + Error + Send + Sync + 'static,
{
    let refused = error.as_service_error().is_some() && !may_pass(error.code());
    PortError {
        code: if refused {
            ErrorCode::Internal
        } else {
            ErrorCode::Unavailable
        },
        doing,
        source: Some(Box::new(error)),
    }
}

/// Whether the service asked us to slow down, or had a fault of its own.
fn may_pass(code: Option<&str>) -> bool {
    code.is_some_and(|code| {
        [
            "Throttl",
            "TooManyRequests",
            "LimitExceeded",
            "ServiceUnavailable",
            "InternalError",
            "InternalFailure",
            "InternalServer",
        ]
        .iter()
        .any(|part| code.contains(part))
    })
}

#[cfg(test)]
mod tests;
