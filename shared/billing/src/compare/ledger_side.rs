//! Our side of a comparison: payment rows, grants and claw backs of the ledger, subscriptions.

use std::collections::{BTreeMap, BTreeSet};

use domain::billing::PaymentProvider;
use domain::report::Finding;
use domain::{AccountId, Credits, Failure};
use ledger::{Reference, Transaction};
use store::{Payment, Subscription};

use super::{GRANT_WITHOUT_PAYMENT, REFUND_DIFFERS, finding};
use crate::Billing;

/// Everything that we know of an account's money.
#[derive(Debug)]
pub(super) struct LedgerSide {
    pub(super) account: AccountId,
    /// By the key of their grant.
    pub(super) payments: BTreeMap<String, Payment>,
    /// Credits that were granted, by key.
    pub(super) grants: BTreeMap<String, Credits>,
    /// Credits that were taken back, by key.
    pub(super) taken: BTreeMap<String, Credits>,
    /// Keys of those that were given back.
    pub(super) reversed: BTreeSet<String>,
    /// Every subscription, also those that are over.
    pub(super) subscriptions: Vec<Subscription>,
    /// Customers that the account pays as.
    customers: BTreeMap<PaymentProvider, BTreeSet<String>>,
    /// Keys of claw backs that a provider's object explains.
    explained: BTreeSet<String>,
}

impl LedgerSide {
    pub(super) async fn load(billing: &Billing, account: AccountId) -> Result<Self, Failure> {
        let store = &billing.store;
        let payments = store.payments(account).await?;
        let subscriptions = store.subscriptions(account).await?;
        let mut customers: BTreeMap<PaymentProvider, BTreeSet<String>> = BTreeMap::new();
        for provider in billing.providers.keys() {
            let known = store.customer(account, *provider).await?;
            let of_rows = subscriptions.iter().filter(|row| row.provider == *provider);
            let all = known
                .into_iter()
                .chain(of_rows.map(|row| row.customer_id.clone()));
            customers.insert(*provider, all.collect());
        }
        let mut ledger_side = Self {
            account,
            payments: payments.into_iter().map(|row| (row.key.clone(), row)).collect(),
            grants: BTreeMap::new(),
            taken: BTreeMap::new(),
            reversed: BTreeSet::new(),
            subscriptions,
            customers,
            explained: BTreeSet::new(),
        };
        for row in store.keyed_rows(account).await? {
            ledger_side.note(&row)?;
        }
        Ok(ledger_side)
    }

    fn note(&mut self, row: &Transaction) -> Result<(), Failure> {
        match &row.reference {
            Reference::Grant { key, .. } => {
                self.grants.insert(key.clone(), row.available.size());
            }
            Reference::ClawBack { key, .. } => {
                self.taken.insert(key.clone(), row.clawed()?);
            }
            Reference::Reversal { key, .. } => {
                self.reversed.insert(key.clone());
            }
            Reference::Adjustment { .. } | Reference::Job { .. } | Reference::Lots { .. } => {}
        }
        Ok(())
    }

    /// The provider's customers that the account pays as.
    pub(super) fn customers(&self, provider: PaymentProvider) -> BTreeSet<String> {
        self.customers.get(&provider).cloned().unwrap_or_default()
    }

    /// Providers that the account has paid.
    pub(super) fn providers(&self) -> impl Iterator<Item = PaymentProvider> + '_ {
        self.payments.values().map(|row| row.provider)
    }

    /// Credits that are taken back under a key: none when it never was, or was undone.
    pub(super) fn away(&self, key: &str) -> Credits {
        let taken = self.taken.get(key).copied();
        taken
            .filter(|_| !self.reversed.contains(key))
            .unwrap_or(Credits::ZERO)
    }

    /// Marks the claw back under this key as explained by an object of the provider.
    pub(super) fn explain(&mut self, key: &str) {
        self.explained.insert(key.to_owned());
    }

    /// Grants under the key of a payment that has no row.
    pub(super) fn grants_without_row(&self) -> Vec<Finding> {
        let of_payments = self
            .grants
            .iter()
            .filter(|(key, _)| key.starts_with("checkout:") || key.starts_with("invoice:"));
        of_payments
            .filter(|(key, _)| !self.payments.contains_key(*key))
            .map(|(key, credits)| {
                let text =
                    format!("{credits} credits were granted under {key}, and there is no such payment");
                finding(GRANT_WITHOUT_PAYMENT, key, text)
            })
            .collect()
    }

    /// Claw backs that no object of a provider explains.
    pub(super) fn unexplained_refunds(&self) -> Vec<Finding> {
        let of_money = self
            .taken
            .keys()
            .filter(|key| key.starts_with("refund:") || key.starts_with("dispute:"));
        of_money
            .filter(|key| !self.explained.contains(*key) && !self.away(key).is_zero())
            .map(|key| {
                let credits = self.away(key);
                let text =
                    format!("{credits} credits are taken back under {key}, of which no provider knows");
                finding(REFUND_DIFFERS, key, text)
            })
            .collect()
    }
}
