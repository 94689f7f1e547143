//! Names in configuration.

use super::*;

#[test]
fn local_serves_every_capability_with_the_model_of_the_catalogue() {
    let tools = LocalTools::default();
    let script = script_writer(LOCAL).unwrap();
    let image = image_maker(LOCAL, &tools).unwrap();
    let voice = voice_maker(LOCAL, &tools).unwrap();
    assert_eq!(
        [script.provider(), image.provider(), voice.provider()],
        [LOCAL; 3]
    );
    let model = |capability| catalogue::model(capability, LOCAL).unwrap();
    assert_eq!(script.model(), model(Capability::Script));
    assert_eq!(image.model(), model(Capability::Image));
    assert_eq!(voice.model(), model(Capability::Voice));
    let repeatable = |capability: Capability| {
        catalogue::find_model(capability.resource(), LOCAL).is_some_and(|row| row.repeatable)
    };
    assert_eq!(script.repeatable(), repeatable(Capability::Script));
    assert_eq!(image.repeatable(), repeatable(Capability::Image));
    assert_eq!(voice.repeatable(), repeatable(Capability::Voice));
}

#[test]
fn an_unknown_name_is_an_error() {
    assert!(voice_maker("eleven", &LocalTools::default()).is_err());
}
