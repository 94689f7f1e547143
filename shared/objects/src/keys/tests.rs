//! Tests of the object keys.

use domain::outputs::InputHash;
use domain::{AccountId, ProjectId};

use super::{Media, media, project_prefix};

fn account() -> AccountId {
    "acct_01ARZ3NDEKTSV4RRFFQ69G5FAV".parse().unwrap()
}

fn project() -> ProjectId {
    "prj_01BX5ZZKBKACTAV9WEVGEMMVRZ".parse().unwrap()
}

#[test]
fn every_key_begins_with_its_owner_and_project() {
    let hash = InputHash::of("image", &"a prompt").unwrap();
    let prefix = project_prefix(account(), project());
    assert_eq!(
        prefix,
        "accounts/acct_01ARZ3NDEKTSV4RRFFQ69G5FAV/projects/prj_01BX5ZZKBKACTAV9WEVGEMMVRZ/"
    );
    for kind in [
        Media::Image,
        Media::Photo,
        Media::Voice,
        Media::Video,
        Media::Thumbnail,
        Media::CheckReport,
    ] {
        let key = media(account(), project(), kind, &hash);
        assert!(key.as_str().starts_with(&prefix), "{key:?}");
        assert!(key.as_str().contains(hash.as_str()), "{key:?}");
    }
}

#[test]
fn a_chunk_lies_where_a_lifecycle_rule_finds_it() {
    let hash = InputHash::of("chunk", &1).unwrap();
    let key = media(account(), project(), Media::Chunk, &hash);
    let wanted = format!("chunks/{}{hash}.flv", project_prefix(account(), project()));
    assert_eq!(key.as_str(), wanted);
}

#[test]
fn a_video_and_its_thumbnail_of_the_same_inputs_do_not_meet() {
    let hash = InputHash::of("video", &1).unwrap();
    let video = media(account(), project(), Media::Video, &hash);
    let thumbnail = media(account(), project(), Media::Thumbnail, &hash);
    assert_ne!(video, thumbnail);
    let name = format!("videos/{hash}.mp4");
    assert!(video.as_str().ends_with(&name), "{video:?}");
    assert_eq!(Media::Thumbnail.content_type(), "image/jpeg");
}
