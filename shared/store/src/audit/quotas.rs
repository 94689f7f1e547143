//! Compares counters with the log, and the log with the assets.
//!
//! A counter equals what the log has consumed and not given back since the last reset; an asset's row in the log equals
//! the size of its stored or reserved file, and nothing else takes storage.

use std::collections::{BTreeMap, BTreeSet};

use domain::asset::Asset;
use domain::{AccountId, QuotaKind};

use super::{OPERATION, READS_MAX};
use crate::assets::storage;
use crate::dynamo::codec::{decode, text_of};
use crate::dynamo::keys;
use crate::usage::consumption::{Use, counter_of};
use crate::{Store, StoreError};

impl Store {
    /// Broken rules of the account's counters.
    ///
    /// Reads again when something is wrong: a consumption may come between the two lists, and it does not show in the
    /// wallet's last row, by which an audit knows that nothing changed.
    pub(super) async fn audit_quotas(&self, account: AccountId) -> Result<Vec<String>, StoreError> {
        let mut findings = Vec::new();
        for _ in 0..READS_MAX {
            findings = self.counters_against_log(account).await?;
            if findings.is_empty() {
                break;
            }
        }
        Ok(findings)
    }

    async fn counters_against_log(&self, account: AccountId) -> Result<Vec<String>, StoreError> {
        let (table, owner) = (&self.tables.studio, keys::owner(account));
        let mut logged: BTreeMap<(String, u32), u64> = BTreeMap::new();
        let mut stored: BTreeMap<String, u64> = BTreeMap::new();
        for row in self.query_all(OPERATION, table, &owner, keys::USE).await? {
            let used: Use = decode(row)?;
            if used.given_back_at.is_some() {
                continue;
            }
            let name = keys::quota(used.kind, &used.period);
            let sum = logged.entry((name, used.epoch)).or_default();
            *sum = sum.saturating_add(used.quantity);
            if used.kind == QuotaKind::StorageBytes && used.used_for.r#type == storage::ASSET {
                stored.insert(used.used_for.id, used.quantity);
            }
        }
        let mut findings = Vec::new();
        let mut known = BTreeSet::new();
        for row in self.query_all(OPERATION, table, &owner, keys::QUOTA).await? {
            let name = text_of(&row, "sk")?.to_owned();
            let said = counter_of(&row)?;
            let sum = logged.get(&(name.clone(), said.epoch)).copied();
            if sum.unwrap_or_default() != said.used {
                findings.push(format!("{name} says {}, its log {sum:?}", said.used));
            }
            known.insert(name);
        }
        findings.extend(self.assets_against_log(account, stored).await?);
        for (name, _) in logged.keys().filter(|(name, _)| !known.contains(name)) {
            findings.push(format!("{name} is in the log and has no counter"));
        }
        Ok(findings)
    }

    /// `stored` is what the log says that assets take, by their ids.
    async fn assets_against_log(
        &self,
        account: AccountId,
        mut stored: BTreeMap<String, u64>,
    ) -> Result<Vec<String>, StoreError> {
        let mut findings = Vec::new();
        for asset in self
            .all::<Asset>(&self.tables.studio, account, keys::ASSET)
            .await?
        {
            let (takes, said) = (asset.storage_bytes(), stored.remove(&asset.id.to_string()));
            if takes != said.unwrap_or_default() {
                findings.push(format!("{} takes {takes} bytes, its log {said:?}", asset.id));
            }
        }
        findings.extend(
            stored
                .into_iter()
                .map(|(id, bytes)| format!("{id} is not there and takes {bytes} bytes")),
        );
        Ok(findings)
    }
}
