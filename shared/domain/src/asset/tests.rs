//! Every state with every event.

use super::*;

fn file() -> AssetFile {
    AssetFile {
        key: MediaKey::new("accounts/a/assets/b/c.jpg".to_owned()),
        content_type: "image/jpeg".to_owned(),
        size_bytes: 70,
        sha256: Sha256Hex::parse(&"0f".repeat(32)).unwrap(),
        width: Some(4),
        height: Some(2),
        duration_ms: 0,
        has_sound: false,
    }
}

fn asset(state: AssetState) -> Asset {
    Asset {
        id: AssetId::new(1_u128.into()),
        account_id: AccountId::new(1_u128.into()),
        kind: AssetKind::Image,
        name: None,
        declared: Declared {
            content_type: "image/png".to_owned(),
            size_bytes: 100,
            sha256: None,
        },
        state,
        version: 1,
        created_at: Timestamp::from_ms(0),
        updated_at: Timestamp::from_ms(0),
    }
}

#[test]
fn every_state_answers_every_event_as_its_table_says() {
    let now = Timestamp::from_ms(5_000_000);
    let refusal = AssetRefusal::new("input_corrupt", "It cannot be decoded.");
    let events = [
        AssetEvent::Uploaded,
        AssetEvent::TimePassed,
        AssetEvent::CheckBegan,
        AssetEvent::CheckFailed,
        AssetEvent::CheckAsked,
        AssetEvent::Kept(file()),
        AssetEvent::Refused(refusal.clone()),
    ];
    let uploading = |ms| AssetState::Uploading {
        expires_at: Timestamp::from_ms(ms),
    };
    let (ready, refused) = (
        AssetState::Ready { file: file() },
        AssetState::Refused { refusal },
    );
    let tries = |state: &AssetState| match state {
        AssetState::Checking { tries, due_at } => {
            assert_eq!(*due_at, now.plus_s(CHECK_S));
            format!("checking {tries}")
        }
        AssetState::Uploading { .. } | AssetState::Ready { .. } | AssetState::Refused { .. } => {
            format!("{:?}", state.status())
        }
    };
    let row = |state: &AssetState| -> Vec<String> {
        events
            .iter()
            .map(|event| state.after(event, now).as_ref().map_or_else(String::new, tries))
            .collect()
    };
    assert_eq!(row(&uploading(5_000_001)), ["checking 0", "", "", "", "", "", ""]);
    assert_eq!(
        row(&uploading(5_000_000)),
        ["checking 0", "Refused", "", "", "", "", ""]
    );
    assert_eq!(
        row(&checking(2, Timestamp::from_ms(0))),
        [
            "",
            "",
            "checking 3",
            "checking 1",
            "checking 2",
            "Ready",
            "Refused"
        ]
    );
    for ended in [ready, refused] {
        assert!(row(&ended).iter().all(String::is_empty));
    }
}

#[test]
fn it_takes_what_was_declared_until_it_is_known_what_is_kept() {
    let now = Timestamp::from_ms(0);
    let declared = asset(AssetState::Uploading { expires_at: now });
    assert_eq!(declared.storage_bytes(), 100);
    let checked = declared.after(&AssetEvent::Uploaded, now).unwrap();
    assert_eq!((checked.storage_bytes(), checked.version), (100, 2));
    let ready = checked.after(&AssetEvent::Kept(file()), now).unwrap();
    assert_eq!(ready.storage_bytes(), 70);
    let expired = declared.after(&AssetEvent::TimePassed, now).unwrap();
    assert_eq!(expired.storage_bytes(), 0);
}

#[test]
fn a_hash_is_sixty_four_hexadecimal_digits() {
    let long = "AB".repeat(32);
    assert_eq!(Sha256Hex::parse(&long).unwrap().as_str(), "ab".repeat(32));
    for wrong in ["", "ab", &"g0".repeat(32), &"ab".repeat(33)] {
        assert_eq!(Sha256Hex::parse(wrong).unwrap_err().rule, "format");
    }
}

#[test]
fn the_words_of_browsers_and_phones_for_a_type_are_taken() {
    use UploadPurpose::{Background, Cover, Music};
    let taken = [
        (Music, "audio/mp3"),
        (Music, "audio/x-wav"),
        (Music, "audio/x-m4a"),
        (Music, "audio/webm;codecs=opus"),
        (Music, "audio/webm; codecs=\"opus\""),
        (Music, "video/webm"),
        (Background, "video/quicktime"),
        (Background, "video/webm;codecs=h264,opus"),
        (Background, "video/x-matroska"),
        (Cover, "image/jpg"),
    ];
    for (purpose, media_type) in taken {
        assert_eq!(check_declared(purpose, media_type, 1), Ok(()), "{media_type}");
    }
    let refused = [
        (Cover, "audio/mp3"),
        (Music, "image/png"),
        (Music, "audio/mp3\n"),
        (Music, "audio/mp3;a\r\nb: c"),
        (Background, "audio/webm"),
        (Background, "video/mp4x"),
    ];
    for (purpose, media_type) in refused {
        let refused = check_declared(purpose, media_type, 1).unwrap_err();
        assert_eq!(refused.refusal, Refusal::TypeNotAllowed, "{media_type}");
    }
}

#[test]
fn the_document_names_every_type_that_is_taken() {
    let pattern = media_type_pattern();
    for kind in AssetKind::ALL {
        for media_type in kind.purpose().rule().media_types() {
            let written = media_type.replace('.', "\\.");
            assert!(
                pattern.contains(&format!("({written}|"))
                    || pattern.contains(&format!("|{written}|"))
                    || pattern.contains(&format!("|{written})")),
                "{written}: {pattern}"
            );
        }
    }
}
