//! Checkouts: opened, paid now or late, declined, expired.
#![expect(
    clippy::fn_params_excessive_bools,
    reason = "each is one question that a page or the control API answers with yes or no"
)]

use payments::{CheckoutStatus, Paid, PaymentProvider};

use super::{Customer, Metadata, Notice, Sale, Shop};

/// Seconds that a checkout's page stays open; Stripe's default.
const OPEN_S: i64 = 86_400;

/// What a buyer's program ordered.
#[derive(Debug, Clone, Default)]
pub struct Order {
    /// Price.
    pub price_id: String,
    /// Known buyer.
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

impl Shop {
    /// Opens a checkout; `None` when nothing is sold under the price or the buyer is unknown.
    pub fn open_sale(&mut self, order: Order) -> Option<String> {
        self.goods(&order.price_id)?;
        if let Some(customer) = &order.customer {
            self.customer(customer)?;
        }
        let id = self.mint("cs_test", "ch");
        self.sales.push(Sale {
            id: id.clone(),
            customer: order.customer.clone(),
            order,
            stage: CheckoutStatus::Open,
            paid: Paid::Unpaid,
            payment: None,
            plan: None,
            bill: None,
            created: self.now,
            expires: self.now.plus_s(OPEN_S),
        });
        Some(id)
    }

    /// The customer pays; `late` by a method whose money comes days later, for packs only.
    pub fn pay_sale(&mut self, id: &str, late: bool) -> Vec<Notice> {
        let Some(at) = self.open_at(id) else {
            return Vec::new();
        };
        let order = self.sales[at].order.clone();
        let customer = self.buyer(&order);
        let goods = self.goods(&order.price_id).expect("it was on sale").clone();
        let mut notices = vec![Notice::SaleCompleted(id.to_owned())];
        if goods.monthly {
            let (plan, bill, made) = self.begin_plan(&customer, &order);
            notices.extend(made);
            let sale = &mut self.sales[at];
            sale.plan = Some(plan);
            sale.bill = Some(bill);
        } else {
            let status = if late { "processing" } else { "succeeded" };
            let payment = self.pay(&customer, goods.cents, status);
            self.payments.last_mut().expect("just made").sale = Some(id.to_owned());
            self.sales[at].payment = Some(payment);
        }
        let sale = &mut self.sales[at];
        sale.customer = Some(customer);
        sale.stage = CheckoutStatus::Complete;
        sale.paid = match (late && !goods.monthly, order.trial_days > 0 && goods.monthly) {
            (true, _) => Paid::Unpaid,
            (_, true) => Paid::NotRequired,
            _ => Paid::Paid,
        };
        notices
    }

    /// A delayed payment comes, or fails.
    pub fn settle_sale(&mut self, id: &str, came: bool) -> Vec<Notice> {
        let late = |sale: &Sale| {
            sale.id == id && sale.stage == CheckoutStatus::Complete && sale.paid == Paid::Unpaid
        };
        let Some(sale) = self.sales.iter_mut().find(|sale| late(sale)) else {
            return Vec::new();
        };
        if came {
            sale.paid = Paid::Paid;
        }
        let payment = sale.payment.clone();
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
            Notice::SalePaidLate(id)
        } else {
            Notice::SaleFailedLate(id)
        }]
    }

    /// Closes a checkout's page.
    pub fn expire_sale(&mut self, id: &str) -> Vec<Notice> {
        let Some(at) = self.open_at(id) else {
            return Vec::new();
        };
        self.sales[at].stage = CheckoutStatus::Expired;
        vec![Notice::SaleExpired(id.to_owned())]
    }

    fn open_at(&self, id: &str) -> Option<usize> {
        self.sales
            .iter()
            .position(|sale| sale.id == id && sale.stage == CheckoutStatus::Open)
    }

    /// Finds or makes who pays.
    fn buyer(&mut self, order: &Order) -> String {
        if let Some(known) = &order.customer {
            return known.clone();
        }
        // Creem has one customer of an address, Stripe as many as there are checkouts.
        let same = |customer: &&Customer| customer.email.is_some() && customer.email == order.email;
        match self.customers.iter().find(same) {
            Some(known) if self.provider == PaymentProvider::Creem => known.id.clone(),
            _ => self.add_customer(order.email.clone()),
        }
    }

    /// A new buyer.
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
