//! One subscription counts per account, whatever was opened and paid, at whichever provider.
//!
//! The first whose payment or begin is heard of *counts*: its invoices bring credits. Another one that is alive beside
//! it is *surplus*: it is ended at its provider, and money of it that brought no credits goes back. One that counts and
//! is over, or was not paid, gives its place to the next.
//!
//! | step | stored before the next | again after a crash |
//! |---|---|---|
//! | it is surplus | its row | it stays surplus, also when the place is free by then |
//! | its payment brings no credits | the payment's holder | the payment is never granted |
//! | it is ended | at the provider | ended ones are left alone |
//! | its money goes back | at the provider, then the holder | nothing is left to give back |
//! | the customer is told | the notice | once per payment |

use domain::billing::PaymentProvider;
use domain::notice::{Notice, NoticeSubject};
use domain::{AccountId, ErrorCode, Failure};
use payments::{Cancellation, Invoice, SubscriptionState, SubscriptionStatus};
use store::{CountingSubscription, PaymentHolder, StoreError, Subscription};

use crate::fulfil::{invoice_is_due, invoice_key};
use crate::{Billing, Outcome};

/// Times the place is read again because another caller took it meanwhile.
const ATTEMPTS_MAX: u32 = 8;

/// How a subscription that counts stands when another one wants its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    /// It is paid or on trial.
    Paid,
    /// It is not over, and its renewal was not paid.
    Unpaid,
    /// It is over, or its provider does not know it.
    Over,
}

impl Billing {
    /// Sees to it that a subscription counts, or is ended beside the one that does; answers with what was done if it is
    /// surplus.
    pub(crate) async fn keep_one(
        &self,
        provider: PaymentProvider,
        id: &str,
    ) -> Result<Option<Outcome>, Failure> {
        let Some(account) = self.store.subscription_owner(provider, id).await? else {
            return Ok(None);
        };
        let Some(row) = self.store.subscription(account, provider, id).await? else {
            return Ok(None);
        };
        let counting = self.store.counting_subscription(account).await?;
        let counts = counting.is_some_and(|one| one.provider == provider && one.id == id);
        if row.status.is_over() || (counts && !row.is_surplus) {
            // Most of all looks end here, without a call of the provider.
            return Ok(None);
        }
        let Some(state) = self.setup(provider)?.payments.subscription(id).await? else {
            return Ok(None);
        };
        let standing = standing_of(state.status);
        if !self.is_surplus(account, provider, &state, standing).await? {
            return Ok(None);
        }
        let invoice = match &state.latest_invoice {
            Some(id) => self.setup(provider)?.payments.invoice(id).await?,
            None => None,
        };
        self.end_surplus(account, provider, &state, invoice.as_ref())
            .await
            .map(Some)
    }

    /// The same for a paid invoice that nobody was given yet: of a surplus subscription it brings no credits.
    pub(crate) async fn keep_one_paid(
        &self,
        account: AccountId,
        provider: PaymentProvider,
        invoice: &Invoice,
    ) -> Result<Option<Outcome>, Failure> {
        let is_back = match self.store.payment_holder(&invoice_key(&invoice.id)).await? {
            Some(PaymentHolder::Granted { .. }) => return Ok(None),
            Some(PaymentHolder::Returned { is_done: true, .. }) => return Ok(Some(Outcome::Unchanged)),
            Some(PaymentHolder::Returned { is_done: false, .. }) => true,
            // What waits for an operator goes on waiting if it is surplus.
            Some(PaymentHolder::Unclaimed) | None => false,
        };
        let Some(subscription) = &invoice.subscription else {
            return Ok(None);
        };
        let Some(state) = self.setup(provider)?.payments.subscription(subscription).await? else {
            return Ok(None);
        };
        if !is_back && !self.is_surplus(account, provider, &state, Standing::Paid).await? {
            return Ok(None);
        }
        self.end_surplus(account, provider, &state, Some(invoice))
            .await
            .map(Some)
    }

    /// Whether a subscription, which stands so itself, is surplus. One that is paid or on trial takes the place if it can.
    async fn is_surplus(
        &self,
        account: AccountId,
        provider: PaymentProvider,
        state: &SubscriptionState,
        own_standing: Standing,
    ) -> Result<bool, Failure> {
        let is_paid = own_standing == Standing::Paid;
        let row = self.store.subscription(account, provider, &state.id).await?;
        if row.is_some_and(|row| row.is_surplus) {
            return Ok(true);
        }
        // What never began, and what is over, takes nobody's place and is nobody's second.
        if state.status.ended() || (state.status == SubscriptionStatus::Incomplete && !is_paid) {
            return Ok(false);
        }
        let own = CountingSubscription {
            provider,
            id: state.id.clone(),
        };
        for _attempt in 0..ATTEMPTS_MAX {
            let counting = self.store.counting_subscription(account).await?;
            let standing = match &counting {
                Some(counting) if *counting == own => return Ok(false),
                Some(counting) => self.standing(account, counting).await?,
                None => Standing::Over,
            };
            if standing == Standing::Paid {
                return Ok(true);
            }
            if !is_paid && standing == Standing::Unpaid {
                // Neither is paid: the one that counts stays.
                return Ok(true);
            }
            let taken = self
                .store
                .take_counting_subscription(account, counting.as_ref(), &own)
                .await?;
            if !taken {
                continue;
            }
            if let (Some(replaced), Standing::Unpaid) = (counting, standing) {
                // Found surplus by its own next event if this call ends here.
                Box::pin(self.keep_one(replaced.provider, &replaced.id)).await?;
            }
            return Ok(false);
        }
        Err(Failure::new(ErrorCode::Unavailable)
            .because("the place of the subscription changes faster than it is read"))
    }

    /// How the subscription that counts stands at its provider now.
    async fn standing(
        &self,
        account: AccountId,
        counting: &CountingSubscription,
    ) -> Result<Standing, Failure> {
        let Some(setup) = self.providers.get(&counting.provider) else {
            // A provider that is not set up any more: our row is all that is known.
            let row = self
                .store
                .subscription(account, counting.provider, &counting.id)
                .await?;
            return Ok(match row {
                Some(row) if row.status.is_live() => Standing::Paid,
                Some(row) if !row.status.is_over() => Standing::Unpaid,
                _ => Standing::Over,
            });
        };
        let state = setup.payments.subscription(&counting.id).await?;
        Ok(state.map_or(Standing::Over, |state| standing_of(state.status)))
    }

    /// Ends a surplus subscription: at once when its paid period brought nothing, and that money goes back; with its
    /// period when that was granted.
    async fn end_surplus(
        &self,
        account: AccountId,
        provider: PaymentProvider,
        state: &SubscriptionState,
        invoice: Option<&Invoice>,
    ) -> Result<Outcome, Failure> {
        self.mark_surplus(account, provider, &state.id).await?;
        let paid = invoice.filter(|invoice| invoice_is_due(invoice));
        let holder = self.mark_returned(account, paid).await?;
        if let Some(how) = cancellation_of(state, holder.as_ref()) {
            let payments = &self.setup(provider)?.payments;
            payments.cancel(&state.id, how, &self.new_key()).await?;
            tracing::warn!(account.id = %account, subscription.id = state.id, "a second subscription was ended");
        }
        if let (Some(invoice), Some(PaymentHolder::Returned { is_done: false, .. })) = (paid, holder) {
            self.give_money_back(account, provider, invoice).await?;
        }
        self.write_row(provider, &state.id).await?;
        Ok(Outcome::SecondSubscription)
    }

    /// Marks a paid invoice as going back, unless it was granted: no grant can come after that.
    async fn mark_returned(
        &self,
        account: AccountId,
        paid: Option<&Invoice>,
    ) -> Result<Option<PaymentHolder>, Failure> {
        let Some(invoice) = paid else {
            return Ok(None);
        };
        let key = invoice_key(&invoice.id);
        Ok(Some(self.store.return_payment(&key, account, self.now()).await?))
    }

    /// A key of this attempt alone: under one of an earlier attempt the provider would repeat a failure for ever. What it
    /// is for happens once without a key: what is left is given back, and what is ended stays so.
    fn new_key(&self) -> String {
        format!("surplus-{}", self.transaction_id())
    }

    async fn give_money_back(
        &self,
        account: AccountId,
        provider: PaymentProvider,
        invoice: &Invoice,
    ) -> Result<(), Failure> {
        let payments = &self.setup(provider)?.payments;
        if let Some(payment) = &invoice.payment {
            payments.refund(payment, &self.new_key()).await?;
        }
        let key = invoice_key(&invoice.id);
        let notice = Notice {
            key: format!("second_subscription:{key}"),
            subject: NoticeSubject::SecondSubscription {
                returned_minor: u64::try_from(invoice.amount_paid.minor).unwrap_or(0),
                currency: invoice.amount_paid.currency.as_str().to_ascii_lowercase(),
            },
            created_at: self.now(),
            mailed_at: None,
        };
        self.store.notify(account, &notice).await?;
        self.store.note_payment_returned(&key).await?;
        Ok(())
    }

    /// Stores that a subscription is surplus, before anything is done about it.
    async fn mark_surplus(
        &self,
        account: AccountId,
        provider: PaymentProvider,
        id: &str,
    ) -> Result<(), Failure> {
        for _attempt in 0..ATTEMPTS_MAX {
            let Some(row) = self.store.subscription(account, provider, id).await? else {
                self.write_row(provider, id).await?;
                continue;
            };
            if row.is_surplus {
                return Ok(());
            }
            let marked = Subscription {
                is_surplus: true,
                updated_at: self.now(),
                ..row
            };
            match self.store.put_subscription(&marked, None).await {
                Ok(_) => return Ok(()),
                Err(StoreError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Failure::new(ErrorCode::Unavailable).because("the subscription changes faster than it is read"))
    }
}

/// How a subscription in this state stands.
const fn standing_of(status: SubscriptionStatus) -> Standing {
    match status {
        SubscriptionStatus::Active | SubscriptionStatus::Trialing => Standing::Paid,
        SubscriptionStatus::Canceled | SubscriptionStatus::IncompleteExpired => Standing::Over,
        SubscriptionStatus::Incomplete
        | SubscriptionStatus::PastDue
        | SubscriptionStatus::Unpaid
        | SubscriptionStatus::Paused => Standing::Unpaid,
    }
}

/// How a surplus subscription has to be ended; none when that is done.
const fn cancellation_of(state: &SubscriptionState, holder: Option<&PaymentHolder>) -> Option<Cancellation> {
    let is_granted = matches!(holder, Some(PaymentHolder::Granted { .. }));
    match (state.status.ended(), is_granted) {
        (true, _) => None,
        (false, true) if state.cancel_at.is_some() => None,
        (false, true) => Some(Cancellation::AtPeriodEnd),
        (false, false) => Some(Cancellation::Now),
    }
}
