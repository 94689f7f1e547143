//! What a link to upload with takes, as S3 will read it.

use aws_sdk_s3::config::{BehaviorVersion, Credentials, Region};

use super::*;

#[tokio::test]
async fn a_link_to_upload_with_signs_size_and_type_and_nothing_of_the_empty_body() {
    let config = aws_sdk_s3::Config::builder()
        .behavior_version(BehaviorVersion::v2026_01_12())
        .region(Region::new("eu-central-1"))
        .credentials_provider(Credentials::new("id", "secret", None, None, "test"))
        .force_path_style(true)
        .build();
    let objects = S3Objects::new(Client::from_conf(config), "media".to_owned());
    let key = MediaKey::new("uploads/accounts/acct/ast".to_owned());
    let terms = UploadTerms {
        content_type: "video/mp4",
        size_bytes: 1234,
        seconds: 900,
    };
    let link = objects.upload_link(&key, terms).await.unwrap();
    let query = link.url.split_once('?').unwrap().1;
    let parameter = |name: &str| {
        query
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .find(|(found, _)| *found == name)
            .map(|(_, value)| value)
    };
    assert_eq!(
        parameter("X-Amz-SignedHeaders"),
        Some("content-length%3Bcontent-type%3Bhost")
    );
    assert_eq!(parameter("X-Amz-Expires"), Some("900"));
    // A checksum of the body that is not there yet would refuse every body.
    assert!(!query.contains("checksum"), "{query}");
    assert_eq!(
        link.headers.get("content-type").map(String::as_str),
        Some("video/mp4")
    );
    assert_eq!(link.headers.len(), 1, "{:?}", link.headers);
    assert_eq!(format!("{link:?}"), "UploadLink([redacted])");
}
