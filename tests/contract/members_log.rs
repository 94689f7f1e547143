//! `members-log`.

use super::world::every_sample;
use super::world::team::{answer_about_members, with_team};

#[tokio::test]
async fn every_sample_is_answered_as_shown() {
    every_sample("members-log", async |world, request| {
        with_team(world).await;
        answer_about_members(world, "members-log", request).await
    })
    .await;
}
