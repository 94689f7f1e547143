//! Assets of the model: the state of each, and the storage that it takes.

use domain::asset::{Asset, AssetEvent};
use domain::{AssetId, QuotaKind, Timestamp};
use store::{Consumption, UsedFor};

use super::Model;
use super::quotas::LimitPolicy;
use crate::command::Outcome;

/// Type of the resource in the log.
const ASSET: &str = "asset";

/// An asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ModelAsset {
    pub(crate) status: AssetStatus,
    /// Writes so far.
    pub(crate) version: u64,
}

/// The state of an asset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AssetStatus {
    /// The upload is awaited until then.
    Uploading(Timestamp),
    Checking,
    Ready,
    Refused,
}

impl Model {
    pub(super) fn declare(&mut self, asset: &Asset, now: Timestamp) -> Outcome {
        match self.assets.get(&asset.id) {
            Some(Some(_)) => return Outcome::Already,
            Some(None) => return Outcome::NotFound,
            None => {}
        }
        let reservation = [
            (QuotaKind::Upload, 1),
            (QuotaKind::StorageBytes, asset.declared.size_bytes),
        ];
        let wanted = reservation.map(|(kind, quantity)| Consumption {
            kind,
            quantity,
            used_for: UsedFor::new(ASSET, asset.id.to_string()),
        });
        let outcome = self.quotas.consume(&wanted, LimitPolicy::Enforce, now);
        if outcome == Outcome::Done {
            let awaited = ModelAsset {
                status: AssetStatus::Uploading(asset.state.due_at().unwrap_or(now)),
                version: 1,
            };
            self.assets.insert(asset.id, Some(awaited));
        }
        outcome
    }

    pub(super) fn happen(&mut self, id: AssetId, event: &AssetEvent, now: Timestamp) -> Outcome {
        let Some(asset) = self.assets.get(&id).copied().flatten() else {
            return Outcome::NotFound;
        };
        let status = match (asset.status, event) {
            (AssetStatus::Uploading(_), AssetEvent::Uploaded)
            | (
                AssetStatus::Checking,
                AssetEvent::CheckBegan | AssetEvent::CheckFailed | AssetEvent::CheckAsked,
            ) => AssetStatus::Checking,
            (AssetStatus::Uploading(until), AssetEvent::TimePassed) if until <= now => AssetStatus::Refused,
            (AssetStatus::Checking, AssetEvent::Kept(_)) => AssetStatus::Ready,
            (AssetStatus::Checking, AssetEvent::Refused(_)) => AssetStatus::Refused,
            _ => return Outcome::Already,
        };
        let of = id.to_string();
        if let AssetEvent::Kept(stored) = event {
            let corrected =
                self.quotas
                    .correct(QuotaKind::StorageBytes, (ASSET, &of), stored.size_bytes, now);
            if corrected != Outcome::Done {
                return corrected;
            }
        }
        if status == AssetStatus::Refused {
            self.quotas.back(QuotaKind::StorageBytes, (ASSET, &of));
        }
        let version = asset.version + 1;
        self.assets.insert(id, Some(ModelAsset { status, version }));
        Outcome::Done
    }

    pub(super) fn discard(&mut self, id: AssetId) -> Outcome {
        if self.assets.get(&id).copied().flatten().is_none() {
            return Outcome::NotFound;
        }
        self.quotas
            .back(QuotaKind::StorageBytes, (ASSET, &id.to_string()));
        self.assets.insert(id, None);
        Outcome::Done
    }
}
