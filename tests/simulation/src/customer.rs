//! The account that a run is about, with a clock and ids that nothing outside the run decides.

use std::collections::BTreeMap;

use domain::account::{PlanId, Role};
use domain::asset::{Asset, AssetKind, AssetState, Declared, UPLOAD_S};
use domain::job::{Job, JobKind, StepProgress};
use domain::outputs::{InputHash, MediaKey, Outputs, Produced, Source, VoiceTrack, Word};
use domain::project::{Project, ProjectStatus};
use domain::settings::{Language, Settings, SettingsDraft};
use domain::{
    AccountId, ApiKeyId, AssetId, Credits, JobId, JobState, LotId, ProjectId, QuotaResetId, Timestamp,
    TransactionId,
};
use store::NewAccount;
use ulid::Ulid;

use crate::SimulationError;
use crate::rng::Rng;

/// 2026-11-21T08:00:00Z.
const BEGIN_MS: i64 = 1_795_248_000_000;
/// API keys of an account.
const KEYS: u64 = 2;

/// A customer.
#[derive(Debug)]
pub(crate) struct Customer {
    pub(crate) account: AccountId,
    pub(crate) now: Timestamp,
    number: u64,
    rng: Rng,
}

impl Customer {
    /// With a number of its own.
    pub(crate) fn of(number: u64) -> Self {
        Self {
            account: AccountId::new(u128::from(number).into()),
            now: Timestamp::from_ms(BEGIN_MS),
            number,
            rng: Rng::of(number).fork(),
        }
    }

    /// Another device of the same customer: it mints other ids.
    pub(crate) fn reseed(&mut self, device: u64) {
        self.rng = Rng::of(self.number ^ ((device + 1) << 32)).fork();
    }

    /// What it signs up with.
    pub(crate) fn profile(&self) -> NewAccount {
        NewAccount {
            id: self.account,
            email: format!("customer{}@example.com", self.number),
            name: None,
            language: Language::English,
            plan: PlanId::Free,
            role: Role::Customer,
        }
    }

    /// Another account of the same mailbox.
    pub(crate) fn alias(&self) -> NewAccount {
        NewAccount {
            id: AccountId::new(((2_u128 << 64) | u128::from(self.number)).into()),
            email: format!("customer{}+again@example.com", self.number),
            ..self.profile()
        }
    }

    /// An account that never signs up.
    pub(crate) fn stranger(&self) -> AccountId {
        AccountId::new(((1_u128 << 64) | u128::from(self.number)).into())
    }

    fn mint(&mut self) -> Ulid {
        let time_ms = u64::try_from(self.now.as_ms()).unwrap_or_default();
        // As wide as in the product: ids of rows are made of ids of lots, and small numbers would meet.
        let (high, low) = (self.rng.below(1 << 16), self.rng.below(u64::MAX));
        Ulid::from_parts(time_ms, (u128::from(high) << 64) | u128::from(low))
    }

    pub(crate) fn lot_id(&mut self) -> LotId {
        LotId::new(self.mint())
    }

    pub(crate) fn transaction_id(&mut self) -> TransactionId {
        TransactionId::new(self.mint())
    }

    pub(crate) fn reset_id(&mut self) -> QuotaResetId {
        QuotaResetId::new(self.mint())
    }

    /// One of its keys.
    pub(crate) fn key(&mut self) -> ApiKeyId {
        ApiKeyId::new(u128::from(1 + self.rng.below(KEYS)).into())
    }

    pub(crate) fn project(&mut self, settings: &Settings) -> Project {
        Project {
            id: ProjectId::new(self.mint()),
            account_id: self.account,
            name: "How bees make honey".to_owned(),
            status: ProjectStatus::Draft,
            settings: settings.clone(),
            outputs: Outputs::default(),
            active_job: None,
            last_job: None,
            script_mark: None,
            generation_cost: Credits::ZERO,
            version: 1,
            created_at: self.now,
            updated_at: self.now,
        }
    }

    /// A declared image of so many bytes.
    pub(crate) fn asset(&mut self, size_bytes: u64) -> Asset {
        Asset {
            id: AssetId::new(self.mint()),
            account_id: self.account,
            kind: AssetKind::Image,
            name: None,
            declared: Declared {
                content_type: "image/png".to_owned(),
                size_bytes,
                sha256: None,
            },
            state: AssetState::Uploading {
                expires_at: self.now.plus_s(UPLOAD_S),
            },
            version: 1,
            created_at: self.now,
            updated_at: self.now,
        }
    }

    pub(crate) fn job(&mut self, project: &Project, kind: JobKind, held: u64) -> Job {
        Job {
            id: JobId::new(self.mint()),
            account_id: self.account,
            project_id: project.id,
            kind,
            run: 1,
            state: JobState::Pending,
            settings: project.settings.clone(),
            held: Credits::new(held),
            inputs: Outputs::default(),
            outputs: Outputs::default(),
            steps: kind
                .steps()
                .iter()
                .map(|step| (*step, StepProgress::default()))
                .collect::<BTreeMap<_, _>>(),
            failure: None,
            receipt: None,
            created_at: self.now,
            started_at: None,
            ended_at: None,
            max_credits: None,
            rewrite_script: false,
            spender: None,
            hold_row: None,
            quoted: Vec::new(),
            models: BTreeMap::new(),
        }
    }
}

/// What every run begins with.
#[derive(Debug)]
pub(crate) struct Fixture {
    pub(crate) settings: Settings,
    shared: InputHash,
}

impl Fixture {
    /// # Errors
    /// [`SimulationError::Begin`] when the rules of settings have changed.
    pub(crate) fn new() -> Result<Self, SimulationError> {
        let draft = SettingsDraft {
            keyword: Some("How bees make honey".to_owned()),
            duration_s: Some(20),
            ..SettingsDraft::default()
        };
        let settings = Settings::parse(draft, Language::English);
        let shared = InputHash::of("simulation", &"shared");
        Ok(Self {
            settings: settings.map_err(|_why| SimulationError::Begin("the settings break a rule"))?,
            shared: shared.map_err(|_why| SimulationError::Begin("a text is no JSON"))?,
        })
    }

    /// Hash of the voice that a job makes: three of four jobs work from the same inputs and share it; the others have
    /// their own, the same in every run.
    pub(crate) fn hash_of(&self, job: JobId) -> InputHash {
        if !job.body().random().is_multiple_of(4) {
            return self.shared.clone();
        }
        InputHash::of("simulation", &job.to_string()).unwrap_or_else(|_never| self.shared.clone())
    }

    /// The voice that a job makes.
    pub(crate) fn voice_of(&self, job: JobId, source: Source) -> Produced<VoiceTrack> {
        Produced {
            value: VoiceTrack {
                key: MediaKey::new("samples/voice.wav".to_owned()),
                duration_ms: 1000,
                words: vec![Word {
                    text: "bees".to_owned(),
                    start_ms: 0,
                    end_ms: 900,
                    scene: 0,
                }],
                scene_marks_ms: vec![0, 1000],
            },
            input_hash: self.hash_of(job),
            source,
            provider: "local".to_owned(),
            model: None,
        }
    }
}
