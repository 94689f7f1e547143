//! The estimate beside the charge, with the writer and the voice that need no key.

use std::collections::BTreeMap;

use catalogue::Catalogue;
use domain::job::{Job, JobKind, JobModels, JobOutcome};
use domain::outputs::Outputs;
use domain::settings::{Language, Settings, SettingsDraft};
use jobs::inputs::known;
use jobs::plan::VideoPlan;
use local_providers::LocalTools;
use local_providers::script::LocalScripts;
use local_providers::voice::LocalVoices;
use providers::{Call, ProviderReply, ScriptWriter, VoiceBrief, VoiceMaker};
use testkit::samples::{image, made, video};
use testkit::workspace::root;
use testkit::{Customer, dynamo};

/// Five lengths in each of four languages.
const LENGTHS_S: [i64; 5] = [10, 20, 30, 45, 60];

fn tools() -> LocalTools {
    let (folder, env) = (root().join(".local/tools"), runtime::Env::process());
    let place = |variable: &'static str, usual: &str| env.path(variable).unwrap_or(folder.join(usual));
    LocalTools {
        ffmpeg: place("FFMPEG_PATH", "ffmpeg"),
        fonts_dir: place("FONTS_DIR", "fonts"),
        speak_words: place("SPEAK_WORDS_PATH", "speak-words"),
        espeak_lib: place("ESPEAK_LIB_PATH", "espeak/libespeak-ng.so"),
        espeak_data: place("ESPEAK_DATA_DIR", "espeak/espeak-ng-data"),
    }
}

fn settings(language: Language, duration_s: i64) -> Settings {
    let keyword = match language {
        Language::English => "How bees make honey",
        Language::Korean => "꿀벌이 꿀을 만드는 방법",
        Language::Chinese => "蜜蜂怎样酿蜜",
        Language::Russian => "Как пчёлы делают мёд",
    };
    let draft = SettingsDraft {
        keyword: Some(keyword.to_owned()),
        duration_s: Some(duration_s),
        ..SettingsDraft::default()
    };
    Settings::parse(draft, language).expect("good settings")
}

fn done<T>(reply: ProviderReply<T>) -> T {
    match reply {
        ProviderReply::Done(result) => result,
        ProviderReply::Pending { .. } => panic!("the local provider answers at once"),
    }
}

/// What a whole job for these settings makes: the real script and voice, and a video as long as its plan.
async fn outputs(settings: &Settings, voices: &LocalVoices) -> Outputs {
    let call = Call {
        idempotency_key: "0".repeat(64),
        callback_url: None,
    };
    let script = done(LocalScripts.write(&call, settings).await.expect("a script"));
    let brief = VoiceBrief::of(settings, &script);
    let speech = done(voices.speak(&call, &brief).await.expect("a voice"));
    let mut track = testkit::samples::voice(0);
    track.duration_ms = speech.duration_ms;
    track.scene_marks_ms = speech.scene_marks_ms;
    let mut outputs = Outputs {
        images: (0..script.scenes())
            .map(|scene| (scene, made(image("one"), &format!("image {scene}"))))
            .collect(),
        script: Some(made(script, "script")),
        voice: Some(made(track, "voice")),
        video: None,
    };
    let plan = VideoPlan::of_outputs(settings, &outputs).expect("its parts fit");
    let mut video = video(0);
    video.duration_ms = plan.duration_ms();
    outputs.video = Some(made(video, "video"));
    outputs
}

/// What a job is charged that has made all of this, and what its quote said that it would likely be.
fn charged_and_likely(kind: JobKind, job: &Job, outputs: &Outputs) -> (u64, u64) {
    let (catalogue, settings) = (Catalogue::standard(), &job.settings);
    let script = outputs.script.as_ref().map(|made| &made.value);
    let voice = outputs.voice.as_ref().map(|made| &made.value);
    let known = known(kind, settings, script, &BTreeMap::new(), voice);
    let quote = ledger::quote(catalogue, settings, kind, known, &JobModels::new()).expect("a quote");
    let ended = Job {
        kind,
        held: quote.held,
        outputs: outputs.clone(),
        ..job.clone()
    };
    let receipt = ledger::receipt(&ended, catalogue, &JobOutcome::Completed).expect("a receipt");
    (receipt.charged.get(), quote.likely.get())
}

#[tokio::test]
async fn an_estimate_by_prices_is_within_a_tenth_of_the_charge_in_every_language() {
    let dynamo = dynamo().await;
    let customer = Customer::with_credits(&dynamo.store, 1, 0).await;
    let project = customer.project().await;
    let voices = LocalVoices::new(&tools());
    for kind in [
        JobKind::GenerateAll,
        JobKind::GenerateVoice,
        JobKind::ComposeVideo,
    ] {
        let mut wide = Vec::new();
        let lengths = |language| {
            LENGTHS_S
                .into_iter()
                .map(move |duration_s| (language, duration_s))
        };
        for (language, duration_s) in Language::ALL.iter().flat_map(lengths) {
            let mut job = customer.job(&project, kind, 0);
            job.settings = settings(*language, duration_s);
            let outputs = outputs(&job.settings, &voices).await;
            let (charged, likely) = charged_and_likely(kind, &job, &outputs);
            let is_wide = charged.abs_diff(likely) * 10 > charged;
            let told = || format!("{language} {duration_s} s: charged {charged}, likely {likely}");
            wide.extend(is_wide.then(told));
        }
        assert!(wide.is_empty(), "{kind:?}: {wide:#?}");
    }
}
