//! Assets of a customer: declared, uploaded, checked and deleted, beside each other and late.

use domain::asset::{Asset, AssetEvent, AssetFile, AssetRefusal, Sha256Hex};
use domain::outputs::MediaKey;
use store::AssetRef;

use super::Planner;
use super::consumption::reset;
use crate::command::Command;
use crate::customer::Customer;

/// Most bytes of an asset: some fit into the storage limit of a history.
const BYTES_MAX: u64 = 6;

impl Planner<'_> {
    /// A new asset, or what happens to one that was declared.
    pub(super) fn asset(&mut self, customer: &mut Customer) -> Command {
        let known = self.rng.pick(&self.assets).copied();
        let known = known.filter(|_| !self.rng.percent(30));
        match known {
            Some(at) => self.what_happens(at),
            None => self.declare(customer),
        }
    }

    /// A command that writes the same rows as a change of an asset.
    pub(super) fn beside_an_asset(&mut self, customer: &mut Customer, at: AssetRef) -> Command {
        match self.rng.below(10) {
            0..3 => Command::DeleteAsset(at),
            3..5 => reset(customer, Vec::new()),
            _ => self.what_happens(at),
        }
    }

    /// An asset whose check ends beside its deletion, another check, a reset or anything else that takes storage.
    pub(super) fn checked_asset(&mut self, customer: &mut Customer) -> Vec<Vec<Command>> {
        let declared = self.declare(customer);
        let Some(at) = self.assets.last().copied() else {
            return Vec::new();
        };
        let checked = self.accepted(at);
        let beside = match self.rng.below(4) {
            0 => Command::DeleteAsset(at),
            1 => reset(customer, Vec::new()),
            2 => self.declare(customer),
            _ => self.accepted(at),
        };
        let uploaded = Command::MoveAsset(at, Box::new(AssetEvent::Uploaded));
        vec![vec![declared], vec![uploaded], vec![checked, beside]]
    }

    fn declare(&mut self, customer: &mut Customer) -> Command {
        let asset: Asset = customer.asset(1 + self.rng.below(BYTES_MAX));
        self.assets.push(AssetRef {
            account_id: asset.account_id,
            asset_id: asset.id,
        });
        Command::DeclareAsset(Box::new(asset))
    }

    fn what_happens(&mut self, at: AssetRef) -> Command {
        let event = match self.rng.below(20) {
            0..5 => AssetEvent::Uploaded,
            5..7 => AssetEvent::TimePassed,
            7 => AssetEvent::CheckBegan,
            8 => AssetEvent::CheckFailed,
            9 => AssetEvent::CheckAsked,
            10..15 => return self.accepted(at),
            15..17 => {
                let message = "The asset is empty.";
                AssetEvent::Refused(AssetRefusal::new("input_empty", message))
            }
            _ => return Command::DeleteAsset(at),
        };
        Command::MoveAsset(at, Box::new(event))
    }

    /// The check accepts it, smaller or larger than it was declared.
    fn accepted(&mut self, at: AssetRef) -> Command {
        let Ok(sha256) = Sha256Hex::parse(&"5a".repeat(32)) else {
            return Command::DeleteAsset(at);
        };
        let asset = AssetFile {
            key: MediaKey::new("samples/image.jpg".to_owned()),
            content_type: "image/jpeg".to_owned(),
            size_bytes: 1 + self.rng.below(BYTES_MAX),
            sha256,
            width: Some(4),
            height: Some(3),
            duration_ms: 0,
            has_sound: false,
        };
        Command::MoveAsset(at, Box::new(AssetEvent::Kept(asset)))
    }
}
