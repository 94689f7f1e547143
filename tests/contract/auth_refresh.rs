//! `auth-refresh`.

use auth_refresh::{Deps, handle};
use domain::ports::People;

use super::world::{PASSWORD, World, every_sample};

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("auth-refresh", async |world, request| {
        world
            .people
            .log_in("ann@example.com", PASSWORD)
            .await
            .expect("Ann may log in");
        handle(&deps(world), request).await
    })
    .await;
}

fn deps(world: &World) -> Deps {
    Deps {
        store: world.store(),
        people: world.people(),
    }
}
