//! Tests of `costs`.

use catalogue::Catalogue;
use domain::job::JobModel;
use domain::receipt::Resource;

use super::cost_usd_micros;

fn model(provider: &str) -> JobModel {
    JobModel {
        provider: provider.to_owned(),
        model: "1".to_owned(),
    }
}

#[test]
fn our_own_machines_send_no_bill() {
    let catalogue = Catalogue::standard();
    assert_eq!(
        cost_usd_micros(catalogue, Resource::ImageGeneration, &model("local"), 100),
        0
    );
}

#[test]
fn a_provider_that_nobody_listed_is_never_free() {
    let catalogue = Catalogue::standard();
    assert_eq!(
        cost_usd_micros(catalogue, Resource::ImageGeneration, &model("brand-new"), 3),
        60_000
    );
    assert_eq!(
        cost_usd_micros(catalogue, Resource::VoiceSynthesis, &model("brand-new"), 11),
        20_000
    );
}
