//! Opens the provider's pages: the checkout where a customer pays, and the portal for card, plan and invoices.

use domain::account::Account;
use domain::billing::PaymentProvider;
use domain::{AccountId, ErrorCode, Failure, Invalid};
use ledger::{ProductId, ProductKind, product};
use payments::{
    Buyer, Checkout, CheckoutItem, CheckoutRequest, CheckoutStatus, CustomerRequest, PaymentError,
};
use store::OpenCheckout;

use crate::{Billing, ProviderSetup};

/// Times the place of the one page is read again because another caller took it meanwhile.
const ATTEMPTS_MAX: u32 = 8;

/// What is ordered.
#[derive(Debug, Clone)]
pub struct Order {
    /// Who takes the money.
    pub provider: PaymentProvider,
    /// What is bought.
    pub product: ProductId,
    /// Where the customer lands after paying.
    pub success_url: String,
    /// Where the customer lands after giving up.
    pub cancel_url: String,
    /// The same key opens the same page.
    pub idempotency_key: String,
}

impl Billing {
    /// Opens a page on which an account buys a pack or subscribes; a page for a subscription closes the one before.
    ///
    /// # Errors
    /// `validation_failed` when the provider is not set up or does not sell it, `subscription_exists` when the account
    /// has a subscription that is not over or has just paid for one, and the provider's.
    pub async fn checkout(&self, account: &Account, order: &Order) -> Result<Checkout, Failure> {
        let setup = self.chosen(order.provider)?;
        let price_id = setup.price_ids.id_of(order.product).ok_or_else(|| {
            Failure::from(Invalid::new(
                "product",
                "unavailable",
                "is not sold by this provider",
            ))
        })?;
        let sold = product(order.product);
        if sold.kind == ProductKind::Subscription {
            let all = self.store.subscriptions(account.id).await?;
            if all.iter().any(|row| !row.status.is_over()) {
                return Err(Failure::new(ErrorCode::SubscriptionExists));
            }
        }
        let buyer = self.buyer(setup, account).await?;
        let request = CheckoutRequest {
            account: account.id,
            item: item_of(order.product, price_id),
            success_url: order.success_url.clone(),
            cancel_url: order.cancel_url.clone(),
            buyer,
            idempotency_key: order.idempotency_key.clone(),
        };
        let checkout = setup.payments.create_checkout(&request).await?;
        let open = OpenCheckout {
            account_id: account.id,
            provider: order.provider,
            id: checkout.id.clone(),
            opened_at: self.now(),
        };
        self.store.open_checkout(&open).await?;
        if sold.kind == ProductKind::Subscription {
            self.take_subscription_page(&open).await?;
        }
        Ok(checkout)
    }

    /// Makes a page the account's only open one for a subscription: the one before is closed, where its provider can.
    ///
    /// # Errors
    /// `subscription_exists` when the one before was paid meanwhile; this page is closed then.
    async fn take_subscription_page(&self, page: &OpenCheckout) -> Result<(), Failure> {
        for _attempt in 0..ATTEMPTS_MAX {
            let before = self.store.subscription_page(page.account_id).await?;
            // A repeat of the call that opened it.
            if before.as_ref().is_some_and(|before| is_same(before, page)) {
                return Ok(());
            }
            if let Some(before) = &before
                && self.close_page(before).await?
            {
                self.close_page(page).await?;
                return Err(Failure::new(ErrorCode::SubscriptionExists));
            }
            if self.store.take_subscription_page(before.as_ref(), page).await? {
                return Ok(());
            }
        }
        Err(Failure::new(ErrorCode::Unavailable).because("the page is taken faster than it is read"))
    }

    /// Closes a page; answers whether it was paid before, and its subscription is not over.
    async fn close_page(&self, page: &OpenCheckout) -> Result<bool, Failure> {
        let Some(setup) = self.providers.get(&page.provider) else {
            return Ok(false);
        };
        let closed = setup.payments.close_checkout(&page.id).await?;
        let paid = closed.filter(|checkout| checkout.status == CheckoutStatus::Complete);
        let Some(subscription) = paid.and_then(|checkout| checkout.subscription) else {
            return Ok(false);
        };
        // Its credits come with its webhook.
        self.write_row(page.provider, &subscription).await?;
        let row = self
            .store
            .subscription(page.account_id, page.provider, &subscription)
            .await?;
        Ok(row.is_some_and(|row| !row.status.is_over()))
    }

    /// Closes the account's open page for a subscription, if there is one and its provider can.
    pub(crate) async fn close_subscription_page(&self, account: AccountId) -> Result<(), Failure> {
        if let Some(page) = self.store.subscription_page(account).await? {
            self.close_page(&page).await?;
        }
        Ok(())
    }

    /// The account's customer at the provider. It is made before the first checkout: else two checkouts that are open
    /// at the same time would each make a customer.
    async fn buyer(&self, setup: &ProviderSetup, account: &Account) -> Result<Buyer, Failure> {
        let provider = setup.payments.provider();
        if let Some(customer) = self.store.customer(account.id, provider).await? {
            return Ok(Buyer::Customer(customer));
        }
        let request = CustomerRequest {
            account: account.id,
            email: account.email.clone().into(),
        };
        match setup.payments.customer(&request).await {
            Ok(made) => self.store.link_customer(account.id, provider, &made).await?,
            Err(passing @ (PaymentError::Throttled { .. } | PaymentError::Unavailable { .. })) => {
                return Err(passing.into());
            }
            // Better a second customer at the provider than no sale: the provider makes one, and its webhook names it.
            Err(refused) => {
                tracing::warn!(account.id = %account.id, error = %refused, "a customer could not be made");
                return Ok(Buyer::Email(account.email.clone().into()));
            }
        }
        // The customer that was linked first, by this checkout or another.
        let linked = self.store.customer(account.id, provider).await?;
        Ok(linked.map_or_else(|| Buyer::Email(account.email.clone().into()), Buyer::Customer))
    }

    /// Address of the provider's portal, where a customer manages card, plan and invoices.
    ///
    /// # Errors
    /// `not_found` when the account has never paid by this provider, and the provider's.
    pub async fn portal(
        &self,
        account: &Account,
        provider: PaymentProvider,
        return_url: &str,
    ) -> Result<String, Failure> {
        let setup = self.chosen(provider)?;
        let customer = self.store.customer(account.id, provider).await?.ok_or_else(|| {
            Failure::new(ErrorCode::NotFound)
                .saying("The provider's page is there after the first purchase by that provider.")
        })?;
        Ok(setup.payments.portal(&customer, return_url).await?)
    }
}

fn is_same(one: &OpenCheckout, other: &OpenCheckout) -> bool {
    one.provider == other.provider && one.id == other.id
}

fn item_of(id: ProductId, price_id: &str) -> CheckoutItem {
    let price_id = price_id.to_owned();
    match product(id).kind {
        ProductKind::Pack => CheckoutItem::Pack {
            product: id.as_str().to_owned(),
            price_id,
        },
        ProductKind::Subscription => CheckoutItem::Subscription {
            product: id.as_str().to_owned(),
            price_id,
            trial_days: None,
        },
    }
}
