//! Files of a customer: declared, uploaded, judged and deleted, beside each other and late.

use domain::asset::{Asset, AssetEvent, AssetFile, AssetRefusal, Sha256Hex};
use domain::outputs::MediaKey;
use store::AssetRef;

use super::Planner;
use super::consumption::reset;
use crate::command::Command;
use crate::customer::Customer;

/// Most bytes of a file: some fit into the storage of a life.
const BYTES_MAX: u64 = 6;

impl Planner<'_> {
    /// A new file, or what happens to one that was declared.
    pub(super) fn file(&mut self, customer: &mut Customer) -> Command {
        let known = self.chance.pick(&self.files).copied();
        let known = known.filter(|_| !self.chance.percent(30));
        match known {
            Some(at) => self.what_happens(at),
            None => self.declare(customer),
        }
    }

    /// What meets a change of a file on the same rows.
    pub(super) fn beside_a_file(&mut self, customer: &mut Customer, at: AssetRef) -> Command {
        match self.chance.below(10) {
            0..3 => Command::Discard(at),
            3..5 => reset(customer, Vec::new()),
            _ => self.what_happens(at),
        }
    }

    /// A file that is judged beside its deletion, another verdict, a reset or anything else that takes storage.
    pub(super) fn judged_file(&mut self, customer: &mut Customer) -> Vec<Vec<Command>> {
        let declared = self.declare(customer);
        let Some(at) = self.files.last().copied() else {
            return Vec::new();
        };
        let verdict = self.kept(at);
        let beside = match self.chance.below(4) {
            0 => Command::Discard(at),
            1 => reset(customer, Vec::new()),
            2 => self.declare(customer),
            _ => self.kept(at),
        };
        let uploaded = Command::Happen(at, Box::new(AssetEvent::Uploaded));
        vec![vec![declared], vec![uploaded], vec![verdict, beside]]
    }

    fn declare(&mut self, customer: &mut Customer) -> Command {
        let asset: Asset = customer.file(1 + self.chance.below(BYTES_MAX));
        self.files.push(AssetRef {
            account_id: asset.account_id,
            asset_id: asset.id,
        });
        Command::Declare(Box::new(asset))
    }

    fn what_happens(&mut self, at: AssetRef) -> Command {
        let event = match self.chance.below(20) {
            0..5 => AssetEvent::Uploaded,
            5..7 => AssetEvent::TimePassed,
            7 => AssetEvent::CheckBegan,
            8 => AssetEvent::CheckFailed,
            9 => AssetEvent::CheckAsked,
            10..15 => return self.kept(at),
            15..17 => {
                let message = "The file is empty.";
                AssetEvent::Refused(AssetRefusal::new("input_empty", message))
            }
            _ => return Command::Discard(at),
        };
        Command::Happen(at, Box::new(event))
    }

    /// Found good, and smaller or larger than it was declared.
    fn kept(&mut self, at: AssetRef) -> Command {
        let Ok(sha256) = Sha256Hex::parse(&"5a".repeat(32)) else {
            return Command::Discard(at);
        };
        let file = AssetFile {
            key: MediaKey::new("samples/image.jpg".to_owned()),
            content_type: "image/jpeg".to_owned(),
            size_bytes: 1 + self.chance.below(BYTES_MAX),
            sha256,
            width: Some(4),
            height: Some(3),
            duration_ms: 0,
            has_sound: false,
        };
        Command::Happen(at, Box::new(AssetEvent::Kept(file)))
    }
}
