//! Every route that is not public refuses a request without a caller, and one whose key lacks the scope.

use std::collections::BTreeSet;
use std::sync::Arc;

use api::{Request, Response};
use catalogue::Catalogue;
use domain::ports::Work;
use domain::{ApiKeyId, Failure, Scope};
use serde_json::Value;
use testkit::CountedEntropy;

use super::world::generation::GenerationWorld;
use super::world::{World, event, of_account, refusal, shown, uploads};

type Route = (
    &'static str,
    &'static str,
    fn(&World, Request) -> Work<'_, Result<Response, Failure>>,
);

/// A sample of each method of each route of ours; the pipeline's are below.
const ROUTES: &[Route] = &[
    ("project-scripts", "list", project_scripts),
    ("project-scripts", "restore", project_scripts),
    ("show-jobs", "list", show_jobs),
    ("show-jobs", "get", show_jobs),
    ("user-me", "get", |w, r| {
        Box::pin(async { user_me::handle(&user_me::Deps { store: w.store() }, r).await })
    }),
    ("user-me", "patch", |w, r| {
        Box::pin(async { user_me::handle(&user_me::Deps { store: w.store() }, r).await })
    }),
    ("auth-password", "change", |w, r| {
        Box::pin(async {
            let (store, people) = (w.store(), w.people());
            auth_password::handle(&auth_password::Deps { store, people }, r).await
        })
    }),
    ("auth-logout", "session", |w, r| {
        Box::pin(async {
            let (store, people) = (w.store(), w.people());
            auth_logout::handle(&auth_logout::Deps { store, people }, r).await
        })
    }),
    ("api-keys", "list", api_keys),
    ("api-keys", "create", api_keys),
    ("api-key", "delete", |w, r| {
        Box::pin(async {
            let (store, ids) = (w.store(), w.ids());
            api_key::handle(&api_key::Deps { store, ids }, r).await
        })
    }),
    ("members", "list", members),
    ("members", "invite", members),
    ("member", "patch", member),
    ("member", "delete", member),
    ("members-join", "post", |w, r| {
        Box::pin(async {
            let (store, ids) = (w.store(), w.ids());
            members_join::handle(&members_join::Deps { store, ids }, r).await
        })
    }),
    ("members-log", "list", |w, r| {
        Box::pin(async { members_log::handle(&members_log::Deps { store: w.store() }, r).await })
    }),
    ("credit-balance", "get", |w, r| {
        Box::pin(async { credit_balance::handle(&credit_balance::Deps { store: w.store() }, r).await })
    }),
    ("credit-history", "list", |w, r| {
        Box::pin(async { credit_history::handle(&credit_history::Deps { store: w.store() }, r).await })
    }),
    ("credit-receipt", "get", |w, r| {
        Box::pin(async { credit_receipt::handle(&credit_receipt::Deps { store: w.store() }, r).await })
    }),
    ("usage", "get", usage),
    ("usage", "count", usage),
    ("usage-alerts", "list", |w, r| {
        Box::pin(async { usage_alerts::handle(&usage_alerts::Deps { store: w.store() }, r).await })
    }),
    ("admin-quota-reset", "post", |w, r| {
        Box::pin(async {
            let (store, ids) = (w.store(), w.ids());
            admin_quota_reset::handle(&admin_quota_reset::Deps { store, ids }, r).await
        })
    }),
    ("assets", "list", |w, r| {
        Box::pin(async { assets::handle(&uploads::listing(w), r).await })
    }),
    ("assets", "create", |w, r| {
        Box::pin(async { assets::handle(&uploads::listing(w), r).await })
    }),
    ("asset", "get", |w, r| {
        Box::pin(async { asset::handle(&uploads::one(w), r).await })
    }),
    ("asset", "delete", |w, r| {
        Box::pin(async { asset::handle(&uploads::one(w), r).await })
    }),
    ("complete-asset", "post", |w, r| {
        Box::pin(async { complete_asset::handle(&uploads::completing(w, &Arc::default()), r).await })
    }),
    ("projects", "list", projects),
    ("projects", "create", projects),
    ("project", "get", project),
    ("project", "patch", project),
    ("project", "delete", project),
];

fn project_scripts(world: &World, request: Request) -> Work<'_, Result<Response, Failure>> {
    Box::pin(async {
        let (store, ids) = (world.store(), world.ids());
        project_scripts::handle(&project_scripts::Deps { store, ids }, request).await
    })
}

fn show_jobs(world: &World, request: Request) -> Work<'_, Result<Response, Failure>> {
    Box::pin(async {
        let (store, objects) = (world.store(), world.objects());
        show_jobs::handle(&show_jobs::Deps { store, objects }, request).await
    })
}

fn api_keys(world: &World, request: Request) -> Work<'_, Result<Response, Failure>> {
    Box::pin(async {
        let deps = api_keys::Deps {
            store: world.store(),
            ids: world.ids(),
            entropy: Arc::new(CountedEntropy::default()),
        };
        api_keys::handle(&deps, request).await
    })
}

fn members(world: &World, request: Request) -> Work<'_, Result<Response, Failure>> {
    Box::pin(async {
        let deps = members::Deps {
            store: world.store(),
            ids: world.ids(),
            entropy: Arc::new(CountedEntropy::default()),
        };
        members::handle(&deps, request).await
    })
}

fn member(world: &World, request: Request) -> Work<'_, Result<Response, Failure>> {
    Box::pin(async {
        let (store, ids) = (world.store(), world.ids());
        member::handle(&member::Deps { store, ids }, request).await
    })
}

fn usage(world: &World, request: Request) -> Work<'_, Result<Response, Failure>> {
    Box::pin(async {
        let (store, ids) = (world.store(), world.ids());
        usage::handle(&usage::Deps { store, ids }, request).await
    })
}

fn projects(world: &World, request: Request) -> Work<'_, Result<Response, Failure>> {
    Box::pin(async {
        let deps = projects::Deps {
            store: world.store(),
            ids: world.ids(),
            voice_provider: "local".to_owned(),
        };
        projects::handle(&deps, request).await
    })
}

fn project(world: &World, request: Request) -> Work<'_, Result<Response, Failure>> {
    Box::pin(async {
        let deps = project::Deps {
            store: world.store(),
            objects: world.objects(),
            voice_provider: "local".to_owned(),
            catalogue: Catalogue::standard(),
        };
        project::handle(&deps, request).await
    })
}

#[tokio::test]
async fn every_route_refuses_a_request_without_a_caller() {
    let world = World::new().await;
    for (function, case, handle) in ROUTES {
        let mut request = event(function, case);
        request.caller = None;
        let refused = shown(handle(&world, request).await);
        assert_eq!(
            refusal(&refused),
            (401, "unauthenticated", ""),
            "{function}/{case}"
        );
    }
}

#[tokio::test]
async fn every_route_refuses_a_key_without_its_scope() {
    let world = World::new().await;
    for (function, case, handle) in ROUTES {
        let mut request = event(function, case);
        let needed = match request.method.as_str() {
            "GET" => Scope::Read,
            "DELETE" => Scope::Delete,
            _ => Scope::Create,
        };
        let caller = request.caller.as_mut().expect("a caller");
        caller.key_id = Some(ApiKeyId::new(1_u128.into()));
        caller.scopes = Scope::ALL.into_iter().filter(|scope| *scope != needed).collect();
        let refused = shown(handle(&world, request).await);
        assert_eq!(refusal(&refused), (403, "forbidden", ""), "{function}/{case}");
    }
}

#[tokio::test]
async fn every_route_refuses_a_query_parameter_that_it_does_not_take() {
    for (function, case, handle) in ROUTES {
        let world = World::new().await;
        let mut request = event(function, case);
        request.query.insert("colour".to_owned(), "red".to_owned());
        let refused = shown(handle(&world, request).await);
        assert_eq!(
            refusal(&refused),
            (400, "validation_failed", "colour"),
            "{function}/{case}"
        );
    }
}

#[tokio::test]
async fn every_route_refuses_a_method_that_it_does_not_have() {
    let world = World::new().await;
    for (function, case, handle) in ROUTES {
        let mut request = event(function, case);
        request.method = "PUT".parse().expect("a method");
        let refused = shown(handle(&world, request).await);
        assert_eq!(
            refusal(&refused),
            (405, "method_not_allowed", ""),
            "{function}/{case}"
        );
        assert_eq!(
            told(&refused),
            documented(&route_of(function, case)),
            "{function}"
        );
    }
}

/// The methods that a refusal names.
fn told(refused: &Value) -> BTreeSet<String> {
    let allow = refused["body"]["error"]["details"]["allow"].as_array();
    let methods = allow.expect("`allow`").iter();
    methods
        .map(|name| name.as_str().expect("a method").to_owned())
        .collect()
}

/// The path of the document that a sample's call is of.
fn route_of(function: &str, case: &str) -> String {
    let sample: Value = serde_json::from_str(&testkit::events::sample(function, case)).expect("an event");
    let key = sample["routeKey"].as_str().expect("a route");
    key.split_once(' ').expect("a method and a path").1.to_owned()
}

/// The methods that the document gives a path, and the two that every path has by them.
fn documented(path: &str) -> BTreeSet<String> {
    let document = super::openapi::document();
    let item = document["paths"][path].as_object().expect("a path");
    let mut methods: BTreeSet<String> = item.keys().map(|method| method.to_uppercase()).collect();
    if methods.contains("GET") {
        methods.insert("HEAD".to_owned());
    }
    methods.insert("OPTIONS".to_owned());
    methods
}

/// The routes that start a job.
const STARTING: [&str; 5] = [
    "generate-all",
    "generate-script",
    "generate-images",
    "generate-voice",
    "compose-video",
];

#[tokio::test]
async fn every_generation_route_needs_a_caller_with_the_right_scope_and_has_one_method() {
    let generation = GenerationWorld::new().await;
    let routes = STARTING.into_iter().map(|function| (function, "post"));
    let more = [
        ("cancel-job", "post"),
        ("resume-job", "post"),
        ("generation-status", "get"),
        ("credit-quote", "settings"),
    ];
    for (function, case) in routes.chain(more) {
        let mut nobody = event(function, case);
        nobody.caller = None;
        assert_eq!(
            refusal(&shown(generation.handle(function, nobody).await)),
            (401, "unauthenticated", ""),
            "{function}"
        );
        let mut scopeless = event(function, case);
        scopeless.caller.as_mut().expect("a caller").scopes.clear();
        assert_eq!(
            refusal(&shown(generation.handle(function, scopeless).await)),
            (403, "forbidden", ""),
            "{function}"
        );
        let mut put = event(function, case);
        put.method = "PUT".parse().expect("a method");
        let refused = shown(generation.handle(function, put).await);
        assert_eq!(refusal(&refused), (405, "method_not_allowed", ""), "{function}");
        assert_eq!(
            told(&refused),
            documented(&route_of(function, case)),
            "{function}"
        );
    }
}

#[tokio::test]
async fn another_accounts_job_is_not_found_by_any_route() {
    let generation = GenerationWorld::new().await;
    generation.job_one_failed().await;
    for (function, case) in [
        ("generation-status", "get"),
        ("cancel-job", "post"),
        ("resume-job", "post"),
    ] {
        let request = of_account(event(function, case), 2);
        assert_eq!(
            refusal(&shown(generation.handle(function, request).await)),
            (404, "not_found", ""),
            "{function}"
        );
    }
}
