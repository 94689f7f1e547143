//! The line between the store and a database in this process: it decides when a call goes through, and what fails.
//!
//! No socket and no thread: a run is one sequence of calls in an order that its seed fixes.

use std::fmt;
use std::future::{Future, pending};
use std::iter::once;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use aws_sdk_dynamodb::config::http::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::result::ConnectorError;
use serde_json::Value;

use crate::chance::Chance;
use crate::command::Act;
use crate::database::{Database, Freshness, Refusal};

mod pace;

pub(crate) use pace::Pace;

/// Header that names the operation.
const TARGET: &str = "x-amz-target";
/// Of a hundred calls, how many fail while faults are allowed.
const FAULT_PERCENT: u64 = 12;
/// Of a hundred reads that may be stale, how many are.
const STALE_PERCENT: u64 = 50;

/// What becomes of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Answered,
    /// It is done, and the answer is a 500.
    AnswerLost,
    /// It is not done: another transaction works on an item.
    Conflict,
    /// It is not done: too many requests.
    Throttled,
    /// The process dies before the call leaves it.
    DiesBefore,
    /// The process dies after the call is done, before it hears so.
    DiesAfter,
}

/// Why work does not go on by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stop {
    /// It is about to call the database.
    Call,
    /// Its process died.
    Death,
}

/// A write that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Written {
    pub(crate) act: Act,
    /// Sort keys of all its items.
    items: Vec<String>,
}

impl Written {
    /// What an operation writes; nothing when it reads.
    fn of(operation: &str, request: &Value) -> Option<Self> {
        let act = match operation {
            "TransactWriteItems" => Act::Transaction,
            "PutItem" => Act::Put,
            "UpdateItem" => Act::Update,
            "DeleteItem" => Act::Delete,
            _ => return None,
        };
        let place = |write: &Value| {
            let places = [&write["Item"], &write["Key"]];
            let mut keys = places.into_iter().filter_map(|place| place["sk"]["S"].as_str());
            keys.next().map(str::to_owned)
        };
        let parts = request["TransactItems"].as_array();
        let inner = parts.into_iter().flatten().filter_map(Value::as_object);
        let mut items: Vec<String> = inner.flat_map(|part| part.values()).filter_map(place).collect();
        items.extend(place(request));
        Some(Self { act, items })
    }

    /// Whether an item of this kind is in it.
    pub(crate) fn begins_with(&self, prefix: &str) -> bool {
        self.items.iter().any(|item| item.starts_with(prefix))
    }

    /// What stands after a prefix, of every item with it.
    pub(crate) fn after(&self, prefix: &str) -> impl Iterator<Item = String> {
        self.items
            .iter()
            .filter_map(move |item| item.strip_prefix(prefix))
            .map(str::to_owned)
    }
}

struct Line {
    database: Database,
    chance: Chance,
    faults_left: u64,
    stopped: Option<Stop>,
    written: Vec<Written>,
    calls: u64,
    /// How long calls take, when that is measured.
    pace: Option<Pace>,
    /// Items of transactions on their way.
    busy: Vec<String>,
    /// Every call with its answer, when somebody wants to compare.
    #[cfg(test)]
    transcript: Option<Vec<Call>>,
}

/// A call that reached the database.
#[cfg(test)]
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) operation: String,
    pub(crate) request: Value,
    pub(crate) answer: Result<Value, Refusal>,
}

/// The line.
#[derive(Clone)]
pub(crate) struct Wire(Arc<Mutex<Line>>);

impl fmt::Debug for Wire {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Wire").finish_non_exhaustive()
    }
}

impl Wire {
    /// To an empty database; nothing fails until [`Self::allow_faults`].
    pub(crate) fn new() -> Self {
        let line = Line {
            database: Database::default(),
            chance: Chance::of(0),
            faults_left: 0,
            stopped: None,
            written: Vec::new(),
            calls: 0,
            pace: None,
            busy: Vec::new(),
            #[cfg(test)]
            transcript: None,
        };
        Self(Arc::new(Mutex::new(line)))
    }

    pub(crate) fn http_client(&self) -> SharedHttpClient {
        let connector = SharedHttpConnector::new(self.clone());
        http_client_fn(move |_, _| connector.clone())
    }

    /// Lets at most so many of the next calls fail, as chance decides; reads may be stale, and what is switched off
    /// in the database is off.
    pub(crate) fn allow_faults(&self, count: u64, chance: Chance) {
        let mut line = self.line();
        line.faults_left = count;
        line.chance = chance;
        line.database.sites.are_asleep = false;
    }

    /// Lets nothing fail: who looks at what a run has left must see it as it is.
    pub(crate) fn be_good(&self) {
        let mut line = self.line();
        line.faults_left = 0;
        line.chance = Chance::of(0);
        line.database.sites.are_asleep = true;
    }

    /// Looks at the database, or changes it behind the store's back.
    pub(crate) fn database<T>(&self, look: impl FnOnce(&mut Database) -> T) -> T {
        look(&mut self.line().database)
    }

    /// Calls so far.
    pub(crate) fn calls(&self) -> u64 {
        self.line().calls
    }

    /// Writes down every call from now on.
    #[cfg(test)]
    pub(crate) fn listen(&self) {
        self.line().transcript = Some(Vec::new());
    }

    /// What was written down.
    #[cfg(test)]
    pub(crate) fn heard(&self) -> Vec<Call> {
        self.line().transcript.take().unwrap_or_default()
    }

    /// Why the work that was just polled stopped; asking forgets it.
    pub(crate) fn take_stop(&self) -> Option<Stop> {
        self.line().stopped.take()
    }

    /// What was written since the last look.
    pub(crate) fn take_written(&self) -> Vec<Written> {
        std::mem::take(&mut self.line().written)
    }

    /// Of several calls of one work, a death decides.
    fn stop(&self, why: Stop) {
        let mut line = self.line();
        line.stopped = line.stopped.max(Some(why));
    }

    fn line(&self) -> MutexGuard<'_, Line> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn answer(self, operation: String, body: Vec<u8>) -> (u16, Vec<u8>) {
        Turn {
            wire: &self,
            over: false,
        }
        .await;
        let request: Value = match serde_json::from_slice(&body) {
            Ok(request) => request,
            Err(why) => return refused(400, &Refusal::new("SerializationException", why.to_string())),
        };
        let pace = self.line().pace;
        if let Some(pace) = pace {
            return self.paced(pace, &operation, &request).await;
        }
        let (fate, answer) = self.line().carry_out(&operation, &request);
        match fate {
            Fate::Answered => answer,
            Fate::AnswerLost => refused(500, &Refusal::new("InternalServerError", "lost")),
            Fate::Throttled => {
                let name = "ProvisionedThroughputExceededException";
                refused(400, &Refusal::new(name, "too many requests"))
            }
            Fate::Conflict => refused(400, &conflict(&request)),
            Fate::DiesBefore | Fate::DiesAfter => {
                self.stop(Stop::Death);
                pending().await
            }
        }
    }
}

impl Line {
    fn fate(&mut self, operation: &str) -> Fate {
        if self.faults_left == 0 || !self.chance.percent(FAULT_PERCENT) {
            return Fate::Answered;
        }
        self.faults_left = self.faults_left.saturating_sub(1);
        let is_read = matches!(operation, "GetItem" | "Query");
        match self.chance.below(5) {
            0 => Fate::AnswerLost,
            1 if !is_read => Fate::Conflict,
            1 | 2 => Fate::Throttled,
            3 => Fate::DiesBefore,
            _ => Fate::DiesAfter,
        }
    }

    /// Draws the fate of a call, and does it when it reaches the database.
    fn carry_out(&mut self, operation: &str, request: &Value) -> (Fate, (u16, Vec<u8>)) {
        self.calls += 1;
        let fate = self.fate(operation);
        if matches!(fate, Fate::DiesBefore | Fate::Conflict | Fate::Throttled) {
            return (fate, (0, Vec::new()));
        }
        let freshness = if self.chance.percent(STALE_PERCENT) {
            Freshness::MayBeOld
        } else {
            Freshness::Latest
        };
        let answer = self.database.call(operation, request, freshness);
        #[cfg(test)]
        if let Some(transcript) = &mut self.transcript
            // What may be old, the peer answers as it is.
            && (operation != "GetItem" || request["ConsistentRead"] == true)
        {
            transcript.push(Call {
                operation: operation.to_owned(),
                request: request.clone(),
                answer: answer.clone(),
            });
        }
        let answer = match answer {
            Ok(answer) => {
                self.written.extend(Written::of(operation, request));
                (200, answer.to_string().into_bytes())
            }
            Err(refusal) => refused(400, &refusal),
        };
        (fate, answer)
    }
}

fn refused(status: u16, refusal: &Refusal) -> (u16, Vec<u8>) {
    (status, refusal.body().to_string().into_bytes())
}

/// What DynamoDB says when another transaction works on an item.
fn conflict(request: &Value) -> Refusal {
    let name = "TransactionConflictException";
    let Some(parts) = request["TransactItems"].as_array() else {
        return Refusal::new(name, "another transaction works on this item");
    };
    let others = parts.iter().skip(1).map(|_| "None");
    Refusal {
        reasons: once("TransactionConflict").chain(others).collect(),
        ..Refusal::new("TransactionCanceledException", "Transaction cancelled")
    }
}

impl HttpConnector for Wire {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get(TARGET).unwrap_or_default();
        let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
        let body = request.body().bytes().unwrap_or_default().to_vec();
        let wire = self.clone();
        HttpConnectorFuture::new(async move {
            let (status, body) = wire.answer(operation, body).await;
            let status = status.try_into();
            let status = status.map_err(|why| ConnectorError::other(Box::new(why), None))?;
            Ok(HttpResponse::new(status, body.into()))
        })
    }
}

/// Stops once, so that whoever drives the calls can choose which one goes on.
struct Turn<'a> {
    wire: &'a Wire,
    over: bool,
}

impl Future for Turn<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.over {
            return Poll::Ready(());
        }
        self.over = true;
        self.wire.stop(Stop::Call);
        context.waker().wake_by_ref();
        Poll::Pending
    }
}
