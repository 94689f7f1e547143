//! What can be chosen.

use super::*;

#[test]
fn every_capability_has_a_model() {
    for capability in Capability::ALL {
        let known = Catalogue::standard().default_model(capability, LOCAL).unwrap();
        assert!(
            Catalogue::standard()
                .models()
                .iter()
                .any(|m| m.capability == capability && m.model == known.model)
        );
    }
}

#[test]
fn an_unknown_name_is_said_and_is_our_fault() {
    let error = Catalogue::standard()
        .default_model(Capability::Voice, "eleven")
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "there is no voice provider named \"eleven\"; known: local"
    );
    assert_eq!(Failure::from(error).code, ErrorCode::Internal);
}

#[test]
fn a_provider_has_one_default_row_for_each_kind_of_work_and_a_unit_is_never_empty_or_free() {
    for row in MODELS {
        assert!(row.unit_quantity > 0 && !row.unit_credits.is_zero(), "{row:?}");
    }
    let rows: std::collections::BTreeSet<_> = MODELS
        .iter()
        .map(|row| (row.resource, row.provider, row.model))
        .collect();
    assert_eq!(rows.len(), MODELS.len());
}

#[test]
fn a_job_uses_the_model_it_has_chosen_and_without_a_choice_that_of_local() {
    let catalogue = Catalogue::standard();
    let chosen = JobModel {
        provider: "flux".to_owned(),
        model: "fast".to_owned(),
    };
    let models = JobModels::from([(Step::Images, chosen.clone())]);
    assert_eq!(catalogue.model_of(&models, Capability::Image), chosen);
    assert_eq!(catalogue.row(Resource::ImageGeneration, &chosen), None);
    let script = catalogue.model_of(&models, Capability::Script);
    assert_eq!(
        script,
        catalogue.default_model(Capability::Script, LOCAL).unwrap()
    );
    let row = catalogue.row(Resource::ScriptGeneration, &script);
    assert_eq!(row.map(Model::name), Some(script));
}
