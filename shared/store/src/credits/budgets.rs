//! What an API key or a member may take of the account's wallet in a calendar month.
//!
//! There is a counter per spender and month, in `ledger`. A start adds its hold, if it fits, in the transaction that
//! holds; an end gives back what was not charged, to the month in which the hold was made. So the counter of a month is
//! what its holds were charged or still hold, and nothing has to run when a month begins.

use std::collections::{BTreeMap, BTreeSet};

use domain::job::Job;
use domain::member::{Spender, SpenderId};
use domain::ports::Work;
use domain::{AccountId, Credits, Timestamp};
use ledger::Hold;

use crate::dynamo::codec::{number, number_of, text, text_of};
use crate::dynamo::item::Item;
use crate::dynamo::keys::{self, Key};
use crate::dynamo::transaction::Part;
use crate::dynamo::write::Write;
use crate::{Store, StoreError};

impl Store {
    /// What keys and members have taken in the month of `now`, held or charged; a spender who took nothing is absent.
    ///
    /// # Errors
    /// Only those of the database.
    pub fn spent_this_month(
        &self,
        account: AccountId,
        now: Timestamp,
    ) -> Work<'_, Result<BTreeMap<SpenderId, Credits>, StoreError>> {
        Box::pin(async move {
            let all = self.spent(account, &keys::spent_in(&now.month())).await?;
            Ok(all.into_iter().map(|((_, by), spent)| (by, spent)).collect())
        })
    }

    /// Counters by month and spender; those at zero are left out.
    pub(crate) async fn spent(
        &self,
        account: AccountId,
        prefix: &str,
    ) -> Result<BTreeMap<(String, SpenderId), Credits>, StoreError> {
        let table = &self.tables.ledger;
        let rows = self
            .query_all("read what was spent", table, &keys::owner(account), prefix)
            .await?;
        let counters = rows.iter().map(counter).collect::<Result<Vec<_>, _>>()?;
        Ok(counters
            .into_iter()
            .filter(|(_, spent)| !spent.is_zero())
            .collect())
    }

    /// Adds a hold to the month of each of its spenders where it fits; nothing when nobody counts.
    ///
    /// # Errors
    /// [`StoreError::OverBudget`] when it would not fit into an empty month.
    pub(crate) fn spend(
        &self,
        account: AccountId,
        spender: Option<Spender>,
        credits: Credits,
        held_at: Timestamp,
    ) -> Result<Vec<(Part, Write)>, StoreError> {
        let Some(Spender {
            by,
            monthly_credits,
            maker,
        }) = spender
        else {
            return Ok(Vec::new());
        };
        let own = (Part::Budget, by, monthly_credits);
        let makers = maker.map(|member| {
            let by = SpenderId::Member(member.id);
            (Part::MakersBudget, by, member.monthly_credits)
        });
        [own]
            .into_iter()
            .chain(makers)
            .map(|(part, by, monthly_credits)| {
                // Without a limit the counter still counts, for its owner to see.
                let limit = monthly_credits.unwrap_or(Credits::MAX);
                let room = limit
                    .checked_sub(credits)
                    .map_err(|_above| over_budget(credits, limit, held_at))?;
                let write = Write::update(
                    &self.tables.ledger,
                    Key::spent(account, &held_at.month(), by),
                    "SET #kind = :kind ADD #spent :credits",
                    "attribute_not_exists(#spent) OR #spent <= :room",
                )
                .value("kind", text("spent"))
                .value("credits", number(credits.get()))
                .value("room", number(room.get()));
                Ok((part, write))
            })
            .collect()
    }

    /// Gives back to the month of each spender what a hold was not charged; nothing when there is nothing to give.
    pub(crate) fn unspend(&self, account: AccountId, hold: &Hold, returned: Credits) -> Vec<Write> {
        if returned.is_zero() {
            return Vec::new();
        }
        // Its start or its extension has counted it, and it ends once.
        let back = |by| {
            Write::update_unconditional(
                &self.tables.ledger,
                Key::spent(account, &hold.created_at.month(), by),
                "ADD #spent :back",
            )
            .value("back", number(0_i128.saturating_sub(returned.get().into())))
        };
        hold.spenders().map(back).collect()
    }
}

/// The refusal of a start whose spender's conditions are among those that failed.
pub(crate) fn spender_refusal(
    job: &Job,
    failed_parts: &BTreeSet<Part>,
    now: Timestamp,
) -> Option<StoreError> {
    if failed_parts.contains(&Part::Member) {
        return Some(StoreError::NotFound { what: "member" });
    }
    full_budget(job.spender?, failed_parts, job.held, now)
}

/// The refusal of a hold of which nothing but budgets is in the way.
pub(crate) fn full_budget(
    spender: Spender,
    failed_parts: &BTreeSet<Part>,
    needed: Credits,
    held_at: Timestamp,
) -> Option<StoreError> {
    let budgets = [Part::Budget, Part::MakersBudget];
    if !failed_parts.iter().all(|part| budgets.contains(part)) {
        return None;
    }
    let own = spender.monthly_credits;
    let makers = spender.maker.and_then(|member| member.monthly_credits);
    let full = [own, makers].into_iter().zip(&budgets);
    full.filter(|(_, part)| failed_parts.contains(part))
        .find_map(|(limit, _)| limit)
        .map(|limit| over_budget(needed, limit, held_at))
}

/// A hold that the spender's month does not cover.
pub(crate) fn over_budget(needed: Credits, monthly_credits: Credits, held_at: Timestamp) -> StoreError {
    StoreError::OverBudget {
        needed,
        monthly_credits,
        resets_at: held_at.next_month(),
    }
}

fn counter(row: &Item) -> Result<((String, SpenderId), Credits), StoreError> {
    let parts = text_of(row, "sk")?
        .strip_prefix(keys::SPENT)
        .and_then(|rest| rest.split_once('#'))
        .and_then(|(month, by)| Some((month.to_owned(), by.parse().ok()?)));
    let key = parts.ok_or_else(|| StoreError::corrupt("read what was spent", "its key is not a month's"))?;
    Ok((key, Credits::new(number_of(row, "spent")?)))
}
