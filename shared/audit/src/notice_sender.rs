//! Mails notices to the owners of accounts.

use std::sync::Arc;

use domain::mail::Mailer;
use domain::ports::Clock;
use domain::{ErrorCode, Failure};
use store::{NoticeRef, Store, StoreError};

use crate::mail_text::mail_text;

/// Seconds for which a notice belongs to whoever took it; a mailer that died leaves it to the next.
const LEASE_S: i64 = 600;

/// Mails the notices that are due.
#[derive(Debug, Clone)]
pub struct NoticeSender {
    store: Store,
    mailer: Arc<dyn Mailer>,
    clock: Arc<dyn Clock>,
}

impl NoticeSender {
    /// Over a store and a mail service.
    pub fn new(store: Store, mailer: Arc<dyn Mailer>, clock: Arc<dyn Clock>) -> Self {
        Self { store, mailer, clock }
    }

    /// Mails what is due, at most `limit`; answers with how many were mailed and how many were not.
    ///
    /// # Promises
    /// A notice is mailed by one mailer at a time, and again only when one died between its mail and its note of it:
    /// the mail service has no idempotency key, and a notice twice is better than none.
    /// One that fails is left for later and does not stop the others.
    ///
    /// # Errors
    /// Those of the store.
    pub async fn send_due(&self, limit: u32) -> Result<(usize, usize), Failure> {
        let now = self.clock.now();
        let (mut mailed, mut failed) = (0, 0);
        for notice in self.store.notices_due(now, limit).await? {
            match self.send(&notice).await {
                Ok(sent) => mailed += usize::from(sent),
                Err(failure) => {
                    tracing::warn!(account.id = %notice.account_id, error.code = failure.code.as_str(), "a notice was not mailed");
                    failed += 1;
                }
            }
        }
        Ok((mailed, failed))
    }

    async fn send(&self, at: &NoticeRef) -> Result<bool, Failure> {
        let now = self.clock.now();
        let Some(notice) = self.store.claim_notice(at, now, now.plus_s(LEASE_S)).await? else {
            return Ok(false);
        };
        let account = match self.store.account(at.account_id).await {
            Ok(account) => account,
            // Nobody is left to tell.
            Err(StoreError::NotFound { .. }) => {
                self.store.notice_mailed(at, now).await?;
                return Ok(false);
            }
            Err(other) => return Err(other.into()),
        };
        let mail = mail_text(&account.email, account.language, &notice.subject);
        match self.mailer.send(&mail).await {
            Ok(()) => {}
            // The service understood and refuses this address: trying for ever helps nobody.
            Err(refused) if refused.code == ErrorCode::Internal => {
                self.store.notice_mailed(at, now).await?;
                return Err(refused.into());
            }
            Err(passing) => return Err(passing.into()),
        }
        self.store.notice_mailed(at, now).await?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests;
