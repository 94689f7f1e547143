//! Connects a function's use cases and webhook receiver, from its environment and its providers' secrets.

use std::collections::BTreeMap;
use std::sync::Arc;

use api::IdempotencyDeps;
use domain::billing::PaymentVendor;
use domain::ports::IdSource;
use payments::creem::Creem;
use payments::stripe::Stripe;
use payments::{ApiKey, Payments, Retry, WebhookSecrets};
use runtime::{Env, RandomIds, StartError, SystemClock};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use store::Store;

use crate::{Billing, PaymentProvider, PriceIds, WebhookReceiver};

/// Names of a payment provider's variables.
#[derive(Clone, Copy)]
struct Names {
    vendor: PaymentVendor,
    prices: &'static str,
    api_url: &'static str,
    /// Holds the name of the secret, never the secret.
    secret: &'static str,
}

/// A payment provider's secret, as it stands in Secrets Manager.
#[derive(Debug, Deserialize)]
struct ProviderSecret {
    /// A secret or restricted key.
    api_key: SecretString,
    /// What webhooks are signed with; two with a comma between while one is rolled.
    webhook_secrets: SecretString,
}

const STRIPE: Names = Names {
    vendor: PaymentVendor::Stripe,
    prices: "STRIPE_PRICES",
    api_url: "STRIPE_API_URL",
    secret: "STRIPE_SECRET",
};

const CREEM: Names = Names {
    vendor: PaymentVendor::Creem,
    prices: "CREEM_PRODUCTS",
    api_url: "CREEM_API_URL",
    secret: "CREEM_SECRET",
};

/// What each vendor sells; a vendor whose ids are not configured is not set up.
///
/// # Errors
/// [`StartError`] for ids that cannot be read.
pub fn price_ids(env: &Env) -> Result<BTreeMap<PaymentVendor, PriceIds>, StartError> {
    let mut by_vendor = BTreeMap::new();
    for names in [STRIPE, CREEM] {
        if let Some(json) = env.optional(names.prices) {
            let ids = PriceIds::parse(&json)
                .map_err(|error| StartError::failed("reading the price ids of a payment provider", error))?;
            by_vendor.insert(names.vendor, ids);
        }
    }
    Ok(by_vendor)
}

/// The use cases, with every payment provider that is set up.
///
/// # Errors
/// [`StartError`] for a missing or odd variable.
pub async fn connect_billing(env: &Env) -> Result<Billing, StartError> {
    let mut providers = BTreeMap::new();
    for (vendor, price_ids) in price_ids(env)? {
        let provider = PaymentProvider {
            payments: payments(env, vendor).await?,
            price_ids,
            livemode: livemode(env)?,
        };
        providers.insert(vendor, provider);
    }
    Ok(Billing {
        store: runtime::store(env).await?,
        providers,
        clock: Arc::new(SystemClock),
        ids: Arc::new(RandomIds),
    })
}

/// What takes a vendor's webhooks.
///
/// # Errors
/// [`StartError`] for a missing or odd variable; without a secret everybody could sign.
pub async fn webhook_receiver(env: &Env, vendor: PaymentVendor) -> Result<WebhookReceiver, StartError> {
    let names = names_of(vendor);
    let secret = read_secret(env, names).await?;
    Ok(WebhookReceiver {
        store: runtime::store(env).await?,
        vendor,
        secrets: WebhookSecrets::parse(secret.webhook_secrets.expose_secret())
            .map_err(|_blank| incomplete(names))?,
        livemode: livemode(env)?,
        queue: Arc::new(runtime::text_queue(env, "PAYMENT_EVENTS_QUEUE_URL").await?),
    })
}

/// What the routes work with that send a customer to a vendor's page.
#[derive(Debug)]
pub struct CheckoutDeps {
    /// The use cases of payments.
    pub billing: Billing,
    /// Page of the studio to which customers come back.
    pub return_url: String,
}

impl CheckoutDeps {
    /// Connects the use cases of payments.
    ///
    /// # Errors
    /// [`StartError`] for a missing or odd variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        Ok(Self {
            billing: connect_billing(env).await?,
            return_url: env.required("BILLING_RETURN_URL")?,
        })
    }
}

impl IdempotencyDeps for CheckoutDeps {
    fn store(&self) -> &Store {
        &self.billing.store
    }

    fn ids(&self) -> &dyn IdSource {
        self.billing.ids.as_ref()
    }
}

const fn names_of(vendor: PaymentVendor) -> Names {
    match vendor {
        PaymentVendor::Stripe => STRIPE,
        PaymentVendor::Creem => CREEM,
    }
}

/// Reads a provider's secret; its text is in no error.
async fn read_secret(env: &Env, names: Names) -> Result<ProviderSecret, StartError> {
    let json = runtime::secret(env, names.secret).await?;
    serde_json::from_str(json.expose_secret()).map_err(|_cause_may_quote_it| incomplete(names))
}

const fn incomplete(names: Names) -> StartError {
    StartError::InvalidVariable {
        name: names.secret,
        expected: "the name of a secret, JSON with api_key and webhook_secrets, neither of them blank",
    }
}

async fn payments(env: &Env, vendor: PaymentVendor) -> Result<Arc<dyn Payments>, StartError> {
    let names = names_of(vendor);
    let secret = read_secret(env, names).await?;
    let key = ApiKey::parse(secret.api_key.expose_secret()).ok_or_else(|| incomplete(names))?;
    let (web, url, retry) = (runtime::web()?, env.required(names.api_url)?, Retry::default());
    Ok(match vendor {
        PaymentVendor::Stripe => Arc::new(Stripe::new(web, key, &url, retry)),
        PaymentVendor::Creem => Arc::new(Creem::new(web, key, &url, retry)),
    })
}

/// Whether this stage takes real money; said on purpose, never guessed from a key.
fn livemode(env: &Env) -> Result<bool, StartError> {
    let name = "PAYMENTS_LIVEMODE";
    match env.required(name)?.as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err(StartError::InvalidVariable {
            name,
            expected: "true or false",
        }),
    }
}
