//! Quotas of which something is used.

use api::{Request, Response};
use domain::{Failure, QuotaKind};
use serde_json::Value;
use store::{Consumption, UsedFor};

use super::World;

/// Asks the route `usage`.
pub(crate) async fn ask_usage(world: &World, request: Request) -> Result<Response, Failure> {
    let (store, ids) = (world.store(), world.ids());
    usage::handle(&usage::Deps { store, ids }, request).await
}

/// Ann has used four short forms of five, and customer 2 three.
pub(crate) async fn some_use(world: &World) {
    for (account, count) in [(1_u128, 4_u64), (2, 3)] {
        let used = Consumption {
            kind: QuotaKind::ShortForm,
            quantity: count,
            used_for: UsedFor::new("job", "earlier"),
        };
        let account = domain::AccountId::new(account.into());
        let consumed = world.store().consume(account, &[used], world.ann.now()).await;
        consumed.expect("inside the limit");
    }
}

/// The state of one kind in an answer.
pub(crate) fn quota<'a>(shown: &'a Value, kind: &str) -> &'a Value {
    let quotas = shown["body"]["data"]["quotas"].as_array().expect("quotas");
    quotas
        .iter()
        .find(|quota| quota["kind"] == kind)
        .expect("the kind")
}
