//! Files of the reference: where each stands, and what it takes of the storage.

use domain::asset::{Asset, AssetEvent};
use domain::{AssetId, QuotaKind, Timestamp};
use store::{Consumption, UsedFor};

use super::Model;
use super::quotas::Fit;
use crate::command::Outcome;

/// Type of the resource in the log.
const ASSET: &str = "asset";

/// A file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct File {
    pub(crate) stage: Stage,
    /// Writes so far.
    pub(crate) version: u64,
}

/// Where a file stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Awaited until then.
    Uploading(Timestamp),
    Checking,
    Ready,
    Refused,
}

impl Model {
    pub(super) fn declare(&mut self, asset: &Asset, now: Timestamp) -> Outcome {
        match self.files.get(&asset.id) {
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
        let outcome = self.quotas.consume(&wanted, Fit::Within, now);
        if outcome == Outcome::Done {
            let file = File {
                stage: Stage::Uploading(asset.state.due_at().unwrap_or(now)),
                version: 1,
            };
            self.files.insert(asset.id, Some(file));
        }
        outcome
    }

    pub(super) fn happen(&mut self, id: AssetId, event: &AssetEvent, now: Timestamp) -> Outcome {
        let Some(file) = self.files.get(&id).copied().flatten() else {
            return Outcome::NotFound;
        };
        let stage = match (file.stage, event) {
            (Stage::Uploading(_), AssetEvent::Uploaded) => Stage::Checking,
            (Stage::Uploading(until), AssetEvent::TimePassed) if until <= now => Stage::Refused,
            (Stage::Checking, AssetEvent::CheckBegan | AssetEvent::CheckFailed | AssetEvent::CheckAsked) => {
                Stage::Checking
            }
            (Stage::Checking, AssetEvent::Kept(_)) => Stage::Ready,
            (Stage::Checking, AssetEvent::Refused(_)) => Stage::Refused,
            _ => return Outcome::Already,
        };
        let of = id.to_string();
        if let AssetEvent::Kept(kept) = event {
            let corrected = self
                .quotas
                .correct(QuotaKind::StorageBytes, (ASSET, &of), kept.size_bytes, now);
            if corrected != Outcome::Done {
                return corrected;
            }
        }
        if stage == Stage::Refused {
            self.quotas.back(QuotaKind::StorageBytes, (ASSET, &of));
        }
        let version = file.version + 1;
        self.files.insert(id, Some(File { stage, version }));
        Outcome::Done
    }

    pub(super) fn discard(&mut self, id: AssetId) -> Outcome {
        if self.files.get(&id).copied().flatten().is_none() {
            return Outcome::NotFound;
        }
        self.quotas
            .back(QuotaKind::StorageBytes, (ASSET, &id.to_string()));
        self.files.insert(id, None);
        Outcome::Done
    }
}
