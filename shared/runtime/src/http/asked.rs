//! What a route need not know of its call: `HEAD`, `OPTIONS`, `If-None-Match`, and the limits it was counted in.

use ::http::{HeaderName, HeaderValue, Method, StatusCode};
use api::{RateLimits, Request, Response, etag};
use domain::{ErrorCode, Failure};
use lambda_http::Body;

use super::Answer;

/// Headers that say something about a body.
const OF_THE_BODY: [&str; 3] = ["content-type", "content-disposition", "content-encoding"];

/// The call as it came.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) method: Method,
    if_none_match: Option<String>,
    rate_limits: RateLimits,
}

impl Asked {
    /// Keeps what the answer is shaped by. `HEAD` goes to the route as `GET`.
    pub(super) fn of(mut request: Request) -> (Self, Request) {
        let asked = Self {
            method: request.method.clone(),
            if_none_match: request.headers.get("if-none-match").cloned(),
            rate_limits: request.rate_limits.clone(),
        };
        if request.method == Method::HEAD {
            request.method = Method::GET;
        }
        (asked, request)
    }

    /// `OPTIONS` of a path that is there succeeds: what its methods are is the answer. A gateway adds what a browser wants
    /// to know of origins.
    pub(super) fn outcome(&self, outcome: Result<Response, Failure>) -> Result<Response, Failure> {
        match outcome {
            Err(failure) if self.method == Method::OPTIONS && failure.code == ErrorCode::MethodNotAllowed => {
                let allow = super::allow(&failure).map_or_else(String::new, |(_, methods)| methods);
                Ok(Response::no_content().with_header("allow", &allow))
            }
            other => other,
        }
    }

    /// The answer with its limits; 304 where the caller has it, and without a body where none was asked for.
    pub(super) fn shape(&self, mut answer: Answer) -> Answer {
        for (name, value) in self.rate_limits.headers() {
            if let Ok(value) = HeaderValue::from_str(&value) {
                answer.headers_mut().insert(HeaderName::from_static(name), value);
            }
        }
        let reads = matches!(self.method, Method::GET | Method::HEAD);
        if reads && answer.status() == StatusCode::OK && self.knows(&answer) {
            *answer.status_mut() = StatusCode::NOT_MODIFIED;
            *answer.body_mut() = Body::Empty;
            for name in OF_THE_BODY {
                answer.headers_mut().remove(name);
            }
        }
        if self.method == Method::HEAD {
            *answer.body_mut() = Body::Empty;
        }
        answer
    }

    fn knows(&self, answer: &Answer) -> bool {
        let tag = answer.headers().get("etag").and_then(|tag| tag.to_str().ok());
        match (&self.if_none_match, tag) {
            (Some(header), Some(tag)) => etag::is_known(header, tag),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests;
