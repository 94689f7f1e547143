//! The receipt of a job on the wire.

use domain::job::{Job, JobKind, JobState, JobStatus};
use domain::receipt::{QuoteLine, ReceiptLine};
use domain::{Credits, CreditsError, ErrorCode, JobId, LotId, ProjectId, Timestamp};
use ledger::{Hold, HoldState, Origin, Share};
use serde::Serialize;
use store::RunHold;
use utoipa::ToSchema;

/// What a job cost, over all its runs.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct JobReceipt {
    /// The job.
    #[schema(value_type = String)]
    job_id: JobId,
    /// Its project.
    #[schema(value_type = String)]
    project_id: ProjectId,
    /// What it makes.
    kind: JobKind,
    /// `pending|processing|completed|failed`; a cancelled job is `failed` with the code `job_cancelled`.
    status: JobStatus,
    /// Why it failed, a code of the error catalogue.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    error_code: Option<ErrorCode>,
    /// The most that the customer lets it hold; absent when nothing was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    max_credits: Option<Credits>,
    /// Credits that an open run holds now: the same as `held_now`.
    held: Credits,
    /// Credits that the latest run set aside: the most that it may cost.
    held_at_start: Credits,
    /// Credits that an open run holds now; none once the job has ended.
    held_now: Credits,
    /// Credits charged by all its runs.
    charged: Credits,
    /// What the latest run was quoted at most, line by line.
    quoted: Vec<QuoteLine>,
    /// Each run, the first first; a resume begins one more.
    runs: Vec<RunReceipt>,
}

/// What became of a hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum HeldState {
    /// The run goes on.
    Open,
    /// The run delivered: what it cost is gone, the rest is back.
    Settled,
    /// The run failed or was cancelled: everything is back.
    Released,
}

/// What one run held and cost.
#[derive(Debug, Serialize, ToSchema)]
struct RunReceipt {
    /// 1, and one more for each resume.
    run: u32,
    /// What became of its hold.
    state: HeldState,
    /// Credits it set aside: the most that it could cost.
    held: Credits,
    /// Credits charged; zero while it is open.
    charged: Credits,
    /// Credits given back; zero while it is open.
    released: Credits,
    /// Which lot gave how many, in the order in which they are charged.
    legs: Vec<LegReceipt>,
    /// What was charged and what was not, and why; empty while it is open.
    lines: Vec<ReceiptLine>,
    /// When it began.
    #[schema(value_type = String, format = DateTime)]
    held_at: Timestamp,
    /// When it ended.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Timestamp>,
}

/// What one lot gave.
#[derive(Debug, Serialize, ToSchema)]
struct LegReceipt {
    /// The lot.
    #[schema(value_type = String)]
    lot_id: LotId,
    /// Where its credits came from.
    origin: Origin,
    /// When it expired, as of the day of the hold.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
    /// Credits of it that were set aside.
    held: Credits,
    /// Credits of it that are gone.
    charged: Credits,
    /// Credits of it that went back.
    released: Credits,
}

impl JobReceipt {
    pub(crate) fn of(job: Job, runs: Vec<RunHold>) -> Result<Self, CreditsError> {
        let open = runs.iter().filter(|run| run.hold.state.is_open());
        let held = Credits::sum(open.map(|run| run.hold.credits))?;
        let charged = Credits::sum(runs.iter().map(|run| run.hold.charged()))?;
        let error_code = match job.state {
            JobState::Cancelled => Some(ErrorCode::JobCancelled),
            _ => job.failure.as_ref().map(|failure| failure.code),
        };
        Ok(Self {
            job_id: job.id,
            project_id: job.project_id,
            kind: job.kind,
            status: job.state.into(),
            error_code,
            max_credits: job.max_credits,
            held,
            held_at_start: job.held,
            held_now: held,
            charged,
            quoted: job.quoted,
            runs: runs.into_iter().map(RunReceipt::of).collect::<Result<_, _>>()?,
        })
    }
}

impl RunReceipt {
    fn of(run: RunHold) -> Result<Self, CreditsError> {
        let RunHold { hold, end } = run;
        let shares = hold.shares()?;
        Ok(Self {
            run: hold.run,
            state: HeldState::of(&hold),
            held: hold.credits,
            charged: hold.charged(),
            released: Credits::sum(shares.iter().map(|share| share.released))?,
            legs: shares.into_iter().map(LegReceipt::of).collect(),
            lines: end.map_or_else(Vec::new, |end| end.lines),
            held_at: hold.created_at,
            ended_at: hold.ended_at(),
        })
    }
}

impl HeldState {
    const fn of(hold: &Hold) -> Self {
        match hold.state {
            HoldState::Open => Self::Open,
            HoldState::Settled { .. } => Self::Settled,
            HoldState::Released { .. } => Self::Released,
        }
    }
}

impl LegReceipt {
    fn of(share: Share<'_>) -> Self {
        Self {
            lot_id: share.leg.lot_id,
            origin: share.leg.origin,
            expires_at: share.leg.expires_at,
            held: share.leg.credits,
            charged: share.charged,
            released: share.released,
        }
    }
}
