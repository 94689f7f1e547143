//! How many of a payment's credits are away because money of it was returned: by refunds, disputes, charge backs.
//!
//! A refund and a dispute may return the same money, so what is away counts once: at most the whole payment. The claw
//! backs of a payment are *steps*; [`next_steps`] says which of them stand when other money is away than before.

use domain::Credits;
use serde::{Deserialize, Serialize};

/// A refund or a dispute by which money of a payment is away now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoneyReturn {
    /// Which: `refund:<id>`, `dispute:<id>`.
    pub id: String,
    /// How much it returned, in minor units.
    pub minor: u64,
}

/// One claw back of a payment's credits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReturnStep {
    /// Key of the claw back: the id of its refund or dispute, with a number from the second step on.
    pub key: String,
    /// The refund or dispute that it is for: [`MoneyReturn::id`].
    #[serde(rename = "for")]
    pub cause: String,
    /// Credits that it takes.
    pub credits: Credits,
    /// Whether they were given back; for ever.
    pub undone: bool,
}

/// Credits of a payment that go with a part of its money, rounded down; with all of it or more, all.
///
/// # Limits
/// A payment of nothing returns nothing.
pub fn returned_credits(granted: Credits, paid_minor: u64, returned_minor: u64) -> Credits {
    let returned = u128::from(returned_minor.min(paid_minor));
    let whole = u128::from(granted.get()).saturating_mul(returned);
    let share = whole.checked_div(u128::from(paid_minor)).unwrap_or(0);
    Credits::new(u64::try_from(share).unwrap_or(u64::MAX))
}

/// The steps after another look at what is away of a payment, whose money had brought `granted`.
///
/// # Promises
/// The credits of the steps that stand are exactly [`returned_credits`] of what is away, whatever was away before: so
/// never more than were granted, and independent of the order of refunds, disputes and looks.
/// The steps before stay where they are; one that was undone never stands again, and no key comes twice.
pub fn next_steps(
    steps: &[ReturnStep],
    granted: Credits,
    paid_minor: u64,
    away: &[MoneyReturn],
) -> Vec<ReturnStep> {
    let away_minor = away.iter().fold(0_u64, |sum, one| sum.saturating_add(one.minor));
    let due = returned_credits(granted, paid_minor, away_minor);
    let mut next = steps.to_vec();
    for step in &mut next {
        step.undone |= !away.iter().any(|one| one.id == step.cause);
    }
    while standing(&next, |_| true) > due {
        // Something stands, or the sum would be zero.
        if let Some(newest) = next.iter_mut().rev().find(|step| !step.undone) {
            newest.undone = true;
        }
    }
    let mut missing = less(due, standing(&next, |_| true));
    // What is new first: a credit that rounding left open is no step of its own for what stood before.
    let is_new = |one: &&MoneyReturn| !next.iter().any(|step| step.cause == one.id);
    let (new, known): (Vec<_>, Vec<_>) = away.iter().partition(is_new);
    for one in new.into_iter().chain(known) {
        let own = round_up(granted, paid_minor, one.minor);
        let room = less(own, standing(&next, |step| step.cause == one.id));
        let credits = missing.min(room);
        if !credits.is_zero() {
            missing = less(missing, credits);
            next.push(step_of(&next, one, credits));
        }
    }
    next
}

fn step_of(steps: &[ReturnStep], one: &MoneyReturn, credits: Credits) -> ReturnStep {
    let before = steps.iter().filter(|step| step.cause == one.id).count();
    let key = match before {
        0 => one.id.clone(),
        more => format!("{}:{}", one.id, more.saturating_add(1)),
    };
    ReturnStep {
        key,
        cause: one.id.clone(),
        credits,
        undone: false,
    }
}

fn standing(steps: &[ReturnStep], which: impl Fn(&ReturnStep) -> bool) -> Credits {
    let of = steps.iter().filter(|step| !step.undone && which(step));
    Credits::new(of.fold(0, |sum, step| sum.saturating_add(step.credits.get())))
}

/// The share of one part alone, rounded up: parts that share a credit have room for it.
fn round_up(granted: Credits, paid_minor: u64, minor: u64) -> Credits {
    let whole = u128::from(granted.get()).saturating_mul(u128::from(minor.min(paid_minor)));
    let share = if paid_minor == 0 {
        0
    } else {
        whole.div_ceil(u128::from(paid_minor))
    };
    Credits::new(u64::try_from(share).unwrap_or(u64::MAX))
}

const fn less(credits: Credits, by: Credits) -> Credits {
    Credits::new(credits.get().saturating_sub(by.get()))
}

#[cfg(test)]
mod tests;
