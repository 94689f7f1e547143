//! Connects the use cases of payments and what takes webhooks, from the environment and the providers' secrets.

use std::collections::BTreeMap;
use std::sync::Arc;

use billing::{Billing, PriceIds, ProviderSetup, WebhookReceiver};
use domain::billing::PaymentProvider;
use payments::creem::Creem;
use payments::stripe::Stripe;
use payments::{ApiKey, Payments, Retry, WebhookSecrets};
use runtime::{Env, RandomIds, StartError, SystemClock};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

/// Names of a payment provider's variables.
#[derive(Clone, Copy)]
struct Names {
    provider: PaymentProvider,
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
    /// Secrets that sign the webhooks; two, separated by a comma, while one is replaced.
    webhook_secrets: SecretString,
}

const STRIPE: Names = Names {
    provider: PaymentProvider::Stripe,
    prices: "STRIPE_PRICES",
    api_url: "STRIPE_API_URL",
    secret: "STRIPE_SECRET",
};

const CREEM: Names = Names {
    provider: PaymentProvider::Creem,
    prices: "CREEM_PRODUCTS",
    api_url: "CREEM_API_URL",
    secret: "CREEM_SECRET",
};

/// What each provider sells; a provider whose ids are not configured is not set up.
///
/// # Errors
/// [`StartError`] for ids that cannot be read.
pub fn price_ids(env: &Env) -> Result<BTreeMap<PaymentProvider, PriceIds>, StartError> {
    let mut by_provider = BTreeMap::new();
    for names in [STRIPE, CREEM] {
        if let Some(json) = env.optional(names.prices) {
            let ids = PriceIds::parse(&json)
                .map_err(|error| StartError::failed("reading the price ids of a payment provider", error))?;
            by_provider.insert(names.provider, ids);
        }
    }
    Ok(by_provider)
}

/// The use cases, with every payment provider that is set up.
///
/// # Errors
/// [`StartError`] for a missing or odd variable.
pub async fn connect_billing(env: &Env) -> Result<Billing, StartError> {
    let mut providers = BTreeMap::new();
    for (provider, price_ids) in price_ids(env)? {
        let setup = ProviderSetup {
            payments: payments(env, provider).await?,
            price_ids,
            livemode: livemode(env)?,
        };
        providers.insert(provider, setup);
    }
    Ok(Billing {
        store: runtime::store(env).await?,
        providers,
        clock: Arc::new(SystemClock),
        ids: Arc::new(RandomIds),
    })
}

/// The receiver of a provider's webhooks.
///
/// # Errors
/// [`StartError`] for a missing or odd variable; without a secret everybody could sign.
pub async fn webhook_receiver(env: &Env, provider: PaymentProvider) -> Result<WebhookReceiver, StartError> {
    let names = names_of(provider);
    let secret = read_secret(env, names).await?;
    Ok(WebhookReceiver {
        store: runtime::store(env).await?,
        provider,
        secrets: WebhookSecrets::parse(secret.webhook_secrets.expose_secret())
            .map_err(|_blank| incomplete(names))?,
        livemode: livemode(env)?,
        queue: Arc::new(runtime::sqs_queue(env, "PAYMENT_EVENTS_QUEUE_URL").await?),
    })
}

const fn names_of(provider: PaymentProvider) -> Names {
    match provider {
        PaymentProvider::Stripe => STRIPE,
        PaymentProvider::Creem => CREEM,
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

async fn payments(env: &Env, provider: PaymentProvider) -> Result<Arc<dyn Payments>, StartError> {
    let names = names_of(provider);
    let secret = read_secret(env, names).await?;
    let key = ApiKey::parse(secret.api_key.expose_secret()).ok_or_else(|| incomplete(names))?;
    let (web, url, retry) = (runtime::web()?, env.required(names.api_url)?, Retry::default());
    Ok(match provider {
        PaymentProvider::Stripe => Arc::new(Stripe::new(web, &key, &url, retry)),
        PaymentProvider::Creem => Arc::new(Creem::new(web, key, &url, retry)),
    })
}

/// Whether this stage takes real money; configured explicitly, never derived from a key.
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
