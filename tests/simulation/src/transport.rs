//! The transport between the store and a database in this process: it decides when a call goes through, and what fails.
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

use crate::command::Act;
use crate::database::{Database, Freshness, Refusal};
use crate::rng::Rng;

mod latency;

pub(crate) use latency::Latency;

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

struct State {
    database: Database,
    rng: Rng,
    faults_left: u64,
    stopped: Option<Stop>,
    written: Vec<Written>,
    calls: u64,
    /// How long calls take, when that is measured.
    latency: Option<Latency>,
    /// Items of transactions on their way.
    busy: Vec<String>,
    /// Every call with its answer, when somebody wants to compare.
    #[cfg(test)]
    recorded: Option<Vec<Call>>,
}

/// A call that reached the database.
#[cfg(test)]
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(crate) operation: String,
    pub(crate) request: Value,
    pub(crate) answer: Result<Value, Refusal>,
}

/// The HTTP client of the store under test.
#[derive(Clone)]
pub(crate) struct Transport(Arc<Mutex<State>>);

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").finish_non_exhaustive()
    }
}

impl Transport {
    /// To an empty database; nothing fails until [`Self::allow_faults`].
    pub(crate) fn new() -> Self {
        let state = State {
            database: Database::default(),
            rng: Rng::of(0),
            faults_left: 0,
            stopped: None,
            written: Vec::new(),
            calls: 0,
            latency: None,
            busy: Vec::new(),
            #[cfg(test)]
            recorded: None,
        };
        Self(Arc::new(Mutex::new(state)))
    }

    pub(crate) fn http_client(&self) -> SharedHttpClient {
        let connector = SharedHttpConnector::new(self.clone());
        http_client_fn(move |_, _| connector.clone())
    }

    /// Lets at most so many of the next calls fail, at random; reads may be stale, and what is switched off
    /// in the database is off.
    pub(crate) fn allow_faults(&self, count: u64, rng: Rng) {
        let mut state = self.state();
        state.faults_left = count;
        state.rng = rng;
        state.database.guards.suspended = false;
    }

    /// Lets nothing fail: whoever checks what a run has left must read it as it is.
    pub(crate) fn stop_faults(&self) {
        let mut state = self.state();
        state.faults_left = 0;
        state.rng = Rng::of(0);
        state.database.guards.suspended = true;
    }

    /// Looks at the database, or changes it behind the store's back.
    pub(crate) fn database<T>(&self, look: impl FnOnce(&mut Database) -> T) -> T {
        look(&mut self.state().database)
    }

    /// Calls so far.
    pub(crate) fn calls(&self) -> u64 {
        self.state().calls
    }

    /// Writes down every call from now on.
    #[cfg(test)]
    pub(crate) fn record_calls(&self) {
        self.state().recorded = Some(Vec::new());
    }

    /// What was written down.
    #[cfg(test)]
    pub(crate) fn take_calls(&self) -> Vec<Call> {
        self.state().recorded.take().unwrap_or_default()
    }

    /// Why the work that was just polled stopped; asking forgets it.
    pub(crate) fn take_stop(&self) -> Option<Stop> {
        self.state().stopped.take()
    }

    /// What was written since the last look.
    pub(crate) fn take_written(&self) -> Vec<Written> {
        std::mem::take(&mut self.state().written)
    }

    /// Of several calls of one work, a death decides.
    fn stop(&self, why: Stop) {
        let mut state = self.state();
        state.stopped = state.stopped.max(Some(why));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    async fn answer(self, operation: String, body: Vec<u8>) -> (u16, Vec<u8>) {
        Turn {
            transport: &self,
            over: false,
        }
        .await;
        let request: Value = match serde_json::from_slice(&body) {
            Ok(request) => request,
            Err(why) => return refused(400, &Refusal::new("SerializationException", why.to_string())),
        };
        let latency = self.state().latency;
        if let Some(latency) = latency {
            return self.delayed(latency, &operation, &request).await;
        }
        let (fate, answer) = self.state().carry_out(&operation, &request);
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

impl State {
    fn fate(&mut self, operation: &str) -> Fate {
        if self.faults_left == 0 || !self.rng.percent(FAULT_PERCENT) {
            return Fate::Answered;
        }
        self.faults_left = self.faults_left.saturating_sub(1);
        let is_read = matches!(operation, "GetItem" | "Query");
        match self.rng.below(5) {
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
        let freshness = if self.rng.percent(STALE_PERCENT) {
            Freshness::MayBeOld
        } else {
            Freshness::Latest
        };
        let answer = self.database.call(operation, request, freshness);
        #[cfg(test)]
        if let Some(recorded) = &mut self.recorded
            // What may be old, the peer answers as it is.
            && (operation != "GetItem" || request["ConsistentRead"] == true)
        {
            recorded.push(Call {
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

impl HttpConnector for Transport {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let target = request.headers().get(TARGET).unwrap_or_default();
        let operation = target.rsplit('.').next().unwrap_or_default().to_owned();
        let body = request.body().bytes().unwrap_or_default().to_vec();
        let transport = self.clone();
        HttpConnectorFuture::new(async move {
            let (status, body) = transport.answer(operation, body).await;
            let status = status.try_into();
            let status = status.map_err(|why| ConnectorError::other(Box::new(why), None))?;
            Ok(HttpResponse::new(status, body.into()))
        })
    }
}

/// Stops once, so that whoever drives the calls can choose which one goes on.
struct Turn<'a> {
    transport: &'a Transport,
    over: bool,
}

impl Future for Turn<'_> {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        if self.over {
            return Poll::Ready(());
        }
        self.over = true;
        self.transport.stop(Stop::Call);
        context.waker().wake_by_ref();
        Poll::Pending
    }
}
