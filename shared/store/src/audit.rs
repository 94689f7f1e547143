//! What must always be true of an account's credits, recomputed from the rows.
//!
//! Runs after every test and at every nightly inspection; it only reads.

mod deliveries;
pub mod inspections;
mod quotas;
pub mod reports;

use std::collections::{BTreeMap, BTreeSet};

use domain::job::Job;
use domain::member::SpenderId;
use domain::ports::Work;
use domain::project::Project;
use domain::report::Finding;
use domain::{AccountId, Credits, JobId};
use ledger::{Change, Hold, HoldState, Reference, Transaction, TransactionKind, Wallet};
use serde::de::DeserializeOwned;

use crate::dynamo::codec::decode;
use crate::dynamo::keys;
use crate::{Store, StoreError};

/// Times an account is read again when it changes under the audit.
const READS_MAX: u32 = 5;

const OPERATION: &str = "audit an account";

/// Code of a finding about wallet, rows, lots and holds.
pub const LEDGER: &str = "ledger";
/// Code of a finding about jobs beside their holds.
pub const JOBS: &str = "jobs";
/// Code of a finding about counters.
pub const QUOTAS: &str = "quotas";
/// Code of a charge for something that the job has not made.
pub const CHARGED_NOT_DELIVERED: &str = "charged_not_delivered";

/// What an audit found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audit {
    /// Account that was audited.
    pub account_id: AccountId,
    /// Each broken rule with what is wrong; none is good.
    pub findings: Vec<Finding>,
    /// How many history rows were added up.
    pub rows: usize,
    /// How many holds are open.
    pub open_holds: usize,
    /// Credits available and held.
    pub balance: ledger::Balance,
}

impl Audit {
    /// Whether every rule holds.
    pub const fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }
}

/// Every row of the account that the rules compare.
struct AccountRows {
    wallet: Wallet,
    rows: Vec<Transaction>,
    /// Rows that a key keeps from happening twice, one list for each kind of key.
    marks: Vec<Vec<Transaction>>,
    holds: Vec<Hold>,
    /// What keys have taken, by month.
    spent: BTreeMap<(String, SpenderId), Credits>,
    jobs: Vec<Job>,
    projects: Vec<Project>,
}

impl Store {
    /// Recomputes the invariants of `ARCHITECTURE.md` for one account.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] when there is no such account; [`StoreError::Contended`] when it changed under every
    /// attempt.
    pub fn audit(&self, account: AccountId) -> Work<'_, Result<Audit, StoreError>> {
        Box::pin(self.retrying_at_once(OPERATION, READS_MAX, move || self.try_to_audit(account)))
    }

    /// None when a change came between the reads: the rows are then of different times, and cannot be compared.
    async fn try_to_audit(&self, account: AccountId) -> Result<Option<Audit>, StoreError> {
        let rows = self.account_rows(account).await?;
        let quotas = self.audit_quotas(account).await?;
        let wallet = self.wallet(account).await?;
        if wallet.sequence() != rows.wallet.sequence() {
            return Ok(None);
        }
        let mut audit = rows.audit(account);
        if usize::try_from(wallet.open_holds()) != Ok(audit.open_holds) {
            let text = format!("the wallet counts {} open holds", wallet.open_holds());
            audit.findings.extend(coded(LEDGER, vec![text]));
        }
        audit.findings.extend(coded(QUOTAS, quotas));
        Ok(Some(audit))
    }

    async fn account_rows(&self, account: AccountId) -> Result<AccountRows, StoreError> {
        let (ledger, studio) = (&self.tables.ledger, &self.tables.studio);
        Ok(AccountRows {
            wallet: self.wallet(account).await?,
            rows: self.all(ledger, account, keys::TRANSACTION).await?,
            marks: self.marks(account).await?,
            holds: self.all(ledger, account, keys::HOLD).await?,
            spent: self.spent(account, keys::SPENT).await?,
            jobs: self.all(studio, account, keys::JOB).await?,
            projects: self.all(studio, account, keys::PROJECT).await?,
        })
    }

    /// Every grant, claw back, reversal and adjustment of an account: the rows that have a key.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn keyed_rows(&self, account: AccountId) -> Work<'_, Result<Vec<Transaction>, StoreError>> {
        Box::pin(async move { Ok(self.marks(account).await?.into_iter().flatten().collect()) })
    }

    async fn marks(&self, account: AccountId) -> Result<Vec<Vec<Transaction>>, StoreError> {
        let mut marks = Vec::new();
        for prefix in keys::MARKS {
            marks.push(self.all(&self.tables.ledger, account, prefix).await?);
        }
        Ok(marks)
    }

    async fn all<T: DeserializeOwned>(
        &self,
        table: &str,
        account: AccountId,
        prefix: &str,
    ) -> Result<Vec<T>, StoreError> {
        self.query_all(OPERATION, table, &keys::owner(account), prefix)
            .await?
            .into_iter()
            .map(decode)
            .collect()
    }
}

impl AccountRows {
    fn audit(&self, account_id: AccountId) -> Audit {
        let mut findings = Vec::new();
        if let Err(broken) = self.wallet.check() {
            findings.push(broken.to_string());
        }
        self.check_history(&mut findings);
        self.check_marks(&mut findings);
        self.check_totals(&mut findings);
        self.check_holds(&mut findings);
        self.check_budgets(&mut findings);
        let mut about_jobs = Vec::new();
        self.check_jobs(&mut about_jobs);
        self.check_charges(&mut about_jobs);
        let mut coded_findings = coded(LEDGER, findings);
        coded_findings.extend(coded(JOBS, about_jobs));
        coded_findings.extend(coded(CHARGED_NOT_DELIVERED, self.not_delivered()));
        Audit {
            account_id,
            findings: coded_findings,
            rows: self.rows.len(),
            open_holds: self.open_holds().count(),
            balance: self.wallet.balance(),
        }
    }

    fn open_holds(&self) -> impl Iterator<Item = &Hold> {
        self.holds.iter().filter(|hold| hold.state.is_open())
    }

    /// Rows are numbered without gaps, each continues the one before, and the last is the wallet.
    fn check_history(&self, findings: &mut Vec<String>) {
        let mut balance = ledger::Balance::default();
        for (row, sequence) in self.rows.iter().zip(1_u64..) {
            if row.sequence != sequence {
                findings.push(format!("row {sequence} is missing: found {}", row.sequence));
                return;
            }
            let after = (
                row.available.applied_to(balance.available),
                row.held.applied_to(balance.held),
                row.debt.applied_to(balance.debt),
            );
            if after != (Ok(row.after.available), Ok(row.after.held), Ok(row.after.debt)) {
                findings.push(format!("row {sequence} does not continue the row before"));
            }
            balance = row.after;
        }
        if balance != self.wallet.balance() {
            findings.push(format!(
                "rows end at {balance:?}, the wallet is {:?}",
                self.wallet.balance()
            ));
        }
        if self.wallet.sequence() != u64::try_from(self.rows.len()).unwrap_or(u64::MAX) {
            findings.push("the wallet counts other rows".to_owned());
        }
        let ids: BTreeSet<_> = self.rows.iter().map(|row| row.id).collect();
        if ids.len() != self.rows.len() {
            findings.push("two rows have one id".to_owned());
        }
    }

    /// Every row with a key has the mark of its key, and every mark its row.
    fn check_marks(&self, findings: &mut Vec<String>) {
        let mut rows: Vec<&Transaction> = self
            .rows
            .iter()
            .filter(|row| row.reference.mark().is_some())
            .collect();
        let mut marks: Vec<&Transaction> = self.marks.iter().flatten().collect();
        rows.sort_by_key(|row| row.sequence);
        marks.sort_by_key(|row| row.sequence);
        if rows != marks {
            findings.push("rows with a key and marks of keys differ".to_owned());
        }
    }

    /// The wallet's totals (granted, charged, expired, clawed back) are the sums of its history rows.
    fn check_totals(&self, findings: &mut Vec<String>) {
        let sum = |wanted: &dyn Fn(&Transaction) -> bool| -> i64 {
            let rows = self.rows.iter().filter(|row| wanted(row));
            rows.map(|row| row.available.get()).sum()
        };
        let is = |row: &Transaction, kinds: &[TransactionKind]| kinds.contains(&row.kind);
        let came = |row: &Transaction| row.available.get() > 0;
        let granted = sum(&|row| is(row, &[TransactionKind::Grant]))
            .saturating_add(sum(&|row| is(row, &[TransactionKind::Adjust]) && came(row)));
        let revoked = sum(&|row| {
            let taking = [
                TransactionKind::ClawBack,
                TransactionKind::PayDebt,
                TransactionKind::Reversal,
            ];
            is(row, &taking) || (is(row, &[TransactionKind::Adjust]) && !came(row))
        });
        let expired = sum(&|row| is(row, &[TransactionKind::Expire]));
        let charged = self.holds.iter().filter_map(|hold| match hold.state {
            HoldState::Settled { charged, .. } => Some(charged),
            HoldState::Open | HoldState::Released { .. } => None,
        });
        let used = Credits::sum(charged).unwrap_or(Credits::MAX);
        for (name, total, rows) in [
            ("granted", self.wallet.granted(), granted),
            ("revoked", self.wallet.revoked(), revoked.saturating_neg()),
            ("expired", self.wallet.expired(), expired.saturating_neg()),
            ("used", self.wallet.used(), Change::plus(used).get()),
        ] {
            if Change::plus(total).get() != rows {
                findings.push(format!("the wallet has {name} {total}, its rows {rows}"));
            }
        }
    }

    /// What lots hold is what the legs of open holds took, and each hold has its rows.
    fn check_holds(&self, findings: &mut Vec<String>) {
        let mut by_lot = BTreeMap::new();
        for hold in &self.holds {
            let legs = Credits::sum(hold.legs.iter().map(|leg| leg.credits));
            if legs != Ok(hold.credits) {
                findings.push(format!("legs of {} run {} do not add up", hold.job_id, hold.run));
            }
        }
        for leg in self.open_holds().flat_map(|hold| &hold.legs) {
            let sum: &mut u64 = by_lot.entry(leg.lot_id).or_default();
            *sum = sum.saturating_add(leg.credits.get());
        }
        let in_lots: BTreeMap<_, _> = self
            .wallet
            .lots()
            .iter()
            .filter(|lot| !lot.held.is_zero())
            .map(|lot| (lot.id, lot.held.get()))
            .collect();
        if by_lot != in_lots {
            findings.push(format!("legs hold {by_lot:?}, lots say {in_lots:?}"));
        }
        let mut explained: BTreeMap<(JobId, u32), Vec<TransactionKind>> = BTreeMap::new();
        for row in &self.rows {
            if let Reference::Job { job_id, run } = row.reference {
                explained.entry((job_id, run)).or_default().push(row.kind);
            }
        }
        for hold in &self.holds {
            let end = match hold.state {
                HoldState::Open => None,
                HoldState::Settled { .. } => Some(TransactionKind::Settle),
                HoldState::Released { .. } => Some(TransactionKind::Release),
            };
            let mut found = explained.remove(&(hold.job_id, hold.run)).unwrap_or_default();
            found.retain(|kind| *kind != TransactionKind::Extend);
            let expected: Vec<_> = [TransactionKind::Hold].into_iter().chain(end).collect();
            if found != expected {
                findings.push(format!("{} run {} has rows {found:?}", hold.job_id, hold.run));
            }
        }
        for (job, run) in explained.keys() {
            findings.push(format!("rows of {job} run {run} have no hold"));
        }
    }

    /// What a key or a member has taken in a month is what the holds of that month hold or were charged.
    fn check_budgets(&self, findings: &mut Vec<String>) {
        let mut taken: BTreeMap<(String, SpenderId), u64> = BTreeMap::new();
        for hold in &self.holds {
            let credits = match hold.state {
                HoldState::Open => hold.credits,
                HoldState::Settled { charged, .. } => charged,
                HoldState::Released { .. } => Credits::ZERO,
            };
            for by in hold.spenders().filter(|_| !credits.is_zero()) {
                let sum = taken.entry((hold.created_at.month(), by)).or_default();
                *sum = sum.saturating_add(credits.get());
            }
        }
        let counted = self.spent.iter().map(|(key, spent)| (key.clone(), spent.get()));
        let counted: BTreeMap<_, _> = counted.collect();
        if taken != counted {
            findings.push(format!(
                "spenders have taken {taken:?}, their counters say {counted:?}"
            ));
        }
    }

    /// Open jobs and open holds are pairs, receipts say what was charged, and projects know their job.
    fn check_jobs(&self, findings: &mut Vec<String>) {
        let in_holds: BTreeMap<_, _> = self
            .open_holds()
            .map(|hold| ((hold.job_id, hold.run), hold.credits))
            .collect();
        let open: BTreeMap<_, _> = self
            .jobs
            .iter()
            .filter(|job| job.state.is_open())
            .map(|job| ((job.id, job.run), job.held))
            .collect();
        if in_holds != open {
            findings.push(format!("open holds {in_holds:?}, open jobs {open:?}"));
        }
        for job in self.jobs.iter().filter(|job| !job.state.is_open()) {
            let hold = self
                .holds
                .iter()
                .find(|hold| (hold.job_id, hold.run) == (job.id, job.run));
            let charged = match hold.map(|hold| hold.state) {
                Some(HoldState::Settled { charged, .. }) => Some(charged),
                Some(HoldState::Released { .. }) => Some(Credits::ZERO),
                Some(HoldState::Open) | None => None,
            };
            if charged.is_none() || charged != job.receipt.as_ref().map(|receipt| receipt.charged) {
                findings.push(format!("{} was charged {charged:?}, its receipt differs", job.id));
            }
        }
        let working: BTreeSet<_> = self
            .projects
            .iter()
            .filter_map(|project| project.active_job)
            .collect();
        let running: BTreeSet<_> = open.keys().map(|(job, _)| *job).collect();
        if working != running {
            findings.push(format!("projects wait for {working:?}, open are {running:?}"));
        }
    }
}

/// The findings of one code.
fn coded(code: &str, texts: Vec<String>) -> Vec<Finding> {
    let code = code.to_owned();
    let finding = |text| Finding {
        code: code.clone(),
        about: None,
        text,
    };
    texts.into_iter().map(finding).collect()
}
