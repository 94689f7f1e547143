//! What a local DynamoDB never does: lose an answer, meet another writer, throttle.
//!
//! An interceptor of the client plays it; the client does not repeat by itself, so each fault reaches the store.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_dynamodb::config::interceptors::{
    BeforeDeserializationInterceptorContextMut, BeforeTransmitInterceptorContextMut,
};
use aws_sdk_dynamodb::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_dynamodb::error::BoxError;
use aws_smithy_types::config_bag::{Storable, StoreReplace};

/// Header that names the operation.
const TARGET: &str = "x-amz-target";

/// One fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It is done, and the answer is a 500.
    LostAnswer,
    /// It is not done: another transaction works on an item.
    Conflict,
    /// It is not done: too many requests.
    Throttled,
}

impl Fault {
    /// Status and body of the answer in its place.
    const fn answer(self) -> (u16, &'static str) {
        match self {
            Self::LostAnswer => (
                500,
                r#"{"__type":"com.amazonaws.dynamodb.v20120810#InternalServerError"}"#,
            ),
            Self::Conflict => (
                400,
                r#"{"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException",
                    "CancellationReasons":[{"Code":"TransactionConflict"},{"Code":"None"}]}"#,
            ),
            Self::Throttled => (
                400,
                r#"{"__type":"com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException"}"#,
            ),
        }
    }
}

/// Carried from a request to its answer.
impl Storable for Fault {
    type Storer = StoreReplace<Self>;
}

/// Faults to come.
#[derive(Debug, Clone, Default)]
pub struct Faults(Arc<Mutex<VecDeque<(&'static str, Fault)>>>);

impl Faults {
    /// Lets the next calls of an operation (`PutItem`, `TransactWriteItems`, ...) fail, one after the other.
    pub fn plan(&self, operation: &'static str, faults: impl IntoIterator<Item = Fault>) {
        let mut planned = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        planned.extend(faults.into_iter().map(|fault| (operation, fault)));
    }

    /// Faults that have not happened yet.
    pub fn left(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn take(&self, target: &str) -> Option<Fault> {
        let mut planned = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let place = planned
            .iter()
            .position(|(operation, _)| target.rsplit('.').next() == Some(*operation))?;
        planned.remove(place).map(|(_, fault)| fault)
    }
}

impl Intercept for Faults {
    fn name(&self) -> &'static str {
        "Faults"
    }

    fn modify_before_transmit(
        &self,
        context: &mut BeforeTransmitInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let headers = context.request_mut().headers_mut();
        let fault = headers.get(TARGET).and_then(|target| self.take(target));
        if let Some(fault) = fault {
            bag.interceptor_state().store_put(fault);
            if fault != Fault::LostAnswer {
                // Sent as something that changes nothing.
                headers.insert(TARGET, "DynamoDB_20120810.DescribeLimits");
            }
        }
        Ok(())
    }

    fn modify_before_deserialization(
        &self,
        context: &mut BeforeDeserializationInterceptorContextMut<'_>,
        _: &RuntimeComponents,
        bag: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let Some(fault) = bag.load::<Fault>() else {
            return Ok(());
        };
        let (status, body) = fault.answer();
        let response = context.response_mut();
        *response.status_mut() = status.try_into()?;
        *response.body_mut() = body.into();
        Ok(())
    }
}
