//! Names in configuration.

use super::*;

#[test]
fn local_serves_every_capability() {
    let tools = LocalTools::default();
    assert_eq!(script_writer(LOCAL, &tools).unwrap().vendor(), LOCAL);
    assert_eq!(image_maker(LOCAL, &tools).unwrap().vendor(), LOCAL);
    assert_eq!(voice_maker(LOCAL, &tools).unwrap().vendor(), LOCAL);
}

#[test]
fn an_unknown_name_is_said_and_is_our_fault() {
    let error = voice_maker("eleven", &LocalTools::default()).unwrap_err();
    assert_eq!(
        error.to_string(),
        "there is no voice vendor named \"eleven\"; known: local"
    );
    assert_eq!(Failure::from(error).code, ErrorCode::Internal);
}
