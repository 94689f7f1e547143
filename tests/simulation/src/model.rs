//! The model: what an account must look like after a sequence of commands, without rows, versions or conditions.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use domain::member::SpenderId;
use domain::outputs::InputHash;
use domain::{AccountId, AssetId, JobId, LotId, ProjectId, QuotaKind, Timestamp};
use ledger::{Adjustment, ClawBack, Grant, Reversal, Wallet};

use crate::command::{Command, Outcome};
use crate::customer::Fixture;
use assets::ModelAsset;
use jobs::{ModelJob, ModelProject};
use lots::{Lots, ModelLot};
use quotas::{KINDS, LimitPolicy, Quotas};

mod assets;
mod jobs;
mod lots;
mod quotas;

pub(crate) use assets::AssetStatus;

/// What can be held, what is owed, and what was consumed of each of [`KINDS`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Funds {
    pub(crate) available: u64,
    pub(crate) debt: u64,
    used: [u64; KINDS.len()],
}

impl Funds {
    /// What was consumed of a kind.
    pub(crate) fn used(&self, kind: QuotaKind) -> Option<u64> {
        let mut both = KINDS.iter().zip(self.used);
        both.find(|(known, _)| **known == kind).map(|(_, used)| used)
    }
}

/// Sums of an account, and its lots.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Credits {
    available: u64,
    debt: u64,
    pub(crate) held: u64,
    pub(crate) used: u64,
    expired: u64,
    granted: u64,
    revoked: u64,
    lots: Vec<ModelLot>,
}

/// What the mailbox of an account has had under other addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mailbox {
    /// Nothing.
    New,
    /// The gift of a sign-up.
    HadTheGift,
}

/// An account.
#[derive(Debug, Clone)]
pub(crate) struct Model {
    account: AccountId,
    fixture: Arc<Fixture>,
    is_signed_up: bool,
    pub(crate) mailbox: Mailbox,
    lots: Lots,
    /// Lots of grants, by the key.
    granted_lots: BTreeMap<String, LotId>,
    /// Credits of claw backs, by the key.
    clawed: BTreeMap<String, u64>,
    reversed: BTreeSet<String>,
    adjusted: BTreeSet<String>,
    pub(crate) projects: BTreeMap<ProjectId, ModelProject>,
    pub(crate) jobs: BTreeMap<JobId, ModelJob>,
    /// Outputs that are stored, and whether somebody was charged for them.
    pub(crate) outputs: BTreeMap<InputHash, bool>,
    /// What keys have taken, by month.
    pub(crate) spent: BTreeMap<(String, SpenderId), u64>,
    pub(crate) quotas: Quotas,
    /// Files; none where one was deleted.
    pub(crate) assets: BTreeMap<AssetId, Option<ModelAsset>>,
    used: u64,
    granted: u64,
    revoked: u64,
    debt: u64,
}

impl Model {
    /// Before it signs up.
    pub(crate) fn of(account: AccountId, fixture: Arc<Fixture>) -> Self {
        Self {
            account,
            fixture,
            is_signed_up: false,
            mailbox: Mailbox::New,
            lots: Lots::default(),
            granted_lots: BTreeMap::new(),
            clawed: BTreeMap::new(),
            reversed: BTreeSet::new(),
            adjusted: BTreeSet::new(),
            projects: BTreeMap::new(),
            jobs: BTreeMap::new(),
            outputs: BTreeMap::new(),
            spent: BTreeMap::new(),
            quotas: Quotas::default(),
            assets: BTreeMap::new(),
            used: 0,
            granted: 0,
            revoked: 0,
            debt: 0,
        }
    }

    /// Does a command once more; the answer is the one that the store has to give.
    ///
    /// `pays`: whether the end of a job was seen to charge for its output. It charges for what it has read.
    pub(crate) fn apply(&mut self, command: &Command, pays: Option<bool>, now: Timestamp) -> Outcome {
        self.quotas.alerted_now.clear();
        let is_due = self.lots.is_due(now);
        if command.moves_credits() {
            self.lots.expire(now);
        }
        let outcome = match command {
            Command::SignUp(_, gift) => self.sign_up(gift.as_ref(), now),
            Command::CreateProject(project) => self.create(project),
            Command::EditProject(project) => self.edit(project),
            Command::DeleteProject(project) => self.delete(*project),
            Command::SetLimits(account, _) if *account != self.account => Outcome::NotFound,
            Command::SetLimits(_, limits) => {
                self.quotas.limits.clone_from(limits);
                Outcome::Done
            }
            Command::Grant(grant) => self.grant(grant, now),
            Command::ClawBack(back) => self.claw_back(back),
            Command::Reverse(reversal) => self.reverse(reversal, now),
            Command::Adjust(adjustment) => self.adjust(adjustment, now),
            Command::ExpireCredits if is_due => Outcome::Done,
            Command::ExpireCredits => Outcome::Already,
            Command::Start(job, _) | Command::Restart(job, _) => self.start(job, now),
            Command::Extend(at, to, _) => self.extend(at, to.get(), now),
            Command::BeginStep(at) => self.begin(at),
            Command::Produce(at) => self.note(at),
            Command::EndStep(at) => self.done(at),
            Command::End(end, _) => self.end(end, pays, now),
            Command::Consume(wanted) => self.quotas.consume(wanted, LimitPolicy::Enforce, now),
            Command::NoteUse(used) => self.quotas.consume(used, LimitPolicy::RecordOnly, now),
            Command::GiveBack(kind, of) => self.quotas.give_back(*kind, of),
            Command::DeclareAsset(asset) => self.declare(asset, now),
            Command::MoveAsset(at, event) => self.happen(at.asset_id, event, now),
            Command::DeleteAsset(at) => self.discard(at.asset_id),
            Command::Reset(reset, kinds) => self.quotas.reset(reset, kinds),
        };
        self.lots.sort();
        // What came pays what is owed.
        let paid = self.lots.revoke(self.debt, None);
        self.debt -= paid;
        self.revoked += paid;
        outcome
    }

    /// What [`Self::apply`] would answer.
    pub(crate) fn would(&self, command: &Command, now: Timestamp) -> Outcome {
        self.clone().apply(command, None, now)
    }

    pub(crate) fn funds(&self, now: Timestamp) -> Funds {
        let open = self.open_jobs();
        Funds {
            available: self.lots.available_at(now),
            debt: self.debt,
            used: KINDS.map(|kind| match kind {
                QuotaKind::ConcurrentJobs => open,
                other => self.quotas.used(other, now),
            }),
        }
    }

    /// What the account has at an instant.
    pub(crate) fn credits(&self, now: Timestamp) -> Credits {
        let mut lots = self.lots.clone();
        lots.expire(now);
        Credits {
            available: self.lots.available_at(now),
            debt: self.debt,
            held: lots.held(),
            used: self.used,
            expired: lots.expired,
            granted: self.granted,
            revoked: self.revoked,
            lots: lots.lots,
        }
    }

    fn sign_up(&mut self, gift: Option<&Grant>, now: Timestamp) -> Outcome {
        if self.is_signed_up {
            return Outcome::Already;
        }
        self.is_signed_up = true;
        gift.filter(|_| self.mailbox == Mailbox::New)
            .map_or(Outcome::Done, |gift| self.grant(gift, now))
    }

    fn grant(&mut self, grant: &Grant, now: Timestamp) -> Outcome {
        if self.granted_lots.contains_key(&grant.key) {
            return Outcome::Already;
        }
        self.granted_lots.insert(grant.key.clone(), grant.lot_id);
        self.granted += grant.credits.get();
        let credits = grant.credits.get();
        self.lots
            .push(ModelLot::of(grant.lot_id, credits, grant.expires_at, now));
        Outcome::Done
    }

    fn claw_back(&mut self, back: &ClawBack) -> Outcome {
        if self.clawed.contains_key(&back.key) {
            return Outcome::Already;
        }
        let credits = back.credits.get();
        self.clawed.insert(back.key.clone(), credits);
        let first = back
            .from_grant
            .as_ref()
            .and_then(|key| self.granted_lots.get(key));
        self.take_back(credits, first.copied());
        Outcome::Done
    }

    /// What is not there is owed.
    fn take_back(&mut self, credits: u64, first: Option<LotId>) {
        let taken = self.lots.revoke(credits, first);
        self.revoked += taken;
        self.debt += credits - taken;
    }

    fn reverse(&mut self, reversal: &Reversal, now: Timestamp) -> Outcome {
        let Some(credits) = self.clawed.get(&reversal.key).copied() else {
            return Outcome::NotFound;
        };
        if !self.reversed.insert(reversal.key.clone()) {
            return Outcome::Already;
        }
        let lifted = credits.min(self.debt);
        self.debt -= lifted;
        let back = credits - lifted;
        self.revoked -= back;
        self.lots
            .push(ModelLot::of(reversal.lot_id, back, reversal.expires_at, now));
        Outcome::Done
    }

    fn adjust(&mut self, adjustment: &Adjustment, now: Timestamp) -> Outcome {
        if !self.adjusted.insert(adjustment.key.clone()) {
            return Outcome::Already;
        }
        let credits = adjustment.change.get().unsigned_abs();
        if adjustment.change.get() < 0 {
            self.take_back(credits, None);
        } else {
            self.granted += credits;
            let lot = ModelLot::of(adjustment.lot_id, credits, adjustment.expires_at, now);
            self.lots.push(lot);
        }
        Outcome::Done
    }
}

/// What a wallet says, in the model's words: credits whose time is over are gone, whether or not a row says so yet.
pub(crate) fn credits_of(wallet: &Wallet, now: Timestamp) -> Credits {
    let lots = wallet.lots().iter().map(|lot| ModelLot {
        remaining: lot.remaining.get(),
        held: lot.held.get(),
        own_end: lot.grace_since.unwrap_or(lot.expires_at),
        ..ModelLot::of(lot.id, 0, lot.expires_at, lot.created_at)
    });
    let mut lots = Lots {
        lots: lots.collect(),
        expired: wallet.expired().get(),
    };
    lots.expire(now);
    Credits {
        available: wallet.available_at(now).get(),
        debt: wallet.debt().get(),
        held: wallet.held().get(),
        used: wallet.used().get(),
        expired: lots.expired,
        granted: wallet.granted().get(),
        revoked: wallet.revoked().get(),
        lots: lots.lots,
    }
}
