//! A cache whose files are damaged, that has two writers, or that cannot be written.

use std::fs;
use std::path::PathBuf;
use std::thread;

use super::{Studio, rendered};
use crate::compose::compose_cached;
use crate::segments::SegmentReport;

#[test]
fn a_damaged_file_of_the_cache_is_rendered_again() {
    let studio = Studio::new();
    let composition = studio.short();
    studio.compose(&composition, "a.mp4");
    let good = studio.packets("a.mp4");
    let files: Vec<PathBuf> = fs::read_dir(studio.path("cache"))
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
    assert_eq!(rendered(&studio.compose(&composition, "b.mp4")), [3, 3]);
    assert!(good == studio.packets("b.mp4"));
    assert_eq!(rendered(&studio.compose(&composition, "c.mp4")), [3, 0]);
}

#[test]
fn two_writers_share_a_cache() {
    let studio = Studio::new();
    let composition = studio.short();
    thread::scope(|scope| {
        for name in ["a.mp4", "b.mp4"] {
            let (studio, composition) = (&studio, &composition);
            drop(scope.spawn(move || studio.compose(composition, name)));
        }
    });
    assert!(studio.packets("a.mp4") == studio.packets("b.mp4"));
    assert_eq!(fs::read_dir(studio.path("cache")).unwrap().count(), 4);
    assert_eq!(rendered(&studio.compose(&composition, "c.mp4")), [3, 0]);
}

#[test]
fn a_cache_that_cannot_be_written_makes_the_video_all_the_same() {
    let studio = Studio::new();
    let cache = studio.cache();
    fs::remove_dir(studio.path("cache")).unwrap();
    let out = studio.path("a.mp4");
    let report = compose_cached(&studio.tools, &studio.short(), &cache, &out, &mut |_| {}).unwrap();
    assert_eq!(
        report.segments,
        Some(SegmentReport {
            planned: 3,
            rendered: 3,
            kept: 0
        })
    );
}
