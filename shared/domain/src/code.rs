//! The registry of error codes: every way the product says no, with its HTTP status and who acts.
//!
//! `docs/generated/ERRORS.md` is generated from this table and compared in the tests.

use serde::{Deserialize, Serialize};

/// Who has to act on an error, and whether trying again can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// The caller sends something else, or waits where `Retry-After` says so.
    Caller,
    /// The same call may succeed later.
    Retry,
    /// We have to look.
    Bug,
}

macro_rules! codes {
    ($($variant:ident = $code:literal, $status:literal, $class:ident, $meaning:literal;)+) => {
        /// A stable code. Codes are added, never changed or reused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum ErrorCode {
            $(#[doc = $meaning] #[serde(rename = $code)] $variant,)+
        }

        impl ErrorCode {
            /// Every code, in the order of the document.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code on the wire; also the `errorType` that Step Functions matches.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $code,)+ }
            }

            /// HTTP status when an API route answers with it.
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status,)+ }
            }

            /// Who has to act on the failure.
            pub const fn class(self) -> Class {
                match self { $(Self::$variant => Class::$class,)+ }
            }

            /// One sentence of the document, fit for the public.
            pub const fn meaning(self) -> &'static str {
                match self { $(Self::$variant => $meaning,)+ }
            }
        }
    };
}

codes! {
    ValidationFailed = "validation_failed", 400, Caller, "A field breaks its rule; `details.field` and `details.rule` say which.";
    MalformedJson = "malformed_json", 400, Caller, "The body is not the JSON that this route takes.";
    InvalidCursor = "invalid_cursor", 400, Caller, "The cursor was not issued by this list, or was changed.";
    VerificationFailed = "verification_failed", 400, Caller, "The confirmation code is wrong or has expired.";
    PasswordRejected = "password_rejected", 400, Caller, "The new password breaks a rule; `details.rule` says which.";
    WebhookRefused = "webhook_refused", 400, Caller, "The webhook's signature or body is not one that its provider would send; `details.reason` says why.";
    WebhookOtherMode = "webhook_other_mode", 400, Caller, "The webhook is about test money where real money counts, or the other way round.";
    Unauthenticated = "unauthenticated", 401, Caller, "The credentials are missing, wrong, expired or withdrawn.";
    InsufficientCredits = "insufficient_credits", 402, Caller, "The available credits do not cover the hold; `details` has `needed` and `available`.";
    AccountInDebt = "account_in_debt", 402, Caller, "Credits are owed since a refund or a dispute; nothing new starts until `details.debt` is paid.";
    MaxCreditsExceeded = "max_credits_exceeded", 402, Caller, "The job may cost more than the `max_credits` it was given; `details` has `needed` and `max_credits`.";
    BudgetExceeded = "budget_exceeded", 402, Caller, "The credits that this key or member may take this month do not cover the hold; `details` has `needed`, `monthly_credits` and `resets_at`.";
    Forbidden = "forbidden", 403, Caller, "The credentials do not allow this act.";
    PasswordWrong = "password_wrong", 403, Caller, "The current password is another one.";
    PlanLimit = "plan_limit", 403, Caller, "The plan does not allow this at any time; `details` has `field`, `limit` and `wanted`.";
    NotFound = "not_found", 404, Caller, "There is no such thing in this account.";
    MethodNotAllowed = "method_not_allowed", 405, Caller, "The path does not have this method; `details.allow` and the header `Allow` name those it has.";
    Conflict = "conflict", 409, Caller, "It changed since it was read, or is used; read it again.";
    IdempotencyInProgress = "idempotency_in_progress", 409, Retry, "The first request with this `Idempotency-Key` has not been answered yet.";
    SubscriptionExists = "subscription_exists", 409, Caller, "The account has a subscription; change or cancel that one.";
    JobActive = "job_active", 409, Caller, "A job works on this project, `details.job_id`; wait for it or cancel it.";
    JobEnded = "job_ended", 409, Caller, "The job has ended and cannot be cancelled.";
    JobNotResumable = "job_not_resumable", 409, Caller, "Only a failed or cancelled job whose project is free can be resumed.";
    InputMissing = "input_missing", 409, Caller, "The project lacks what this step works from; `details.missing` names it.";
    InputOutdated = "input_outdated", 409, Caller, "What this step works from was made from another script or other settings; make the parts in `details.outdated` again, or send `allow_outdated`.";
    ScriptEdited = "script_edited", 409, Caller, "The project's script was edited by hand and would be replaced; make the parts that follow it, or send `rewrite_script`.";
    NothingToMake = "nothing_to_make", 409, Caller, "Nothing is left to make: every part is there as the customer's own.";
    UploadMissing = "upload_missing", 409, Caller, "The file of this asset is not there yet; upload it first.";
    PreconditionFailed = "precondition_failed", 412, Caller, "It is not the version that `If-Match` names; read it again.";
    PayloadTooLarge = "payload_too_large", 413, Caller, "The body is larger than this route takes.";
    UnsupportedMediaType = "unsupported_media_type", 415, Caller, "The body is said to be something other than JSON in UTF-8 without compression; `details.header` names the header.";
    IdempotencyMismatch = "idempotency_mismatch", 422, Caller, "The `Idempotency-Key` was used with another body.";
    RateLimited = "rate_limited", 429, Caller, "Too many requests; wait as long as `Retry-After` says.";
    QuotaExceeded = "quota_exceeded", 429, Caller, "The plan's limit is reached; `details` has `kind`, `limit`, `used` and, when time cures it, `resets_at`.";
    Internal = "internal", 500, Bug, "Something is wrong on our side; it was logged under the request id.";
    Unavailable = "unavailable", 503, Retry, "A part we depend on did not answer; try again.";

    ProviderThrottled = "provider_throttled", 502, Retry, "The provider asks us to slow down.";
    ProviderUnavailable = "provider_unavailable", 502, Retry, "The provider does not answer or has a fault.";
    ProviderPending = "provider_pending", 502, Retry, "The provider still works on it.";
    ProviderRefused = "provider_refused", 502, Caller, "The provider refuses this content.";
    ProviderRejected = "provider_rejected", 502, Bug, "The provider does not accept our call or our account.";
    ModelUnavailable = "model_unavailable", 409, Caller, "The model that the job was started with is not offered any more; start a new job.";
    VoiceUnknown = "voice_unknown", 400, Caller, "There is no such voice for this language.";
    VoiceEngineFailed = "voice_engine_failed", 500, Bug, "The voice engine did not run.";
    ImageEngineFailed = "image_engine_failed", 500, Bug, "The image engine did not run.";
    RenderEngineFailed = "render_engine_failed", 500, Bug, "The video engine did not run.";
    MediaUnusable = "media_unusable", 422, Caller, "An image, a sound or a setting cannot be made into a video.";
    QualityCheckFailed = "quality_check_failed", 500, Bug, "The finished video did not pass its checks.";
    StepTimedOut = "step_timed_out", 500, Retry, "A step took longer than it may.";
    JobCancelled = "job_cancelled", 409, Caller, "The customer cancelled the job.";
    JobStopped = "job_stopped", 500, Bug, "The job's execution ended without a verdict.";
}

impl std::fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
