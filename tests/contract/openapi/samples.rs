//! Examples of the document: the samples of `events/` and the answers that `tests/contract/snapshots/` holds to them.

use std::fs;

use serde_json::{Value, json};
use testkit::events;
use testkit::workspace::root;

/// The operation and the sample, `<function>/<case>`, that shows it at its best.
const SAMPLES: &[(&str, &str)] = &[
    ("adjust_credits", "admin-credits-adjust/small"),
    ("approve_correction", "admin-credits-approve/approve"),
    ("audit_account", "admin-audit/inspect"),
    ("cancel_job", "cancel-job/post"),
    ("change_me", "user-me/patch"),
    ("change_member", "member/patch"),
    ("change_password", "auth-password/change"),
    ("change_project", "project/patch"),
    ("change_subscription", "billing-subscription/patch"),
    ("complete_asset", "complete-asset/post"),
    ("compose_video", "compose-video/post"),
    ("confirm", "auth-confirm/confirm"),
    ("count_use", "usage/count"),
    ("create_asset", "assets/create"),
    ("create_key", "api-keys/create"),
    ("create_project", "projects/create"),
    ("delete_asset", "asset/delete"),
    ("delete_key", "api-key/delete"),
    ("delete_project", "project/delete"),
    ("end_subscription", "billing-subscription/delete"),
    ("forgot_password", "auth-forgot/forgot"),
    ("generate_all", "generate-all/max-credits"),
    ("generate_images", "generate-images/post"),
    ("generate_script", "generate-script/post"),
    ("generate_voice", "generate-voice/post"),
    ("health", "health/get"),
    ("invite_member", "members/invite"),
    ("join_account", "members-join/post"),
    ("list_access_changes", "members-log/list"),
    ("list_alerts", "usage-alerts/list"),
    ("list_assets", "assets/list"),
    ("list_corrections", "admin-credits-adjust/list"),
    ("list_findings", "admin-audit/list"),
    ("list_history", "credit-history/list"),
    ("list_invoices", "billing-invoices/list"),
    ("list_jobs", "show-jobs/list"),
    ("list_keys", "api-keys/list"),
    ("list_members", "members/list"),
    ("list_models", "config-models/get"),
    ("list_packs", "billing-packs/get"),
    ("list_plans", "config-plans/get"),
    ("list_projects", "projects/list"),
    ("list_reports", "admin-reports/list"),
    ("list_scripts", "project-scripts/list"),
    ("list_templates", "config-templates/get"),
    ("list_voices", "config-voices/korean"),
    ("log_in", "auth-login/login"),
    ("log_out", "auth-logout/session"),
    ("open_checkout", "billing-checkout/pack"),
    ("open_portal", "billing-portal/post"),
    ("quote", "credit-quote/settings"),
    ("refresh", "auth-refresh/refresh"),
    ("remove_member", "member/delete"),
    ("resend_code", "auth-resend/resend"),
    ("reset_password", "auth-reset/reset"),
    ("reset_quota", "admin-quota-reset/post"),
    ("restore_script", "project-scripts/restore"),
    ("resume_job", "resume-job/post"),
    ("show_asset", "asset/get"),
    ("show_balance", "credit-balance/get"),
    ("show_document", "api-document/document"),
    ("show_job", "show-jobs/get"),
    ("show_me", "user-me/get"),
    ("show_project", "project/get"),
    ("show_receipt", "credit-receipt/get"),
    ("show_reference", "api-document/page"),
    ("show_status", "generation-status/get"),
    ("show_subscription", "billing-subscription/get"),
    ("show_usage", "usage/get"),
    ("sign_up", "auth-signup/signup"),
    ("sync_subscriptions", "admin-subscriptions-sync/account"),
    ("take_creem_webhook", "creem-webhook/checkout-completed"),
    ("take_stripe_webhook", "stripe-webhook/checkout-completed"),
    ("update_key", "api-key/patch"),
];

/// Puts each operation's sample and its answer into the document.
pub(super) fn illustrate(document: &mut Value) {
    let paths = document["paths"].as_object_mut().expect("paths");
    for operation in paths
        .values_mut()
        .flat_map(|item| item.as_object_mut().expect("methods").values_mut())
    {
        let id = operation["operationId"].as_str().expect("an id");
        let (_, sample) = SAMPLES
            .iter()
            .find(|(name, _)| *name == id)
            .unwrap_or_else(|| panic!("{id} has no sample in tests/contract/openapi/samples.rs"));
        let body = request_body(sample);
        let required = operation["requestBody"]["required"] == true;
        assert!(body.is_some() || !required, "{sample} has no body");
        if let Some(content) = operation.pointer_mut("/requestBody/content/application~1json")
            && let Some(body) = body
        {
            content["example"] = body;
        }
        let answer = answer(sample);
        let status = answer["status"].to_string();
        let response = operation["responses"]
            .get_mut(&status)
            .unwrap_or_else(|| panic!("{sample} is answered with {status}, which {sample} does not list"));
        if let Some(content) = response.pointer_mut("/content/application~1json")
            && !answer["body"].is_null()
        {
            content["example"] = answer["body"].clone();
        }
    }
}

/// The event that a sample is, written out.
fn sent(sample: &str) -> Value {
    let (function, case) = sample.split_once('/').expect("a function and a case");
    serde_json::from_str(&events::sample(function, case)).expect("an event")
}

fn request_body(sample: &str) -> Option<Value> {
    sent(sample)["body"]
        .as_str()
        .map(|body| serde_json::from_str(body).expect("a good sample's body is JSON"))
}

fn answer(sample: &str) -> Value {
    let name = sample.replace('/', "__");
    let path = root().join(format!("tests/contract/snapshots/{name}.snap"));
    let text = fs::read_to_string(path).expect("the sample's snapshot");
    let (_, shown) = text.split_once("\n---\n").expect("a snapshot has a head");
    let answer: Value = serde_json::from_str(shown).expect("a snapshot of JSON");
    assert_ne!(answer["status"], json!(null), "{sample}: no status");
    answer
}
