//! A queue in memory behind the port `Queue`.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use domain::ports::{PortError, Queue, Work};

/// A queue that remembers what it was sent.
#[derive(Debug)]
pub struct FakeQueue<M> {
    sent: Mutex<Vec<M>>,
}

impl<M> Default for FakeQueue<M> {
    fn default() -> Self {
        Self {
            sent: Mutex::default(),
        }
    }
}

impl<M> FakeQueue<M> {
    /// Takes everything off.
    pub fn take(&self) -> Vec<M> {
        std::mem::take(&mut self.sent.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl<M: Clone + fmt::Debug + Send + Sync> Queue<M> for FakeQueue<M> {
    fn send<'a>(&'a self, message: &'a M) -> Work<'a, Result<(), PortError>> {
        Box::pin(async move {
            self.sent
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(message.clone());
            Ok(())
        })
    }
}
