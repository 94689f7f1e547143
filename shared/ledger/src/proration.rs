//! Credits of a subscription's invoice that is not simply one month of one plan: a change of plan inside a period, which
//! the provider counts by the day.

use domain::Credits;

use crate::{Product, ProductId, product};

/// A line of such an invoice: money for a plan, or below zero what comes back for time of a plan that was not used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlanLine {
    /// The subscription that the line is for.
    pub product: ProductId,
    /// Minor units of the price's currency.
    pub minor: i64,
}

/// Credits that an invoice's lines bring: each line the share of its plan's credits that its money has of the price,
/// in sum rounded down, and never below zero.
///
/// A change to a dearer plan for a rest of the period so brings that rest's share of the difference of both plans'
/// credits; a whole month brings exactly the plan's.
///
/// # Limits
/// `None` for a line of no subscription, or of more money than a month of it costs: that is no change of plan.
pub fn credits_of_lines(lines: &[PlanLine]) -> Option<Credits> {
    let mut sum = 0_i128;
    for line in lines {
        let Product {
            credits, price, plan, ..
        } = product(line.product);
        plan?;
        if line.minor.unsigned_abs() > price.amount_minor {
            return None;
        }
        let whole = i128::from(credits.get()).checked_mul(i128::from(line.minor))?;
        sum = sum.checked_add(whole.checked_div_euclid(i128::from(price.amount_minor))?)?;
    }
    u64::try_from(sum.max(0)).ok().map(Credits::new)
}

/// The lines of a payment of `minor` for a change inside a period, at a provider that tells only the sum: the rest of the
/// period's share of both prices. None when it is no part of their difference.
pub fn lines_of_change(from: ProductId, to: ProductId, minor: i64) -> Option<[PlanLine; 2]> {
    let [old, new] = [from, to].map(|id| i128::from(product(id).price.amount_minor));
    let (minor, difference) = (i128::from(minor), new.checked_sub(old)?);
    if minor <= 0 || minor > difference {
        return None;
    }
    let share = |price: i128| price.checked_mul(minor)?.checked_div(difference);
    let charged = i64::try_from(share(new)?).ok()?;
    // Rounded up against us, so that the lines add up to the payment.
    let unused = charged.checked_sub(i64::try_from(minor).ok()?)?;
    Some([
        PlanLine {
            product: from,
            minor: unused.checked_neg()?,
        },
        PlanLine {
            product: to,
            minor: charged,
        },
    ])
}

/// The lines of a renewal for which less than the price was paid, because time of the plan before was not used.
pub fn lines_of_reduced_renewal(from: ProductId, to: ProductId, minor: i64) -> Option<[PlanLine; 2]> {
    let [old, new] = [from, to].map(|id| i64::try_from(product(id).price.amount_minor).ok());
    let (old, new) = (old?, new?);
    let unused = new.checked_sub(minor)?;
    if minor < 0 || unused <= 0 || unused > old {
        return None;
    }
    Some([
        PlanLine {
            product: from,
            minor: unused.checked_neg()?,
        },
        PlanLine {
            product: to,
            minor: new,
        },
    ])
}

#[cfg(test)]
mod tests;
