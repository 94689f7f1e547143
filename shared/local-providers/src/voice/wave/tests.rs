//! WAV files.

use super::*;

#[test]
fn what_is_written_is_read_again() {
    let wave = Wave {
        rate: 22_050,
        samples: vec![0, 1, -1, i16::MAX, i16::MIN],
    };
    assert_eq!(Wave::parse(&wave.to_bytes()), Some(wave));
}

#[test]
fn stereo_and_noise_are_refused() {
    let mut bytes = Wave {
        rate: 22_050,
        samples: vec![1, 2],
    }
    .to_bytes();
    bytes[22] = 2;
    assert_eq!(Wave::parse(&bytes), None);
    assert_eq!(Wave::parse(b"not a wave file at all"), None);
}

#[test]
fn trimming_cuts_both_ends_and_says_how_much_of_the_first() {
    let mut wave = Wave {
        rate: 1000,
        samples: vec![0, 5, 4000, 0, -4000, 10, 0],
    };
    assert_eq!(wave.trim(), 2);
    assert_eq!(wave.samples, [4000, 0, -4000]);
    assert_eq!(wave.duration_ms(), 3);
}

#[test]
fn pure_silence_becomes_nothing() {
    let mut wave = Wave {
        rate: 1000,
        samples: vec![0; 9],
    };
    assert_eq!(wave.trim(), 0);
    wave.rest(7);
    assert_eq!(wave.samples.len(), 7);
}
