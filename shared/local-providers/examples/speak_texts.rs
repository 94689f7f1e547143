//! Speaks each text of `testdata/odd_texts.json` and says what was to be heard, for `make bench-captions`.
//!
//! `speak_texts TOOLS OUT`: the folder of the media tools, and the folder of the results, which has to be there. Writes `NN.wav` and
//! `texts.json`, a list of `{"language", "shown", "spoken", "wav", "duration_ms"}`.

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};

use domain::settings::Language;
use local_providers::LocalTools;
use local_providers::voice::LocalVoices;
use providers::{Call, ProviderReply, Speech, VoiceBrief, VoiceMaker};
use serde_json::{Value, json};

const TEXTS: &str = include_str!("../testdata/odd_texts.json");

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let [tools, out] = arguments.as_slice() else {
        return Err("speak_texts TOOLS OUT".into());
    };
    let voices = LocalVoices::new(&tools_in(tools));
    let texts: BTreeMap<Language, Vec<String>> = serde_json::from_str(TEXTS)?;
    let texts = texts
        .iter()
        .flat_map(|(language, texts)| texts.iter().map(move |text| (*language, text)));
    let mut written = Vec::new();
    for (number, (language, text)) in texts.enumerate() {
        let speech = speech(&voices, language, text).await?;
        let wav = format!("{number:02}.wav");
        std::fs::write(out.join(&wav), &speech.wav)?;
        written.push(described(language, text, &wav, &speech));
    }
    std::fs::write(out.join("texts.json"), serde_json::to_vec_pretty(&written)?)?;
    Ok(())
}

async fn speech(voices: &LocalVoices, language: Language, text: &str) -> Result<Speech, Box<dyn Error>> {
    let brief = VoiceBrief {
        sections: vec![text.to_owned()],
        language,
        voice_id: None,
        speed_percent: 100,
        length_ms_max: None,
    };
    let call = Call {
        idempotency_key: "0".repeat(64),
        callback_url: None,
    };
    match voices.speak(&call, &brief).await? {
        ProviderReply::Done(speech) => Ok(speech),
        ProviderReply::Pending { .. } => Err("the local voice answers at once".into()),
    }
}

fn described(language: Language, text: &str, wav: &str, speech: &Speech) -> Value {
    json!({
        "language": language,
        "shown": text,
        "spoken": spoken_text::spoken(text, language).text,
        "wav": wav,
        "duration_ms": speech.duration_ms,
    })
}

fn tools_in(folder: &Path) -> LocalTools {
    LocalTools {
        ffmpeg: folder.join("ffmpeg"),
        fonts_dir: folder.join("fonts"),
        speak_words: folder.join("speak-words"),
        espeak_lib: folder.join("espeak/libespeak-ng.so"),
        espeak_data: folder.join("espeak/espeak-ng-data"),
    }
}
