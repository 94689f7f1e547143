//! Tests of `settle`.

use std::collections::BTreeMap;

use catalogue::Catalogue;
use domain::job::{Job, JobFailure, JobKind, JobOutcome, JobState, Step};
use domain::outputs::{Image, InputHash, MediaKey, Outputs, Produced, Source, Video, VoiceTrack};
use domain::receipt::{NotCharged, QuoteLine, Resource};
use domain::script::{Script, Section, SectionKind};
use domain::settings::{Language, Settings, SettingsDraft};
use domain::{AccountId, Credits, ErrorCode, JobId, ProjectId, Timestamp};
use proptest::prelude::*;

use super::receipt;

fn job(kind: JobKind, held: u64) -> Job {
    let draft = SettingsDraft {
        keyword: Some("bees".to_owned()),
        ..SettingsDraft::default()
    };
    Job {
        id: JobId::new(1.into()),
        account_id: AccountId::new(1.into()),
        project_id: ProjectId::new(1.into()),
        kind,
        run: 1,
        state: JobState::Processing,
        settings: Settings::parse(draft, Language::English).unwrap(),
        held: Credits::new(held),
        inputs: Outputs::default(),
        outputs: Outputs::default(),
        steps: BTreeMap::new(),
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

fn made<T>(value: T, source: Source, provider: &str) -> Produced<T> {
    Produced {
        value,
        input_hash: InputHash::of("test", &provider).unwrap(),
        source,
        provider: provider.to_owned(),
        model: None,
    }
}

fn image() -> Image {
    Image {
        key: MediaKey::new("p".to_owned()),
        width: 1080,
        height: 1920,
    }
}

fn voice(duration_ms: u32) -> VoiceTrack {
    VoiceTrack {
        key: MediaKey::new("v".to_owned()),
        duration_ms,
        words: Vec::new(),
        scene_marks_ms: Vec::new(),
    }
}

fn video(duration_ms: u32) -> Video {
    Video {
        key: MediaKey::new("m".to_owned()),
        thumbnail_key: MediaKey::new("t".to_owned()),
        duration_ms,
        width: 1080,
        height: 1920,
        size_bytes: 1,
        loudness_centi_lufs: -1400,
    }
}

fn script(scenes: u32) -> Script {
    let section = |scene: u32| Section {
        kind: SectionKind::Point,
        number: None,
        heading: "h".to_owned(),
        narration: "n".to_owned(),
        image_prompt: "p".to_owned(),
        start_ms: scene,
        end_ms: scene + 1,
    };
    Script {
        title: "t".to_owned(),
        sections: (0..scenes).map(section).collect(),
        edited: false,
    }
}

/// A whole video: 3 images, 21.3 s of voice, 21.8 s of video.
fn delivered(held: u64, source: Source) -> Job {
    let mut job = job(JobKind::GenerateAll, held);
    job.outputs = Outputs {
        script: Some(made(script(24), source, "local")),
        images: (0..3)
            .map(|scene| (scene, made(image(), source, "local")))
            .collect(),
        voice: Some(made(voice(21_300), source, "local")),
        video: Some(made(video(21_800), source, "local")),
    };
    job
}

#[test]
fn a_delivered_video_is_charged_line_by_line_and_the_rest_released() {
    let receipt = receipt(
        &delivered(24, Source::Fresh),
        Catalogue::standard(),
        &JobOutcome::Completed,
    )
    .unwrap();
    let lines: Vec<_> = receipt
        .lines
        .iter()
        .map(|line| (line.resource, line.quantity, line.charged.get(), line.not_charged))
        .collect();
    assert_eq!(
        lines,
        [
            (Resource::ScriptGeneration, 1, 2, None),
            (Resource::ImageGeneration, 3, 6, None),
            (Resource::VoiceSynthesis, 22, 3, None),
            (Resource::VideoGeneration, 22, 6, None),
        ]
    );
    assert_eq!(
        (receipt.held.get(), receipt.charged.get(), receipt.released.get()),
        (24, 17, 7)
    );
}

#[test]
fn work_of_an_earlier_unpaid_run_is_charged_when_it_is_delivered() {
    let catalogue = Catalogue::standard();
    let fresh = receipt(&delivered(24, Source::Fresh), catalogue, &JobOutcome::Completed).unwrap();
    let reused = receipt(&delivered(24, Source::Reused), catalogue, &JobOutcome::Completed).unwrap();
    assert_eq!(reused, fresh);
}

#[test]
fn what_was_paid_before_is_free_and_says_so() {
    let receipt = receipt(
        &delivered(24, Source::AlreadyPaid),
        Catalogue::standard(),
        &JobOutcome::Completed,
    )
    .unwrap();
    assert_eq!((receipt.charged.get(), receipt.released.get()), (0, 24));
    assert_eq!(receipt.lines.len(), 4);
    assert!(
        receipt
            .lines
            .iter()
            .all(|line| line.not_charged == Some(NotCharged::AlreadyPaid))
    );
}

#[test]
fn paid_and_unpaid_images_of_two_providers_have_lines_of_their_own() {
    let mut job = job(JobKind::GenerateImages, 100);
    let sources = [
        (Source::Fresh, "flux"),
        (Source::AlreadyPaid, "local"),
        (Source::Reused, "local"),
        (Source::Fresh, "local"),
    ];
    job.outputs.images = (0..)
        .zip(sources)
        .map(|(scene, (source, provider))| (scene, made(image(), source, provider)))
        .collect();
    // A script that this kind of job does not make is not charged by it.
    job.outputs.script = Some(made(script(24), Source::Fresh, "local"));
    let receipt = receipt(&job, Catalogue::standard(), &JobOutcome::Completed).unwrap();
    let lines: Vec<_> = receipt
        .lines
        .iter()
        .map(|line| (line.provider.as_str(), line.quantity, line.charged.get()))
        .collect();
    assert_eq!(lines, [("flux", 1, 2), ("local", 2, 4), ("local", 1, 0)]);
}

fn failed() -> JobOutcome {
    JobOutcome::Failed(JobFailure {
        code: ErrorCode::VoiceEngineFailed,
        step: Some(Step::Voice),
        message: "The voice engine did not run.".to_owned(),
    })
}

#[test]
fn a_failed_or_cancelled_job_costs_nothing_and_lists_what_it_made() {
    let cases = [
        (failed(), NotCharged::JobFailed),
        (JobOutcome::Cancelled, NotCharged::JobCancelled),
    ];
    for (outcome, why) in cases {
        let receipt = receipt(&delivered(24, Source::Fresh), Catalogue::standard(), &outcome).unwrap();
        assert_eq!((receipt.charged.get(), receipt.released.get()), (0, 24));
        assert_eq!(receipt.lines.len(), 4);
        assert!(receipt.lines.iter().all(|line| line.not_charged == Some(why)));
    }
}

#[test]
fn what_was_quoted_and_not_made_has_a_line_of_its_own_after_what_was_made() {
    let quoted = |resource, quantity_max| QuoteLine {
        resource,
        provider: "local".to_owned(),
        quantity_max,
        unit_quantity: None,
        units: None,
        unit_credits: Credits::new(2),
        credits: Credits::new(40),
    };
    let job = Job {
        quoted: vec![
            quoted(Resource::ScriptGeneration, 1),
            quoted(Resource::ImageGeneration, 5),
            quoted(Resource::VoiceSynthesis, 40),
            quoted(Resource::VideoGeneration, 22),
        ],
        ..delivered(24, Source::Fresh)
    };
    for (outcome, made) in [
        (JobOutcome::Completed, None),
        (failed(), Some(NotCharged::JobFailed)),
        (JobOutcome::Cancelled, Some(NotCharged::JobCancelled)),
    ] {
        let receipt = receipt(&job, Catalogue::standard(), &outcome).unwrap();
        let lines: Vec<_> = receipt
            .lines
            .iter()
            .map(|line| (line.resource, line.quantity, line.not_charged))
            .collect();
        let rest = Some(NotCharged::NotMade);
        assert_eq!(
            lines,
            [
                (Resource::ScriptGeneration, 1, made),
                (Resource::ImageGeneration, 3, made),
                (Resource::ImageGeneration, 2, rest),
                (Resource::VoiceSynthesis, 22, made),
                (Resource::VoiceSynthesis, 18, rest),
                (Resource::VideoGeneration, 22, made),
            ]
        );
        let sum: u64 = receipt.lines.iter().map(|line| line.charged.get()).sum();
        assert_eq!(sum, receipt.charged.get());
    }
}

#[test]
fn nothing_is_charged_above_the_hold_and_the_line_says_so() {
    let receipt = receipt(
        &delivered(10, Source::Fresh),
        Catalogue::standard(),
        &JobOutcome::Completed,
    )
    .unwrap();
    let lines: Vec<_> = receipt
        .lines
        .iter()
        .map(|line| (line.charged.get(), line.not_charged))
        .collect();
    assert_eq!(
        lines,
        [
            (2, None),
            (6, None),
            (2, Some(NotCharged::AboveHold)),
            (0, Some(NotCharged::AboveHold)),
        ]
    );
    assert_eq!((receipt.charged.get(), receipt.released.get()), (10, 0));
}

proptest! {
    #[test]
    fn every_receipt_adds_up(
        held in 0_u64..60,
        images in 0_u32..24,
        voice_ms in 0_u32..400_000,
        paid in proptest::bool::ANY,
        outcome in prop_oneof![Just(JobOutcome::Completed), Just(failed()), Just(JobOutcome::Cancelled)],
    ) {
        let mut job = delivered(held, if paid { Source::AlreadyPaid } else { Source::Fresh });
        job.outputs.images = (0..images).map(|scene| (scene, made(image(), Source::Fresh, "local"))).collect();
        job.outputs.voice = Some(made(voice(voice_ms), Source::Reused, "local"));
        let receipt = receipt(&job, Catalogue::standard(), &outcome).unwrap();
        let lines: u64 = receipt.lines.iter().map(|line| line.charged.get()).sum();
        prop_assert_eq!(lines, receipt.charged.get());
        prop_assert_eq!(receipt.charged.get() + receipt.released.get(), held);
        for line in &receipt.lines {
            let per_second = matches!(line.resource, Resource::VoiceSynthesis | Resource::VideoGeneration);
            let units = line.quantity.div_ceil(if per_second { 10 } else { 1 });
            let full = line.unit_credits.get() * units;
            prop_assert!(line.charged.get() == full || line.not_charged.is_some());
        }
    }
}

#[test]
fn an_image_of_a_scene_that_the_script_no_longer_has_is_not_charged() {
    let mut job = delivered(24, Source::Fresh);
    job.outputs.script = Some(made(script(2), Source::Fresh, "local"));
    let receipt = receipt(&job, Catalogue::standard(), &JobOutcome::Completed).unwrap();
    let images = receipt
        .lines
        .iter()
        .find(|line| line.resource == Resource::ImageGeneration)
        .unwrap();
    assert_eq!((images.quantity, images.charged.get()), (2, 4));
}
