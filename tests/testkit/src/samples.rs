//! Things that most tests begin with: a customer with credits, a project, a job.

use std::collections::BTreeMap;

use domain::account::{PlanId, Role};
use domain::job::{Job, JobKind, StepProgress};
use domain::outputs::{Image, InputHash, MediaKey, Outputs, Produced, Source, Video, VoiceTrack, Word};
use domain::ports::{Clock, IdSource};
use domain::project::{Project, ProjectStatus};
use domain::script::{Script, Section, SectionKind};
use domain::settings::{Language, Settings, SettingsDraft};
use domain::{AccountId, Credits, JobId, JobState, LotId, ProjectId, Timestamp, TransactionId};
use jobs::hashes::{ModelRef, image_hash, script_hash, script_settings, video_hash, voice_hash};
use jobs::plan::VideoPlan;
use ledger::{Grant, Origin};
use providers::{ImageBrief, VoiceBrief};
use store::{NewAccount, Store};

use crate::{FixedClock, SequentialIds};

/// Settings for twenty seconds in English.
pub fn settings(keyword: &str) -> Settings {
    let draft = SettingsDraft {
        keyword: Some(keyword.to_owned()),
        duration_s: Some(20),
        ..SettingsDraft::default()
    };
    Settings::parse(draft, Language::English).expect("sample settings hold every rule")
}

/// An empty project.
pub fn project(id: ProjectId, account_id: AccountId, now: Timestamp) -> Project {
    Project {
        id,
        account_id,
        name: "How bees make honey".to_owned(),
        status: ProjectStatus::Draft,
        settings: settings("How bees make honey"),
        outputs: Outputs::default(),
        active_job: None,
        last_job: None,
        script_mark: None,
        generation_cost: Credits::ZERO,
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

/// A pending job for a project; `held` is not checked against a quote.
pub fn job(id: JobId, project: &Project, kind: JobKind, held: u64, now: Timestamp) -> Job {
    Job {
        id,
        account_id: project.account_id,
        project_id: project.id,
        kind,
        run: 1,
        state: JobState::Pending,
        settings: project.settings.clone(),
        held: Credits::new(held),
        inputs: project.outputs.clone(),
        outputs: Outputs::default(),
        steps: kind
            .steps()
            .iter()
            .map(|step| (*step, StepProgress::default()))
            .collect::<BTreeMap<_, _>>(),
        failure: None,
        receipt: None,
        created_at: now,
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

/// A script of `scenes` sections of five seconds.
pub fn script(scenes: u32) -> Script {
    let sections = (0..scenes)
        .map(|scene| Section {
            kind: match scene {
                0 => SectionKind::Hook,
                last if last + 1 == scenes => SectionKind::Outro,
                _ => SectionKind::Point,
            },
            number: (scene > 0 && scene + 1 < scenes).then_some(scene),
            heading: format!("Heading {scene}"),
            narration: format!("This is what scene {scene} says."),
            image_prompt: format!("what scene {scene} shows"),
            start_ms: scene * 5000,
            end_ms: (scene + 1) * 5000,
        })
        .collect();
    Script {
        title: "How bees make honey".to_owned(),
        sections,
        edited: false,
    }
}

/// An image under a key of its own.
pub fn image(name: &str) -> Image {
    Image {
        key: MediaKey::new(format!("samples/{name}.png")),
        width: 1080,
        height: 1920,
    }
}

/// A voice of one word per second.
pub fn voice(seconds: u32) -> VoiceTrack {
    VoiceTrack {
        key: MediaKey::new("samples/voice.wav".to_owned()),
        duration_ms: seconds * 1000,
        words: (0..seconds)
            .map(|second| Word {
                text: format!("word{second}"),
                start_ms: second * 1000,
                end_ms: second * 1000 + 900,
                scene: 0,
            })
            .collect(),
        scene_marks_ms: vec![0, seconds * 1000],
    }
}

/// A video without bytes.
pub fn video(seconds: u32) -> Video {
    Video {
        key: MediaKey::new("samples/video.mp4".to_owned()),
        thumbnail_key: MediaKey::new("samples/video.jpg".to_owned()),
        duration_ms: seconds * 1000,
        width: 1080,
        height: 1920,
        size_bytes: 1_000_000,
        loudness_centi_lufs: -1400,
    }
}

/// A fresh output of the `local` provider, under the hash of a name.
pub fn made<T>(value: T, name: &str) -> Produced<T> {
    Produced {
        value,
        input_hash: hash(name),
        source: Source::Fresh,
        provider: "local".to_owned(),
        model: None,
    }
}

/// The outputs as steps leave them that were given these settings: each under the hash of what it was made from.
pub fn made_for(settings: &Settings, mut outputs: Outputs) -> Outputs {
    let model = "sample";
    let by = ModelRef {
        provider: "local",
        model,
    };
    let hashed = "a sample can be hashed";
    let Some(written) = outputs.script.as_mut() else {
        return outputs;
    };
    let script = written.value.clone();
    if !written.is_customers() {
        written.model = Some(model.to_owned());
        written.input_hash = script_hash(by, &script_settings(settings)).expect(hashed);
    }
    for (scene, made) in outputs.images.iter_mut().filter(|(_, made)| !made.is_customers()) {
        let brief = ImageBrief::of(settings, &script, *scene).expect("it is a scene of the script");
        made.model = Some(model.to_owned());
        made.input_hash = image_hash(by, &brief).expect(hashed);
    }
    if let Some(made) = outputs.voice.as_mut() {
        made.model = Some(model.to_owned());
        made.input_hash = voice_hash(by, &VoiceBrief::of(settings, &script)).expect(hashed);
    }
    let plan = VideoPlan::of_outputs(settings, &outputs);
    if let Some(made) = outputs.video.as_mut() {
        made.model = Some(model.to_owned());
        made.input_hash = video_hash(by, &plan.expect("its parts fit together")).expect(hashed);
    }
    outputs
}

/// The hash of a name.
pub fn hash(name: &str) -> InputHash {
    InputHash::of("sample", &name).expect("a text is JSON")
}

/// A customer in a store, with a clock and ids to act with.
#[derive(Debug)]
pub struct Customer {
    /// Their account.
    pub account_id: AccountId,
    /// The test's clock.
    pub clock: FixedClock,
    /// The test's ids.
    pub ids: SequentialIds,
    store: Store,
}

impl Customer {
    /// Signs a customer up with a gift of `credits` for thirty days; with 0 there is no gift.
    pub async fn with_credits(store: &Store, number: u64, credits: u64) -> Self {
        let account_id = AccountId::new(u128::from(number).into());
        let customer = Self {
            account_id,
            clock: FixedClock::default(),
            // A million per customer: ids of two customers of one test differ.
            ids: SequentialIds::after(number.saturating_mul(1_000_000)),
            store: store.clone(),
        };
        let new = NewAccount {
            id: account_id,
            email: format!("customer{number}@example.com"),
            name: None,
            language: Language::English,
            plan: PlanId::Free,
            role: Role::Customer,
        };
        let gift = (credits > 0).then(|| customer.grant_of(&format!("signup:{account_id}"), credits));
        store
            .ensure_account(new, gift, customer.now())
            .await
            .expect("a new account");
        customer
    }

    /// The test's time.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A grant that expires after thirty days, with new ids.
    pub fn grant_of(&self, key: &str, credits: u64) -> Grant {
        Grant {
            key: key.to_owned(),
            lot_id: LotId::new(self.ids.mint(self.now())),
            transaction_id: self.transaction_id(),
            origin: Origin::Gift,
            credits: Credits::new(credits),
            expires_at: self.now().plus_days(Origin::Gift.days()),
            note: None,
        }
    }

    /// A new id of a history row.
    pub fn transaction_id(&self) -> TransactionId {
        TransactionId::new(self.ids.mint(self.now()))
    }

    /// A new project of theirs.
    pub async fn project(&self) -> Project {
        let id = ProjectId::new(self.ids.mint(self.now()));
        let project = project(id, self.account_id, self.now());
        self.store.create_project(&project).await.expect("a new project")
    }

    /// A job of theirs, not started.
    pub fn job(&self, project: &Project, kind: JobKind, held: u64) -> Job {
        let id = JobId::new(self.ids.mint(self.now()));
        job(id, project, kind, held, self.now())
    }
}
