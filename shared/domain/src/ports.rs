//! Seams to the outside that more than one crate implements or fakes: time, ids, media, executions, people.
//!
//! Futures are boxed: a caller then compiles the call once, not once per function crate.

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::path::Path;
use std::pin::Pin;

use ulid::Ulid;

use crate::outputs::MediaKey;
use crate::{AccountId, ErrorCode, Job, Timestamp};

/// A boxed future that may move between threads.
pub type Work<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// Reads the time.
pub trait Clock: fmt::Debug + Send + Sync {
    /// The time now, UTC.
    fn now(&self) -> Timestamp;
}

/// Mints ids.
pub trait IdSource: fmt::Debug + Send + Sync {
    /// A new ULID of `now`, never given before.
    fn mint(&self, now: Timestamp) -> Ulid;
}

/// What went wrong behind a port, sorted into what a caller can do about it.
#[derive(Debug)]
pub struct PortError {
    /// What the caller's caller is told.
    pub code: ErrorCode,
    /// What was being done.
    pub doing: &'static str,
    /// The cause, for the log only.
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl fmt::Display for PortError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.doing, self.code)
    }
}

impl std::error::Error for PortError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.source {
            Some(cause) => Some(cause.as_ref()),
            None => None,
        }
    }
}

/// Seconds for which a customer's link reads an object: long enough to watch and download, short if it leaks.
pub const LINK_S: u32 = 3600;

/// What a link to upload with takes.
#[derive(Debug, Clone, Copy)]
pub struct UploadTerms<'a> {
    /// Media type that the upload must have.
    pub content_type: &'a str,
    /// Size of the file in bytes.
    pub size_bytes: u64,
    /// Seconds in which the upload may begin.
    pub seconds: u32,
}

/// A link to upload with, by `PUT`.
#[derive(Clone, PartialEq, Eq)]
pub struct UploadLink {
    /// Address to send the file to, with its signature.
    pub url: String,
    /// Headers that have to be sent with it, by lower-case name.
    pub headers: BTreeMap<String, String>,
}

impl fmt::Debug for UploadLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UploadLink([redacted])")
    }
}

/// The media bucket.
pub trait Objects: fmt::Debug + Send + Sync {
    /// Stores a file's bytes under a key; a repeat replaces it.
    fn put<'a>(
        &'a self,
        key: &'a MediaKey,
        content_type: &'a str,
        bytes: Vec<u8>,
    ) -> Work<'a, Result<(), PortError>>;
    /// The same for a file of this machine, which is read while it is sent: memory does not grow with it.
    fn put_file<'a>(
        &'a self,
        key: &'a MediaKey,
        content_type: &'a str,
        file: &'a Path,
    ) -> Work<'a, Result<(), PortError>>;
    /// Reads the whole object. [`ErrorCode::NotFound`] when there is none.
    fn get<'a>(&'a self, key: &'a MediaKey) -> Work<'a, Result<Vec<u8>, PortError>>;
    /// The same into a file of this machine, which is written while it is read. After an error the file is of no use.
    fn get_file<'a>(&'a self, key: &'a MediaKey, file: &'a Path) -> Work<'a, Result<(), PortError>>;
    /// A link that reads the object for `seconds`, without credentials.
    fn link<'a>(&'a self, key: &'a MediaKey, seconds: u32) -> Work<'a, Result<String, PortError>>;
    /// A link that writes the object once or more for `seconds`, without credentials, and takes nothing but `size_bytes`
    /// bytes of `content_type`.
    fn upload_link<'a>(
        &'a self,
        key: &'a MediaKey,
        upload: UploadTerms<'a>,
    ) -> Work<'a, Result<UploadLink, PortError>>;
    /// Bytes of the object; none when there is none.
    fn size<'a>(&'a self, key: &'a MediaKey) -> Work<'a, Result<Option<u64>, PortError>>;
    /// Deletes one object; harmless when there is none.
    fn delete<'a>(&'a self, key: &'a MediaKey) -> Work<'a, Result<(), PortError>>;
    /// Deletes every object whose key begins so.
    fn delete_all<'a>(&'a self, prefix: &'a str) -> Work<'a, Result<(), PortError>>;
}

/// Where an execution stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExecutionState {
    /// No execution has this name.
    Unknown,
    /// The execution is running.
    Running,
    /// The execution ended with success.
    Succeeded,
    /// Failed, timed out or stopped.
    Ended,
}

/// The state machines; each call is about the execution of [`Job::machine`] for the job's present run.
pub trait Executions: fmt::Debug + Send + Sync {
    /// Starts the job's run; a repeat of the same run changes nothing.
    fn start<'a>(&'a self, job: &'a Job) -> Work<'a, Result<(), PortError>>;
    /// Stops it; harmless when it has ended or never started.
    fn stop<'a>(&'a self, job: &'a Job) -> Work<'a, Result<(), PortError>>;
    /// Looks at it.
    fn state<'a>(&'a self, job: &'a Job) -> Work<'a, Result<ExecutionState, PortError>>;
}

/// A queue whose consumer takes messages of the type `M`.
pub trait Queue<M>: fmt::Debug + Send + Sync {
    /// Puts one message on it. A message may arrive twice, and in another order.
    fn send<'a>(&'a self, message: &'a M) -> Work<'a, Result<(), PortError>>;
}

/// Tokens of a signed-in person.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    /// Bearer token of the API.
    pub access_token: String,
    /// Who it is, for the client.
    pub id_token: String,
    /// Gets the next access token; a refresh does not return another.
    pub refresh_token: Option<String>,
    /// Seconds until the access token expires.
    pub expires_in_s: u32,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Session([redacted])")
    }
}

/// The user pool.
///
/// # Promises
/// What mails a code answers alike for every address: known, unknown, confirmed or not.
pub trait People: fmt::Debug + Send + Sync {
    /// Mails a code to an address: of an unknown one it makes an unconfirmed person whose password nobody knows, to one
    /// that is not confirmed it sends the code again, to a confirmed one a code for a new password.
    fn sign_up<'a>(&'a self, email: &'a str) -> Work<'a, Result<(), PortError>>;
    /// Mails the code of an unconfirmed address again.
    fn resend<'a>(&'a self, email: &'a str) -> Work<'a, Result<(), PortError>>;
    /// Takes the code of either mail of [`Self::sign_up`]; from then on the password is this one. Answers with the account.
    fn confirm<'a>(
        &'a self,
        email: &'a str,
        code: &'a str,
        password: &'a str,
    ) -> Work<'a, Result<AccountId, PortError>>;
    /// Checks the password.
    fn log_in<'a>(&'a self, email: &'a str, password: &'a str) -> Work<'a, Result<Session, PortError>>;
    /// Takes a refresh token for a new access token.
    fn refresh<'a>(&'a self, refresh_token: &'a str) -> Work<'a, Result<Session, PortError>>;
    /// Mails a code for a new password.
    fn forgot<'a>(&'a self, email: &'a str) -> Work<'a, Result<(), PortError>>;
    /// Takes that code; from then on the password is this one, and refresh tokens from before are withdrawn. Answers with
    /// the account.
    fn reset<'a>(
        &'a self,
        email: &'a str,
        code: &'a str,
        password: &'a str,
    ) -> Work<'a, Result<AccountId, PortError>>;
    /// Replaces the password of who is signed in.
    fn change_password<'a>(
        &'a self,
        access_token: &'a str,
        before: &'a str,
        after: &'a str,
    ) -> Work<'a, Result<(), PortError>>;
    /// Withdraws a refresh token; harmless when it is no good any more.
    fn log_out<'a>(&'a self, refresh_token: &'a str) -> Work<'a, Result<(), PortError>>;
    /// Withdraws every refresh token of who is signed in.
    fn log_out_everywhere<'a>(&'a self, access_token: &'a str) -> Work<'a, Result<(), PortError>>;
}
