//! WAV files: round trip, and what is not one.

use std::fs;
use std::io::Cursor;

use proptest::prelude::*;

use super::*;
use crate::testing;

#[test]
fn samples_and_length_survive_a_round_trip() {
    let folder = testing::folder();
    let path = folder.path().join("a.wav");
    let samples: Vec<i16> = (0..24_000).map(|number| (number % 200) - 100).collect();
    write_mono(&path, &samples, 48_000).unwrap();
    assert_eq!(read_mono(&path).unwrap(), (samples, 48_000));
    assert_eq!(duration_ms(&path).unwrap(), 500);
}

#[test]
fn a_length_that_a_pipe_left_open_ends_with_the_file() {
    let folder = testing::folder();
    let path = folder.path().join("a.wav");
    write_mono(&path, &[1; 4_800], 48_000).unwrap();
    let mut bytes = fs::read(&path).unwrap();
    bytes[40..44].copy_from_slice(&u32::MAX.to_le_bytes());
    assert_eq!(find(&mut Cursor::new(bytes)).unwrap().unwrap().length, 9_600);
}

#[test]
fn another_format_is_refused_by_name() {
    let folder = testing::folder();
    let path = folder.path().join("a.wav");
    fs::write(&path, b"ID3\x04 an mp3").unwrap();
    assert_eq!(duration_ms(&path).unwrap_err().code(), "MediaUnreadable");
}

proptest! {
    #[test]
    fn no_bytes_panic(mut bytes in prop::collection::vec(any::<u8>(), 0..200), header in any::<bool>()) {
        if header && bytes.len() > 12 {
            bytes[..4].copy_from_slice(b"RIFF");
            bytes[8..12].copy_from_slice(b"WAVE");
        }
        let end = u64::try_from(bytes.len()).unwrap();
        if let Some(wav) = find(&mut Cursor::new(bytes)).unwrap() {
            prop_assert!(wav.start + wav.length <= end);
        }
    }
}
