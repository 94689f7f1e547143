//! The part of a sync that retries unclaimed payments: the account may exist by now, the wallet may have room.

use domain::Failure;
use store::{PageRequest, Unclaimed, UnclaimedReason};

use super::SyncReport;
use crate::{Billing, Outcome};

/// One sync reads no further page after so many unclaimed payments; more of them mean a fault of ours.
const UNCLAIMED_MAX: u32 = 200;

impl Billing {
    /// Retries the unclaimed payments that are `wanted`.
    pub(super) async fn sync_unclaimed(
        &self,
        wanted: impl Fn(&Unclaimed) -> bool + Send,
        report: &mut SyncReport,
    ) -> Result<(), Failure> {
        let mut page = PageRequest {
            limit: store::page::LIMIT_MAX,
            cursor: None,
        };
        loop {
            let found = self.store.unclaimed_payments(&page).await?;
            for unclaimed in found.items.iter().filter(|unclaimed| wanted(unclaimed)) {
                self.try_again(unclaimed, report).await?;
            }
            page.cursor = found.next;
            if page.cursor.is_none() || report.waiting >= UNCLAIMED_MAX {
                return Ok(());
            }
        }
    }

    async fn try_again(&self, kept: &Unclaimed, report: &mut SyncReport) -> Result<(), Failure> {
        let may_pass = match kept.reason {
            UnclaimedReason::UnknownAccount | UnclaimedReason::WalletFull => true,
            UnclaimedReason::UnknownProduct
            | UnclaimedReason::AmountMismatch
            | UnclaimedReason::CurrencyMismatch => false,
        };
        let outcome = match kept.key.split_once(':') {
            Some(("checkout", id)) if may_pass => self.fulfil_checkout(kept.provider, id).await?,
            Some(("invoice", id)) if may_pass => self.fulfil_invoice(kept.provider, id).await?,
            _ => Outcome::Unclaimed(kept.reason),
        };
        match outcome {
            Outcome::Granted => report.granted.push(kept.key.clone()),
            Outcome::AlreadyGranted => {}
            _ => report.waiting = report.waiting.saturating_add(1),
        }
        Ok(())
    }
}
