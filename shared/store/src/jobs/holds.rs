//! Extends the hold of an open job: hold, wallet, history row and job in one transaction.

use domain::job::Job;
use domain::ports::Work;
use domain::{AccountId, Credits, Timestamp, TransactionId};
use ledger::{Hold, Wallet};

use crate::credits::budgets::full_budget;
use crate::dynamo::backoff::Attempt;
use crate::dynamo::codec::{encode, found, item};
use crate::dynamo::keys::Key;
use crate::dynamo::transaction::{Part, Transacted, Transaction};
use crate::dynamo::write::Write;
use crate::jobs::{JobRun, RUN_IS_OPEN, of_open_run};
use crate::{Store, StoreError};

const OPERATION: &str = "extend a hold";

impl Store {
    /// Lets an open run hold `to` credits; answers with the job as it is then.
    ///
    /// # Promises
    /// A run that holds as many or more is left as it is, so a repeat changes nothing. The hold never passes the job's
    /// `max_credits`, its spender's budget or the balance; an end that was priced before it is refused.
    ///
    /// # Errors
    /// [`StoreError::AboveMax`], [`StoreError::OverBudget`], [`StoreError::Insufficient`], [`StoreError::InDebt`],
    /// [`StoreError::JobEnded`] when the run is not open, [`StoreError::NotFound`].
    pub fn extend_hold(
        &self,
        at: JobRun,
        to: Credits,
        transaction_id: TransactionId,
        now: Timestamp,
    ) -> Work<'_, Result<Job, StoreError>> {
        let attempt = move || self.try_to_extend(at, to, transaction_id, now);
        Box::pin(self.retrying(OPERATION, transaction_id.body(), attempt))
    }

    async fn try_to_extend(
        &self,
        at: JobRun,
        to: Credits,
        transaction_id: TransactionId,
        now: Timestamp,
    ) -> Result<Attempt<Job>, StoreError> {
        // The wallet is read first, as before an end.
        let wallet = self.wallet(at.account_id).await?;
        let hold_key = Key::hold(at.account_id, at.job_id, at.run);
        let (hold, job) = tokio::try_join!(
            self.get(OPERATION, &self.tables.ledger, hold_key),
            self.job(at.account_id, at.job_id),
        )?;
        if job.run != at.run || !job.state.is_open() {
            return Err(StoreError::JobEnded { state: job.state });
        }
        let hold: Hold = found("hold", hold)?;
        let more = match to.checked_sub(hold.credits) {
            Ok(more) if !more.is_zero() => more,
            Ok(_) | Err(_) => {
                return Ok(Attempt::Done(Job {
                    held: hold.credits,
                    ..job
                }));
            }
        };
        if let Some(max_credits) = job.max_credits.filter(|max| to > *max) {
            return Err(StoreError::AboveMax {
                needed: to,
                max_credits,
            });
        }
        let (posted, grown) = match wallet.extend(&hold, more, transaction_id, now) {
            Ok(moved) => moved,
            Err(error) => {
                self.if_unmoved(at.account_id, &wallet, StoreError::wallet(OPERATION, error))
                    .await?;
                return Ok(Attempt::Retry);
            }
        };
        let budget = self.spend(at.account_id, job.spender, more, hold.created_at)?;
        let transaction = Transaction::new()
            .add(Part::Job, self.grown_job(&job, to)?)
            .add(Part::Hold, self.grown_hold(&job, &grown)?)
            .add_parts(budget)
            .add_all(&Part::Wallet, self.move_writes(at.account_id, &posted)?);
        let Transacted::Cancelled(failed_parts) = self.transact(OPERATION, transaction).await? else {
            return Ok(Attempt::Done(Job { held: to, ..job }));
        };
        let refusal = job
            .spender
            .and_then(|spender| full_budget(spender, &failed_parts, more, hold.created_at));
        refusal.map_or(Ok(Attempt::Retry), Err)
    }

    /// The refusal, if the wallet has not changed: else what was read after it may belong to a newer wallet.
    ///
    /// # Errors
    /// `refusal`, and those of the database.
    pub(crate) async fn if_unmoved(
        &self,
        account: AccountId,
        read: &Wallet,
        refusal: StoreError,
    ) -> Result<(), StoreError> {
        if self.wallet(account).await?.sequence() == read.sequence() {
            Err(refusal)
        } else {
            Ok(())
        }
    }

    fn grown_job(&self, job: &Job, to: Credits) -> Result<Write, StoreError> {
        let write = Write::update(
            &self.tables.studio,
            Key::job(job.account_id, job.id),
            "SET #body.#held = :held",
            RUN_IS_OPEN,
        )
        .value("held", encode(&to)?);
        of_open_run(write, job.run)
    }

    fn grown_hold(&self, job: &Job, after: &Hold) -> Result<Write, StoreError> {
        let row = item(Key::hold(job.account_id, job.id, job.run), "hold", after)?;
        Ok(Write::put_unconditional(&self.tables.ledger, row))
    }
}
