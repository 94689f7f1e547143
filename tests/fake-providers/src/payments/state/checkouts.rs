//! Checkouts: opened, paid now or late, declined, expired.
#![expect(
    clippy::fn_params_excessive_bools,
    reason = "each is one question that a page or the control API answers with yes or no"
)]

use payments::{CheckoutStatus, Paid, PaymentProvider};

use super::{Checkout, Customer, Metadata, ProviderState, StateChange};

/// Seconds that a checkout's page stays open; Stripe's default.
const OPEN_S: i64 = 86_400;

/// Parameters of a checkout, as our side sends them.
#[derive(Debug, Clone, Default)]
pub struct CheckoutParams {
    /// Price.
    pub price_id: String,
    /// Known customer.
    pub customer: Option<String>,
    /// Address to fill in.
    pub email: Option<String>,
    /// Metadata of the checkout.
    pub metadata: Metadata,
    /// Metadata of the payment or the subscription that it makes.
    pub made_metadata: Metadata,
    /// Stripe's `client_reference_id`, Creem's `request_id`.
    pub reference: Option<String>,
    /// Where the customer lands after paying.
    pub success_url: String,
    /// Where the customer lands after giving up.
    pub cancel_url: Option<String>,
    /// Days before the first payment.
    pub trial_days: i64,
}

impl ProviderState {
    /// Opens a checkout; `None` when nothing is sold under the price or the customer is unknown.
    pub fn open_checkout(&mut self, params: CheckoutParams) -> Option<String> {
        self.catalogue_item(&params.price_id)?;
        if let Some(customer) = &params.customer {
            self.customer(customer)?;
        }
        let id = self.mint("cs_test", "ch");
        self.checkouts.push(Checkout {
            id: id.clone(),
            customer: params.customer.clone(),
            params,
            status: CheckoutStatus::Open,
            paid: Paid::Unpaid,
            payment: None,
            subscription: None,
            invoice: None,
            created: self.now,
            expires: self.now.plus_s(OPEN_S),
        });
        Some(id)
    }

    /// The customer pays; `late` by a method whose money comes days later, for packs only.
    pub fn pay_checkout(&mut self, id: &str, late: bool) -> Vec<StateChange> {
        let Some(at) = self.open_at(id) else {
            return Vec::new();
        };
        let params = self.checkouts[at].params.clone();
        let customer = self.paying_customer(&params);
        let item = self
            .catalogue_item(&params.price_id)
            .expect("it is in the catalogue")
            .clone();
        let mut changes = vec![StateChange::CheckoutCompleted(id.to_owned())];
        if item.monthly {
            let (subscription, invoice, made) = self.begin_subscription(&customer, &params);
            changes.extend(made);
            let checkout = &mut self.checkouts[at];
            checkout.subscription = Some(subscription);
            checkout.invoice = Some(invoice);
        } else {
            let status = if late { "processing" } else { "succeeded" };
            let payment = self.pay(&customer, item.cents, status);
            self.payments.last_mut().expect("just made").checkout = Some(id.to_owned());
            self.checkouts[at].payment = Some(payment);
        }
        let checkout = &mut self.checkouts[at];
        checkout.customer = Some(customer);
        checkout.status = CheckoutStatus::Complete;
        checkout.paid = match (late && !item.monthly, params.trial_days > 0 && item.monthly) {
            (true, _) => Paid::Unpaid,
            (_, true) => Paid::NotRequired,
            _ => Paid::Paid,
        };
        changes
    }

    /// A delayed payment comes, or fails.
    pub fn settle_checkout(&mut self, id: &str, came: bool) -> Vec<StateChange> {
        let late = |checkout: &Checkout| {
            checkout.id == id && checkout.status == CheckoutStatus::Complete && checkout.paid == Paid::Unpaid
        };
        let Some(checkout) = self.checkouts.iter_mut().find(|checkout| late(checkout)) else {
            return Vec::new();
        };
        if came {
            checkout.paid = Paid::Paid;
        }
        let payment = checkout.payment.clone();
        let paying = |of: &&mut super::Payment| Some(&of.id) == payment.as_ref() && of.status == "processing";
        let Some(payment) = self.payments.iter_mut().find(paying) else {
            return Vec::new();
        };
        payment.status = if came {
            "succeeded"
        } else {
            "requires_payment_method"
        };
        let id = id.to_owned();
        vec![if came {
            StateChange::CheckoutPaidLate(id)
        } else {
            StateChange::CheckoutFailedLate(id)
        }]
    }

    /// Closes a checkout's page.
    pub fn expire_checkout(&mut self, id: &str) -> Vec<StateChange> {
        let Some(at) = self.open_at(id) else {
            return Vec::new();
        };
        self.checkouts[at].status = CheckoutStatus::Expired;
        vec![StateChange::CheckoutExpired(id.to_owned())]
    }

    fn open_at(&self, id: &str) -> Option<usize> {
        self.checkouts
            .iter()
            .position(|checkout| checkout.id == id && checkout.status == CheckoutStatus::Open)
    }

    /// Finds or adds the customer who pays.
    fn paying_customer(&mut self, params: &CheckoutParams) -> String {
        if let Some(known) = &params.customer {
            return known.clone();
        }
        // Creem has one customer of an address, Stripe as many as there are checkouts.
        let same = |customer: &&Customer| customer.email.is_some() && customer.email == params.email;
        match self.customers.iter().find(same) {
            Some(known) if self.provider == PaymentProvider::Creem => known.id.clone(),
            _ => self.add_customer(params.email.clone()),
        }
    }

    /// Adds a customer.
    pub fn add_customer(&mut self, email: Option<String>) -> String {
        let id = self.mint("cus", "cust");
        self.customers.push(Customer {
            id: id.clone(),
            email,
            card_works: true,
        });
        id
    }
}
