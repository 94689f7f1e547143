//! A cache whose files are damaged, that has two writers, or that cannot be written.

use std::fs;
use std::path::PathBuf;
use std::thread;

use super::{Fixture, rendered};
use crate::compose::compose_cached;
use crate::segments::SegmentReport;

#[test]
fn a_damaged_file_of_the_cache_is_rendered_again() {
    let fixture = Fixture::new();
    let composition = fixture.short();
    fixture.compose(&composition, "a.mp4");
    let good = fixture.packets("a.mp4");
    let files: Vec<PathBuf> = fs::read_dir(fixture.path("cache"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    assert_eq!(files.len(), 4, "three segments and the sound");
    let mut bytes = fs::read(&files[0]).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(&files[0], &bytes).unwrap();
    fs::write(&files[1], &bytes[..middle]).unwrap();
    fs::write(&files[2], "").unwrap();
    fs::write(&files[3], &bytes).unwrap();
    assert_eq!(rendered(&fixture.compose(&composition, "b.mp4")), [3, 3]);
    assert!(good == fixture.packets("b.mp4"));
    assert_eq!(rendered(&fixture.compose(&composition, "c.mp4")), [3, 0]);
}

#[test]
fn two_writers_share_a_cache() {
    let fixture = Fixture::new();
    let composition = fixture.short();
    thread::scope(|scope| {
        for name in ["a.mp4", "b.mp4"] {
            let (fixture, composition) = (&fixture, &composition);
            drop(scope.spawn(move || fixture.compose(composition, name)));
        }
    });
    assert!(fixture.packets("a.mp4") == fixture.packets("b.mp4"));
    assert_eq!(fs::read_dir(fixture.path("cache")).unwrap().count(), 4);
    assert_eq!(rendered(&fixture.compose(&composition, "c.mp4")), [3, 0]);
}

#[test]
fn a_cache_that_cannot_be_written_makes_the_video_all_the_same() {
    let fixture = Fixture::new();
    let cache = fixture.cache();
    fs::remove_dir(fixture.path("cache")).unwrap();
    let out = fixture.path("a.mp4");
    let report = compose_cached(&fixture.tools, &fixture.short(), &cache, &out, &mut |_| {}).unwrap();
    assert_eq!(
        report.segments,
        Some(SegmentReport {
            planned: 3,
            rendered: 3,
            kept: 0
        })
    );
}
