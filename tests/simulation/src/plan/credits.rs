//! Credits that come, go and come back.

use domain::Credits;
use ledger::{Adjustment, Change, ClawBack, Grant, Origin, Reversal};

use super::Planner;
use crate::command::Command;
use crate::customer::Customer;

/// Most credits of a grant, and of a claw back or a correction.
const CREDITS: (u64, u64) = (40, 50);

impl Planner<'_> {
    /// Half of all customers get a gift.
    pub(super) fn sign_up(&mut self, customer: &mut Customer) -> Command {
        let gift = self.rng.percent(50).then(|| Grant {
            key: "signup".to_owned(),
            lot_id: customer.lot_id(),
            transaction_id: customer.transaction_id(),
            origin: Origin::Gift,
            credits: self.credits(CREDITS.0),
            expires_at: customer.now.plus_days(Origin::Gift.days()),
            note: None,
        });
        Command::SignUp(Box::new(customer.profile()), gift)
    }

    pub(super) fn move_credits(&mut self, customer: &mut Customer) -> Command {
        match self.rng.below(22) {
            0..11 => self.grant(customer),
            11..14 => self.claw_back(customer),
            14..18 => self.reverse(customer),
            18..20 => self.adjust(customer),
            _ => Command::ExpireCredits,
        }
    }

    pub(super) fn credits(&mut self, most: u64) -> Credits {
        Credits::new(1 + self.rng.below(most))
    }

    fn grant(&mut self, customer: &mut Customer) -> Command {
        let credits = self.credits(CREDITS.0);
        self.grant_of(customer, credits)
    }

    pub(super) fn grant_of(&mut self, customer: &mut Customer, credits: Credits) -> Command {
        self.grants += 1;
        let origins = [Origin::Gift, Origin::Subscription, Origin::Purchase];
        let origin = *self.rng.pick(&origins).unwrap_or(&Origin::Gift);
        Command::Grant(Grant {
            key: format!("invoice:{}", self.grants),
            lot_id: customer.lot_id(),
            transaction_id: customer.transaction_id(),
            origin,
            credits,
            expires_at: customer.now.plus_days(origin.days()),
            note: None,
        })
    }

    fn claw_back(&mut self, customer: &mut Customer) -> Command {
        self.claw_backs += 1;
        let grant = self.number(self.grants);
        Command::ClawBack(ClawBack {
            key: format!("refund:{}", self.claw_backs),
            credits: self.credits(CREDITS.1),
            from_grant: self.rng.percent(80).then(|| format!("invoice:{grant}")),
            transaction_id: customer.transaction_id(),
            note: None,
        })
    }

    fn reverse(&mut self, customer: &mut Customer) -> Command {
        Command::Reverse(Reversal {
            key: format!("refund:{}", self.number(self.claw_backs)),
            lot_id: customer.lot_id(),
            transaction_id: customer.transaction_id(),
            expires_at: customer.now.plus_days(Origin::Refund.days()),
            note: None,
        })
    }

    fn adjust(&mut self, customer: &mut Customer) -> Command {
        self.adjustments += 1;
        let size = self.credits(CREDITS.1);
        Command::Adjust(Adjustment {
            key: format!("correction:{}", self.adjustments),
            change: if self.rng.percent(50) {
                Change::plus(size)
            } else {
                Change::minus(size)
            },
            lot_id: customer.lot_id(),
            transaction_id: customer.transaction_id(),
            expires_at: customer.now.plus_days(Origin::Adjustment.days()),
            note: "a correction".to_owned(),
        })
    }
}
