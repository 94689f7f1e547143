//! Every key of every table; `docs/DATA.md` lists them.

use aws_sdk_dynamodb::types::AttributeValue;
use domain::member::SpenderId;
use domain::outputs::InputHash;
use domain::script_version::SCRIPT_VERSIONS_MAX;
use domain::{
    AccessChangeId, AccountId, ApiKeyId, AssetId, JobId, MemberId, ProjectId, QuotaKind, QuotaResetId,
};
use ledger::Mark;

use crate::dynamo::item::Item;

pub(crate) mod billing;
pub(crate) mod operating;

/// Name of the index over everything that has a time at which it must be looked at.
pub(crate) const DUE_ITEMS: &str = "due_items";
/// Partitions of that index for each type of item: every open job writes to it, and one partition takes 1,000 writes a
/// second.
pub(crate) const DUE_SHARDS: u8 = 8;

/// Name of the index over wallets with credits that will expire.
pub(crate) const EXPIRING_WALLETS: &str = "expiring_wallets";
/// Partitions of that index: each change of any wallet may write to it.
pub(crate) const EXPIRY_SHARDS: u8 = 8;

/// Sort key of items that are alone under their partition key.
const ALONE: &str = "-";

pub(crate) const PROJECT: &str = "PRJ#";
/// Versions of projects' scripts.
pub(crate) const SCRIPT: &str = "SCRIPT#";
pub(crate) const JOB: &str = "JOB#";
pub(crate) const API_KEY: &str = "KEY#";
pub(crate) const ASSET: &str = "AST#";
pub(crate) const MEMBER: &str = "MEMBER#";
pub(crate) const ACCESS_CHANGE: &str = "CHG#";
pub(crate) const HOLD: &str = "HOLD#";
pub(crate) const SPENT: &str = "SPENT#";
pub(crate) const TRANSACTION: &str = "TXN#";
/// What happens once per key, for ever: grants, claw backs, their reversals and adjustments.
pub(crate) const MARKS: [&str; 4] = ["GRANT#", "CLAW#", "UNCLAW#", "ADJUST#"];

/// Counters of what is consumed in a period.
pub(crate) const QUOTA: &str = "QUOTA#";
/// The log of what was consumed.
pub(crate) const USE: &str = "USE#";
/// What was consumed by day.
pub(crate) const USAGE: &str = "USAGE#";
/// Alerts that counters reached.
pub(crate) const ALERT: &str = "ALERT#";

/// Beginning of the sort keys of consumptions of a kind for resources of a type.
pub(crate) fn uses_of(kind: QuotaKind, resource_type: &str) -> String {
    format!("{USE}{}#{resource_type}#", kind.as_str())
}

/// Sort key of the counter of a kind in a period.
pub(crate) fn quota(kind: QuotaKind, period: &str) -> String {
    format!("{QUOTA}{}#{period}", kind.as_str())
}

/// A primary key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Key {
    pub(crate) pk: String,
    pub(crate) sk: String,
}

/// Partition of everything that an account owns, in `ledger` and in `studio`.
pub(crate) fn owner(account: AccountId) -> String {
    format!("ACCT#{account}")
}

/// Sort key of a job.
pub(crate) fn job(job: JobId) -> String {
    format!("{JOB}{job}")
}

/// Partition of the index `due_items` in which a job stands while it is open.
pub(crate) fn job_shard(job: JobId) -> String {
    format!("{JOB}{}", job.body().random().rem_euclid(u128::from(DUE_SHARDS)))
}

/// Partition of the index `due_items` in which an asset stands until it is ready or refused.
pub(crate) fn asset_shard(asset: AssetId) -> String {
    format!(
        "{ASSET}{}",
        asset.body().random().rem_euclid(u128::from(DUE_SHARDS))
    )
}

/// Partition of the index `expiring_wallets` in which a wallet stands while it has credits that will expire.
pub(crate) fn expiry_shard(account: AccountId) -> String {
    let shard = account.body().random().rem_euclid(u128::from(EXPIRY_SHARDS));
    format!("EXPIRY#{shard}")
}

/// Beginning of the sort keys of the versions of a project's script.
pub(crate) fn scripts_of(project: ProjectId) -> String {
    format!("{SCRIPT}{project}#")
}

/// Beginning of the sort keys of what was spent in a month by those who have a budget.
pub(crate) fn spent_in(month: &str) -> String {
    format!("{SPENT}{month}#")
}

/// Beginning of the sort keys of a job's holds, one for each run.
pub(crate) fn holds_of(job: JobId) -> String {
    format!("{HOLD}{job}#")
}

impl Key {
    fn owned(account: AccountId, sk: String) -> Self {
        Self {
            pk: owner(account),
            sk,
        }
    }

    fn alone(pk: String) -> Self {
        Self {
            pk,
            sk: ALONE.to_owned(),
        }
    }

    pub(crate) fn profile(account: AccountId) -> Self {
        Self::owned(account, "PROFILE".to_owned())
    }

    pub(crate) fn project(account: AccountId, project: ProjectId) -> Self {
        Self::owned(account, format!("{PROJECT}{project}"))
    }

    /// A version of a project's script: it stands where the oldest one stood that is not kept any more.
    pub(crate) fn script_version(account: AccountId, project: ProjectId, version: u32) -> Self {
        let place = version.checked_rem(SCRIPT_VERSIONS_MAX).unwrap_or_default();
        Self::owned(account, format!("{}{place:02}", scripts_of(project)))
    }

    pub(crate) fn job(account: AccountId, job: JobId) -> Self {
        Self::owned(account, self::job(job))
    }

    pub(crate) fn api_key(account: AccountId, key: ApiKeyId) -> Self {
        Self::owned(account, format!("{API_KEY}{key}"))
    }

    pub(crate) fn asset(account: AccountId, asset: AssetId) -> Self {
        Self::owned(account, format!("{ASSET}{asset}"))
    }

    pub(crate) fn member(account: AccountId, member: MemberId) -> Self {
        Self::owned(account, format!("{MEMBER}{member}"))
    }

    /// From a person to the member that they are in another one's account.
    pub(crate) fn team(person: AccountId, account: AccountId) -> Self {
        Self::owned(person, format!("TEAM#{account}"))
    }

    /// From the hash of an invitation's secret to the member.
    pub(crate) fn invitation(hash: &str) -> Self {
        Self::alone(format!("INVITE#{hash}"))
    }

    pub(crate) fn access_change(account: AccountId, id: AccessChangeId) -> Self {
        Self::owned(account, format!("{ACCESS_CHANGE}{id}"))
    }

    pub(crate) fn output(account: AccountId, hash: &InputHash) -> Self {
        Self::owned(account, format!("OUT#{hash}"))
    }

    pub(crate) fn provider_call(account: AccountId, hash: &InputHash) -> Self {
        Self::owned(account, format!("CALL#{hash}"))
    }

    /// From the hash of a secret to its owner.
    pub(crate) fn key_hash(hash: &str) -> Self {
        Self::alone(format!("KEYHASH#{hash}"))
    }

    /// The gift of a mailbox, by the hash of its address.
    pub(crate) fn gift(hash: &str) -> Self {
        Self::alone(format!("GIFT#{hash}"))
    }

    /// A session that its person has ended.
    pub(crate) fn ended_session(session: &str) -> Self {
        Self::alone(format!("ENDED#{session}"))
    }

    pub(crate) fn wallet(account: AccountId) -> Self {
        Self::owned(account, "WALLET".to_owned())
    }

    pub(crate) fn hold(account: AccountId, job: JobId, run: u32) -> Self {
        Self::owned(account, format!("{}{run}", holds_of(job)))
    }

    /// Twelve digits, so that the order of the text is the order of the numbers.
    pub(crate) fn transaction(account: AccountId, sequence: u64) -> Self {
        Self::owned(account, format!("{TRANSACTION}{sequence:012}"))
    }

    pub(crate) fn mark(account: AccountId, mark: Mark<'_>) -> Self {
        let [grant, claw_back, reversal, adjustment] = MARKS;
        let (prefix, key) = match mark {
            Mark::Grant(key) => (grant, key),
            Mark::ClawBack(key) => (claw_back, key),
            Mark::Reversal(key) => (reversal, key),
            Mark::Adjustment(key) => (adjustment, key),
        };
        Self::owned(account, format!("{prefix}{key}"))
    }

    /// Consumption of a kind in a period.
    pub(crate) fn quota(account: AccountId, kind: QuotaKind, period: &str) -> Self {
        Self::owned(account, quota(kind, period))
    }

    /// Log row of what one resource consumed of a kind.
    pub(crate) fn used_for(account: AccountId, kind: QuotaKind, resource_type: &str, resource: &str) -> Self {
        Self::owned(account, format!("{}{resource}", uses_of(kind, resource_type)))
    }

    /// Consumption of a day.
    pub(crate) fn usage(account: AccountId, day: &str) -> Self {
        Self::owned(account, format!("{USAGE}{day}"))
    }

    /// An alert that a counter reached.
    pub(crate) fn alert(account: AccountId, period: &str, kind: QuotaKind, level: &str) -> Self {
        Self::owned(account, format!("{ALERT}{period}#{}#{level}", kind.as_str()))
    }

    /// A reset of counters.
    pub(crate) fn quota_reset(account: AccountId, id: QuotaResetId) -> Self {
        Self::owned(account, format!("RESET#{id}"))
    }

    /// What the jobs of a key or a member hold and were charged in a month.
    pub(crate) fn spent(account: AccountId, month: &str, by: SpenderId) -> Self {
        Self::owned(account, format!("{}{by}", spent_in(month)))
    }

    pub(crate) fn claim(account: AccountId, route: &str, key_hash: &str) -> Self {
        Self::alone(format!("IDEM#{account}#{route}#{key_hash}"))
    }

    pub(crate) fn window(key: &str, window_s: i64, period: i64) -> Self {
        Self::alone(format!("HIT#{window_s}#{period}#{key}"))
    }

    pub(crate) fn into_item(self) -> Item {
        Item::from([
            ("pk".to_owned(), AttributeValue::S(self.pk)),
            ("sk".to_owned(), AttributeValue::S(self.sk)),
        ])
    }
}
