//! Jobs and projects for the unit tests.

use std::collections::BTreeMap;

use domain::job::{Job, JobKind, JobState, StepProgress};
use domain::outputs::{Image, InputHash, MediaKey, Outputs, Produced, Source, Video, VoiceTrack, Word};
use domain::project::{Project, ProjectStatus};
use domain::script::{Script, Section, SectionKind};
use domain::settings::{Language, Settings, SettingsDraft};
use domain::{AccountId, Credits, JobId, ProjectId, Timestamp};
use ulid::Ulid;

pub(crate) fn settings() -> Settings {
    let draft = SettingsDraft {
        keyword: Some("How bees make honey".to_owned()),
        ..SettingsDraft::default()
    };
    Settings::parse(draft, Language::English).unwrap()
}

pub(crate) fn script(scenes: u32) -> Script {
    let section = |scene: u32| Section {
        kind: SectionKind::Point,
        number: Some(scene + 1),
        heading: format!("Heading {scene}"),
        narration: format!("Narration {scene}."),
        image_prompt: format!("Prompt {scene}"),
        start_ms: scene * 2000,
        end_ms: (scene + 1) * 2000,
    };
    Script {
        title: "How bees make honey".to_owned(),
        sections: (0..scenes).map(section).collect(),
        edited: false,
    }
}

pub(crate) fn made<T>(value: T, name: &str) -> Produced<T> {
    Produced {
        value,
        input_hash: InputHash::of("test", &name).unwrap(),
        source: Source::Fresh,
        provider: "local".to_owned(),
        model: None,
    }
}

pub(crate) fn key(name: &str) -> MediaKey {
    MediaKey::new(name.to_owned())
}

pub(crate) fn image(scene: u32) -> Produced<Image> {
    let image = Image {
        key: key(&format!("image-{scene}.png")),
        width: 1080,
        height: 1920,
    };
    made(image, &format!("image {scene}"))
}

pub(crate) fn voice(marks_ms: &[u32], duration_ms: u32) -> Produced<VoiceTrack> {
    let word = Word {
        text: "Narration".to_owned(),
        start_ms: 100,
        end_ms: 500,
        scene: 0,
    };
    let track = VoiceTrack {
        key: key("voice.wav"),
        duration_ms,
        words: vec![word],
        scene_marks_ms: marks_ms.to_vec(),
    };
    made(track, "voice")
}

pub(crate) fn video() -> Produced<Video> {
    let video = Video {
        key: key("video.mp4"),
        thumbnail_key: key("thumbnail.jpg"),
        duration_ms: 4700,
        width: 1080,
        height: 1920,
        size_bytes: 1,
        loudness_centi_lufs: -1400,
    };
    made(video, "video")
}

/// Script of two scenes, both images, voice; no video.
pub(crate) fn outputs() -> Outputs {
    Outputs {
        script: Some(made(script(2), "script")),
        images: (0..2).map(|scene| (scene, image(scene))).collect(),
        voice: Some(voice(&[0, 2000, 4000], 4000)),
        video: None,
    }
}

pub(crate) fn job(kind: JobKind) -> Job {
    Job {
        id: JobId::new(Ulid::from(1)),
        account_id: AccountId::new(Ulid::from(2)),
        project_id: ProjectId::new(Ulid::from(3)),
        kind,
        run: 1,
        state: JobState::Processing,
        settings: settings(),
        held: Credits::new(30),
        inputs: Outputs::default(),
        outputs: Outputs::default(),
        steps: kind
            .steps()
            .iter()
            .map(|step| (*step, StepProgress::default()))
            .collect::<BTreeMap<_, _>>(),
        failure: None,
        receipt: None,
        created_at: Timestamp::from_ms(0),
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

pub(crate) fn project() -> Project {
    Project {
        id: ProjectId::new(Ulid::from(3)),
        account_id: AccountId::new(Ulid::from(2)),
        name: "Bees".to_owned(),
        status: ProjectStatus::Draft,
        settings: settings(),
        outputs: Outputs::default(),
        active_job: None,
        last_job: None,
        script_mark: None,
        generation_cost: Credits::ZERO,
        version: 1,
        created_at: Timestamp::from_ms(0),
        updated_at: Timestamp::from_ms(0),
    }
}
