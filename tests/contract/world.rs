//! What the samples speak of, and how each is answered, shown and compared.

pub(crate) mod bucket;
pub(crate) mod generation;
pub(crate) mod jobs;
pub(crate) mod operators;
pub(crate) mod payments;
pub(crate) mod quotas;
pub(crate) mod team;
pub(crate) mod uploads;

use std::sync::Arc;

use api::{Request, Response, Tokens};
use domain::access_log::Actor;
use domain::account::ApiKey;
use domain::outputs::Outputs;
use domain::ports::{IdSource, Objects, People};
use domain::{AccessChangeId, ApiKeyId, Failure, ProjectId, RequestId, Scope, Timestamp};
use serde_json::{Value, json};
use store::Store;
use testkit::events::cases;
use testkit::samples::{image, made, made_for, project, script, video, voice};
use testkit::workspace::root;

use testkit::{Customer, Dynamo, FakeObjects, FakePeople, SequentialIds, dynamo};
pub(crate) use workflow::requests::{event, of_account, saying};

/// Secret of the key that [`World`] holds: the first that `CountedEntropy` makes.
pub(crate) const SECRET: &str = "rs_live_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";
/// Password of everyone in [`World`].
pub(crate) const PASSWORD: &str = "Correct-horse-1";

/// What the samples speak of: customer 1 (Ann, 100 credits) with project 1 and key 1, customer 2 with project 2 and
/// key 2, and Bob, who has not confirmed his address.
pub(crate) struct World {
    /// The database.
    pub(crate) dynamo: Dynamo,
    /// The user pool.
    pub(crate) people: Arc<FakePeople>,
    /// The bucket.
    pub(crate) objects: Arc<FakeObjects>,
    /// Ids of what the handlers make.
    pub(crate) ids: Arc<SequentialIds>,
    /// Customer 1.
    pub(crate) ann: Customer,
}

impl World {
    /// A world of its own.
    pub(crate) async fn new() -> Self {
        let dynamo = dynamo().await;
        let ann = Customer::with_credits(&dynamo.store, 1, 100).await;
        let stranger = Customer::with_credits(&dynamo.store, 2, 100).await;
        for (number, owner) in [(1, &ann), (2, &stranger)] {
            let mut project = project(ProjectId::new(number.into()), owner.account_id, owner.now());
            project.outputs = made_for(&project.settings, results());
            dynamo
                .store
                .create_project(&project)
                .await
                .expect("a new project");
            dynamo
                .store
                .create_key(&key(number, owner), owner_acts(owner, number), 20)
                .await
                .expect("a new key");
        }
        let people = Arc::new(FakePeople::default());
        people.confirmed("ann@example.com", PASSWORD, 1);
        people.unconfirmed("bob@example.com", 3);
        Self {
            dynamo,
            people,
            objects: Arc::default(),
            ids: Arc::default(),
            ann,
        }
    }

    /// The store.
    pub(crate) fn store(&self) -> Store {
        self.dynamo.store.clone()
    }

    /// The ids, as a handler takes them.
    pub(crate) fn ids(&self) -> Arc<dyn IdSource> {
        let ids: Arc<SequentialIds> = Arc::clone(&self.ids);
        ids
    }

    /// The pool's sign-up and log-in, as a handler takes them.
    pub(crate) fn people(&self) -> Arc<dyn People> {
        let people: Arc<FakePeople> = Arc::clone(&self.people);
        people
    }

    /// The check of the pool's tokens, as a handler takes it.
    pub(crate) fn tokens(&self) -> Arc<dyn Tokens> {
        let people: Arc<FakePeople> = Arc::clone(&self.people);
        people
    }

    /// The bucket, as a handler takes it.
    pub(crate) fn objects(&self) -> Arc<dyn Objects> {
        let objects: Arc<FakeObjects> = Arc::clone(&self.objects);
        objects
    }
}

fn results() -> Outputs {
    let mut track = voice(2);
    track.scene_marks_ms = vec![0, 700, 1400, 2000];
    Outputs {
        script: Some(made(script(3), "script")),
        images: (0..3)
            .map(|scene| (scene, made(image(&format!("scene{scene}")), "image")))
            .collect(),
        voice: Some(made(track, "voice")),
        video: Some(made(video(15), "video")),
    }
}

fn key(number: u128, owner: &Customer) -> ApiKey {
    let hash = if number == 1 {
        api::KeySecret::parse(SECRET).expect("a secret").hash()
    } else {
        "0".repeat(64)
    };
    ApiKey {
        id: ApiKeyId::new(number.into()),
        account_id: owner.account_id,
        name: "Build server".to_owned(),
        prefix: "rs_live_AAAA".to_owned(),
        hash,
        scopes: vec![Scope::Create, Scope::Read],
        requests_per_hour: 1000,
        monthly_credits: None,
        expires_at: None,
        last_used_at: None,
        created_by: None,
        created_at: owner.now(),
    }
}

/// The account's own person, who does something to its keys or members.
pub(crate) fn owner_acts(owner: &Customer, number: u128) -> Actor {
    Actor {
        id: AccessChangeId::new(number.into()),
        by: owner.account_id,
        by_key: None,
        at: owner.now(),
    }
}

/// An outcome as the client sees it.
pub(crate) fn shown(outcome: Result<Response, Failure>) -> Value {
    let answer = runtime::answer(outcome, RequestId::new(9_u128.into()));
    let mut shown = json!({"status": answer.status().as_u16()});
    for name in ["etag", "idempotent-replayed", "location", "retry-after"] {
        if let Some(value) = answer.headers().get(name) {
            shown[name] = json!(value.to_str().expect("a header of ours is text"));
        }
    }
    if !answer.body().is_empty() {
        // A table is text.
        let text = std::str::from_utf8(answer.body()).expect("an answer is text");
        shown["body"] = serde_json::from_str(text).unwrap_or_else(|_table| json!(text));
    }
    shown
}

/// Status, code and field of a refusal.
pub(crate) fn refusal(shown: &Value) -> (u64, &str, &str) {
    let error = &shown["body"]["error"];
    (
        shown["status"].as_u64().unwrap_or_default(),
        error["code"].as_str().unwrap_or_default(),
        error["details"]["field"].as_str().unwrap_or_default(),
    )
}

/// Compares a value with its snapshot.
pub(crate) fn compare(function: &str, case: &str, value: &Value) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(root().join("tests/contract/snapshots"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_json_snapshot!(format!("{function}__{case}"), value));
}

/// Answers each sample of a function, each in a world of its own.
pub(crate) async fn every_sample<H>(function: &str, handle: H)
where
    H: AsyncFn(&World, Request) -> Result<Response, Failure>,
{
    for case in cases(function) {
        let world = World::new().await;
        let outcome = handle(&world, event(function, &case)).await;
        compare(function, &case, &shown(outcome));
    }
}

/// The same request, later.
pub(crate) fn later(mut request: Request, seconds: i64) -> Request {
    request.now = Timestamp::plus_s(request.now, seconds);
    request
}
