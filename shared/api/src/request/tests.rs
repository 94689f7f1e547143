//! Tests of `request`, and the request that other tests of this crate begin with.

use domain::account::{Caller, PlanId, Role};
use domain::settings::Language;
use domain::{AccountId, ErrorCode, ProjectId, RequestId, Scope, Timestamp};
use http::Method;

use super::Request;
use crate::RateLimits;

/// A POST of a signed-in person.
pub(crate) fn post(account_id: AccountId, body: &str) -> Request {
    Request {
        method: Method::POST,
        path: "/v1/projects".to_owned(),
        path_params: [].into(),
        query: [].into(),
        repeated_query: [].into(),
        headers: [].into(),
        body: body.as_bytes().to_vec(),
        caller: Some(Caller {
            account_id,
            key_id: None,
            key_requests_per_hour: None,
            key_monthly_credits: None,
            member: None,
            scopes: Scope::ALL.to_vec(),
            plan: PlanId::Free,
            role: Role::Customer,
        }),
        refused: None,
        request_id: RequestId::new(1_u128.into()),
        source_ip: "192.0.2.1".to_owned(),
        now: Timestamp::from_ms(testkit::time::NOW_MS),
        rate_limits: RateLimits::default(),
    }
}

fn request() -> Request {
    post(AccountId::new(1_u128.into()), "")
}

#[test]
fn an_id_that_cannot_be_is_not_found() {
    let mut request = request();
    for text in ["prj_", "job_01ARZ3NDEKTSV4RRFFQ69G5FAV", "../../etc/passwd"] {
        request
            .path_params
            .insert("project_id".to_owned(), text.to_owned());
        let failure = request.path_id::<ProjectId>("project_id").unwrap_err();
        assert_eq!(failure.code, ErrorCode::NotFound, "{text}");
    }
}

#[test]
fn a_page_limit_outside_its_range_is_refused_by_name() {
    let mut request = request();
    assert_eq!(request.page().unwrap().limit, 20);
    for text in ["0", "101", "-1", "ten", ""] {
        request.query.insert("limit".to_owned(), text.to_owned());
        let failure = request.page().unwrap_err();
        assert_eq!(failure.details.unwrap()["field"], "limit", "{text}");
    }
}

#[test]
fn an_idempotency_key_is_visible_ascii_of_a_bounded_length() {
    let mut request = request();
    assert_eq!(request.idempotency_key().unwrap(), None);
    for (text, good) in [
        ("order-7", true),
        ("", false),
        ("two words", false),
        ("ключ", false),
        (&*"k".repeat(255), true),
        (&*"k".repeat(256), false),
    ] {
        request
            .headers
            .insert("idempotency-key".to_owned(), text.to_owned());
        assert_eq!(request.idempotency_key().is_ok(), good, "{text}");
    }
}

#[test]
fn the_language_is_the_first_that_the_product_speaks() {
    let mut request = request();
    assert_eq!(request.language(), Language::English);
    request
        .headers
        .insert("accept-language".to_owned(), "de-DE, ko;q=0.9".to_owned());
    assert_eq!(request.language(), Language::Korean);
}

#[test]
fn a_table_is_asked_for_by_format_or_else_by_the_kind_that_is_accepted_first() {
    let wants = |format: Option<&str>, accept: Option<&str>| {
        let mut request = request();
        let mut add = |map: &str, value: Option<&str>| {
            let Some(value) = value else { return };
            match map {
                "format" => request.query.insert("format".to_owned(), value.to_owned()),
                _ => request.headers.insert("accept".to_owned(), value.to_owned()),
            };
        };
        add("format", format);
        add("accept", accept);
        request.wants_table().map_err(|failure| failure.code)
    };
    assert_eq!(wants(None, None), Ok(false));
    assert_eq!(wants(None, Some("*/*")), Ok(false));
    assert_eq!(wants(None, Some("text/csv")), Ok(true));
    assert_eq!(
        wants(None, Some("text/html, text/csv;q=0.9, application/json;q=0.1")),
        Ok(true)
    );
    assert_eq!(wants(None, Some("application/json, text/csv")), Ok(false));
    assert_eq!(wants(Some("csv"), Some("application/json")), Ok(true));
    assert_eq!(wants(Some("json"), Some("text/csv")), Ok(false));
    assert_eq!(wants(Some("xml"), None), Err(ErrorCode::ValidationFailed));
}

#[test]
fn an_unknown_or_repeated_query_parameter_is_refused_by_its_name() {
    let mut request = request();
    request.query.insert("limit".to_owned(), "5".to_owned());
    assert_eq!(request.with_query(&["limit", "cursor"]).check(), Ok(()));
    let unknown = request.no_query().unwrap_err();
    assert_eq!((unknown.field.as_str(), unknown.rule), ("limit", "unknown_field"));
    request.repeated_query.insert("limit".to_owned());
    let twice = request.with_query(&["limit"]).check().unwrap_err();
    assert_eq!((twice.field.as_str(), twice.rule), ("limit", "duplicate"));
}

#[test]
fn a_method_that_is_not_there_is_told_those_that_are() {
    let refused = request().method_not_allowed(&[Method::POST, Method::GET]);
    assert_eq!(refused.code, ErrorCode::MethodNotAllowed);
    assert_eq!(
        refused.details.unwrap()["allow"],
        serde_json::json!(["GET", "HEAD", "OPTIONS", "POST"])
    );
    let refused = request().method_not_allowed(&[Method::POST]);
    assert_eq!(
        refused.details.unwrap()["allow"],
        serde_json::json!(["OPTIONS", "POST"])
    );
}

#[test]
fn a_change_of_another_version_than_the_callers_is_refused() {
    let mut request = request();
    assert!(request.check_version(7).is_ok(), "nothing is said");
    for (header, fits) in [
        ("\"7\"", true),
        ("\"7-1995276\"", true),
        ("\"6\", \"7\"", true),
        ("*", true),
        ("\"6\"", false),
        ("W/\"7\"", false),
        ("\"77\"", false),
        ("7", false),
        ("nope", false),
        ("", false),
    ] {
        request.headers.insert("if-match".to_owned(), header.to_owned());
        let outcome = request.check_version(7).map_err(|refused| refused.code);
        let wanted = if fits {
            Ok(())
        } else {
            Err(ErrorCode::PreconditionFailed)
        };
        assert_eq!(outcome, wanted, "{header}");
    }
}
