//! A mailer that keeps what it was given.

use std::sync::{Mutex, PoisonError};

use domain::ErrorCode;
use domain::mail::{Mail, Mailer};
use domain::ports::{PortError, Work};

/// Keeps every mail; fails as often as it was told to.
#[derive(Debug, Default)]
pub struct FakeMail {
    sent: Mutex<Vec<Mail>>,
    failures: Mutex<u32>,
}

impl FakeMail {
    /// Takes everything out.
    pub fn take(&self) -> Vec<Mail> {
        std::mem::take(&mut self.sent.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Refuses the next calls.
    pub fn fail(&self, times: u32) {
        *self.failures.lock().unwrap_or_else(PoisonError::into_inner) = times;
    }
}

impl Mailer for FakeMail {
    fn send<'a>(&'a self, mail: &'a Mail) -> Work<'a, Result<(), PortError>> {
        Box::pin(async move {
            let mut failures = self.failures.lock().unwrap_or_else(PoisonError::into_inner);
            if *failures > 0 {
                *failures -= 1;
                return Err(PortError {
                    code: ErrorCode::Unavailable,
                    doing: "sending a mail",
                    source: None,
                });
            }
            drop(failures);
            self.sent
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(mail.clone());
            Ok(())
        })
    }
}
