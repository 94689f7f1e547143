//! The desk and the intake of a function, from its environment.

use std::collections::BTreeMap;
use std::sync::Arc;

use domain::billing::PaymentVendor;
use payments::creem::Creem;
use payments::stripe::Stripe;
use payments::{ApiKey, Payments, Retry, WebhookSecrets};
use runtime::{Env, RandomIds, StartError, SystemClock};

use crate::{Desk, Intake, Shelf, Till};

/// Names of a vendor's variables.
struct Names {
    vendor: PaymentVendor,
    prices: &'static str,
    api_key: &'static str,
    api_url: &'static str,
    webhook_secrets: &'static str,
}

const STRIPE: Names = Names {
    vendor: PaymentVendor::Stripe,
    prices: "STRIPE_PRICES",
    api_key: "STRIPE_API_KEY",
    api_url: "STRIPE_API_URL",
    webhook_secrets: "STRIPE_WEBHOOK_SECRETS",
};

const CREEM: Names = Names {
    vendor: PaymentVendor::Creem,
    prices: "CREEM_PRODUCTS",
    api_key: "CREEM_API_KEY",
    api_url: "CREEM_API_URL",
    webhook_secrets: "CREEM_WEBHOOK_SECRETS",
};

/// What each vendor sells; a vendor whose ids are not configured is not set up.
///
/// # Errors
/// [`StartError`] for ids that cannot be read.
pub fn shelves(env: &Env) -> Result<BTreeMap<PaymentVendor, Shelf>, StartError> {
    let mut shelves = BTreeMap::new();
    for names in [STRIPE, CREEM] {
        if let Some(json) = env.optional(names.prices) {
            let shelf = Shelf::parse(&json)
                .map_err(|error| StartError::failed("reading the price ids of a vendor", error))?;
            shelves.insert(names.vendor, shelf);
        }
    }
    Ok(shelves)
}

/// The desk, with every vendor that is set up.
///
/// # Errors
/// [`StartError`] for a missing or odd variable.
pub async fn desk(env: &Env) -> Result<Desk, StartError> {
    let mut tills = BTreeMap::new();
    for (vendor, shelf) in shelves(env)? {
        let till = Till {
            payments: payments(env, vendor)?,
            shelf,
            livemode: livemode(env)?,
        };
        tills.insert(vendor, till);
    }
    Ok(Desk {
        store: runtime::store(env).await?,
        tills,
        clock: Arc::new(SystemClock),
        ids: Arc::new(RandomIds),
    })
}

/// What takes a vendor's webhooks.
///
/// # Errors
/// [`StartError`] for a missing or odd variable; without a secret everybody could sign.
pub async fn intake(env: &Env, vendor: PaymentVendor) -> Result<Intake, StartError> {
    let names = names_of(vendor);
    let secrets = env.required(names.webhook_secrets)?;
    Ok(Intake {
        store: runtime::store(env).await?,
        vendor,
        secrets: WebhookSecrets::parse(&secrets).map_err(|_blank| StartError::MissingVariable {
            name: names.webhook_secrets,
        })?,
        livemode: livemode(env)?,
        queue: Arc::new(runtime::text_queue(env, "PAYMENT_EVENTS_QUEUE_URL").await?),
    })
}

/// What the routes work with that send a customer to a vendor's page.
#[derive(Debug)]
pub struct Counter {
    /// The use cases of payments.
    pub desk: Desk,
    /// Page of the studio to which customers come back.
    pub return_url: String,
}

impl Counter {
    /// Connects the desk.
    ///
    /// # Errors
    /// [`StartError`] for a missing or odd variable.
    pub async fn connect(env: &Env) -> Result<Self, StartError> {
        Ok(Self {
            desk: desk(env).await?,
            return_url: env.required("BILLING_RETURN_URL")?,
        })
    }
}

const fn names_of(vendor: PaymentVendor) -> Names {
    match vendor {
        PaymentVendor::Stripe => STRIPE,
        PaymentVendor::Creem => CREEM,
    }
}

fn payments(env: &Env, vendor: PaymentVendor) -> Result<Arc<dyn Payments>, StartError> {
    let names = names_of(vendor);
    let key = ApiKey::parse(&env.required(names.api_key)?);
    let key = key.ok_or(StartError::MissingVariable { name: names.api_key })?;
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
