//! The folder of segments.

use std::fs;
use std::io::Read;
use std::path::Path;
use std::time::Duration;

use crate::segments::SegmentCache;
use crate::testing;

/// Content and its print.
const FILE_BYTES: u64 = 100 + 64;

/// Makes a file look as if it had been used so long ago.
fn age(path: &Path, hours: u64) {
    let file = fs::File::open(path).unwrap();
    let now = file.metadata().unwrap().modified().unwrap();
    file.set_modified(now - Duration::from_hours(hours)).unwrap();
}

#[test]
fn what_was_not_used_for_the_longest_time_goes_first() {
    let folder = testing::folder();
    let (cache_folder, file) = (folder.path().join("cache"), folder.path().join("file"));
    fs::write(&file, [7; 100]).unwrap();
    let cache = SegmentCache::open(&cache_folder, 3 * FILE_BYTES).unwrap();
    for (key, hours) in [("one", 30), ("two", 20), ("three", 10)] {
        assert!(cache.keep(key, &file));
        age(&cache_folder.join(format!("{key}.segment")), hours);
    }
    assert!(cache.find("one").is_some(), "and its time begins anew");
    assert!(cache.keep("four", &file));
    let there = ["one", "two", "three", "four"].map(|key| cache.find(key).is_some());
    assert_eq!(there, [true, false, true, true]);
}

#[test]
fn what_was_found_stays_readable_when_it_is_removed() {
    let folder = testing::folder();
    let file = folder.path().join("file");
    fs::write(&file, "frames").unwrap();
    let cache = SegmentCache::open(&folder.path().join("cache"), 1_000).unwrap();
    assert!(cache.keep("one", &file));
    let mut found = cache.find("one").unwrap();
    fs::remove_dir_all(folder.path().join("cache")).unwrap();
    let mut text = String::new();
    found.read_to_string(&mut text).unwrap();
    assert_eq!(text, "frames");
}

#[test]
fn files_of_others_stay_and_those_of_dead_writers_go() {
    let folder = testing::folder();
    let cache_folder = folder.path().join("cache");
    let cache = SegmentCache::open(&cache_folder, 0).unwrap();
    for name in ["notes.txt", ".writing-new", ".writing-old"] {
        fs::write(cache_folder.join(name), "x").unwrap();
    }
    age(&cache_folder.join(".writing-old"), 2);
    let file = folder.path().join("file");
    fs::write(&file, "frames").unwrap();
    assert!(cache.keep("one", &file));
    let mut names: Vec<String> = fs::read_dir(&cache_folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(
        names,
        [".writing-new", "notes.txt"],
        "and nothing fits into no bytes"
    );
}
