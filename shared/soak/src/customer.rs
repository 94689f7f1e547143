//! The account that a run is about, with a clock and ids that nothing outside the run decides.

use std::collections::BTreeMap;

use domain::account::{PlanId, Role};
use domain::job::{Job, JobKind, StepProgress};
use domain::outputs::{InputHash, Made, MediaKey, Outputs, Source, VoiceTrack, Word};
use domain::project::{Project, ProjectStatus};
use domain::settings::{Language, Settings, SettingsDraft};
use domain::{AccountId, Credits, JobId, JobState, LotId, ProjectId, Timestamp, TransactionId};
use store::{NewAccount, Store};
use ulid::Ulid;

use crate::chance::Chance;

/// 2026-11-21T08:00:00Z.
const BEGIN_MS: i64 = 1_795_248_000_000;

/// A customer.
#[derive(Debug)]
pub(crate) struct Customer {
    pub(crate) account: AccountId,
    pub(crate) now: Timestamp,
    chance: Chance,
}

impl Customer {
    /// Signs up without a gift.
    pub(crate) async fn of(number: u64, store: &Store) -> Self {
        let account = AccountId::new(u128::from(number).into());
        let customer = Self {
            account,
            now: Timestamp::from_ms(BEGIN_MS),
            chance: Chance::of(number).fork(),
        };
        let new = NewAccount {
            id: account,
            email: format!("customer{number}@example.com"),
            name: None,
            language: Language::English,
            plan: PlanId::Free,
            role: Role::Customer,
        };
        let made = store.ensure_account(new, None, customer.now).await;
        made.expect("a new account");
        customer
    }

    fn mint(&mut self) -> Ulid {
        let time_ms = u64::try_from(self.now.as_ms()).unwrap_or_default();
        // As wide as in the product: ids of rows are made of ids of lots, and small numbers would meet.
        let (high, low) = (self.chance.below(1 << 16), self.chance.below(u64::MAX));
        Ulid::from_parts(time_ms, (u128::from(high) << 64) | u128::from(low))
    }

    pub(crate) fn lot_id(&mut self) -> LotId {
        LotId::new(self.mint())
    }

    pub(crate) fn transaction_id(&mut self) -> TransactionId {
        TransactionId::new(self.mint())
    }

    pub(crate) async fn project(&mut self, settings: &Settings, store: &Store) -> Project {
        let project = Project {
            id: ProjectId::new(self.mint()),
            account_id: self.account,
            name: "How bees make honey".to_owned(),
            status: ProjectStatus::Draft,
            settings: settings.clone(),
            outputs: Outputs::default(),
            active_job: None,
            generation_cost: Credits::ZERO,
            version: 1,
            created_at: self.now,
            updated_at: self.now,
        };
        store.create_project(&project).await.expect("a new project")
    }

    pub(crate) fn job(&mut self, project: &Project, held: u64) -> Job {
        let kind = JobKind::GenerateVoice;
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
            spender: None,
            hold_row: None,
            quoted: Vec::new(),
        }
    }
}

/// Settings of every project.
pub(crate) fn settings() -> Settings {
    let draft = SettingsDraft {
        keyword: Some("How bees make honey".to_owned()),
        duration_s: Some(20),
        ..SettingsDraft::default()
    };
    Settings::parse(draft, Language::English).expect("settings hold every rule")
}

/// The voice that a job makes: its hash is of the job, so that every run finds the same.
pub(crate) fn voice_of(job: JobId) -> Made<VoiceTrack> {
    Made {
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
        input_hash: InputHash::of("soak", &job.to_string()).expect("a text is JSON"),
        source: Source::Fresh,
        provider: "local".to_owned(),
    }
}
