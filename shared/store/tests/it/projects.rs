//! Tests of projects.

use domain::project::ProjectStatus;
use domain::{AccountId, ProjectId};
use store::{PageRequest, ProjectFilter, StoreError};

use crate::world::{World, cancelled, failed};

#[tokio::test]
async fn a_project_is_made_once() {
    let world = World::with_credits(0).await;
    let project = world.customer.project().await;
    let mut again = project.clone();
    again.name = "Another name".to_owned();
    let stored = world.dynamo.store.create_project(&again).await.unwrap();
    assert_eq!(stored, project);
}

#[tokio::test]
async fn a_project_of_another_account_is_not_found() {
    let world = World::with_credits(0).await;
    let store = &world.dynamo.store;
    let project = world.customer.project().await;
    let stranger = AccountId::new(9.into());
    let foreign = domain::project::Project {
        account_id: stranger,
        ..project.clone()
    };
    assert!(matches!(
        store.project(stranger, project.id).await,
        Err(StoreError::NotFound { .. })
    ));
    assert!(matches!(
        store.update_project(&foreign).await,
        Err(StoreError::NotFound { .. })
    ));
    assert!(matches!(
        store.delete_project(stranger, project.id, None).await,
        Err(StoreError::NotFound { .. })
    ));
    assert_eq!(
        store.project(project.account_id, project.id).await.unwrap(),
        project
    );
}

#[tokio::test]
async fn an_edit_of_a_stale_version_is_a_conflict_and_a_repeat_is_not() {
    let world = World::with_credits(0).await;
    let store = &world.dynamo.store;
    let read = world.customer.project().await;
    let mut first = read.clone();
    first.name = "First".to_owned();
    let mut second = read.clone();
    second.name = "Second".to_owned();
    let written = store.update_project(&first).await.unwrap();
    assert_eq!((written.version, written.name.as_str()), (2, "First"));
    assert_eq!(store.update_project(&first).await.unwrap(), written);
    assert!(matches!(
        store.update_project(&second).await,
        Err(StoreError::Conflict { .. })
    ));
    assert_eq!(store.project(read.account_id, read.id).await.unwrap(), written);
}

#[tokio::test]
async fn a_project_is_left_alone_while_a_job_works_on_it() {
    let world = World::with_credits(100).await;
    let store = &world.dynamo.store;
    let (_, job) = world.started(10).await;
    let busy = store.project(job.account_id, job.project_id).await.unwrap();
    assert_eq!(
        (busy.status, busy.active_job),
        (ProjectStatus::Processing, Some(job.id))
    );
    assert!(matches!(
        store.update_project(&busy).await,
        Err(StoreError::JobActive { .. })
    ));
    assert!(matches!(
        store.delete_project(busy.account_id, busy.id, None).await,
        Err(StoreError::JobActive { .. })
    ));
    world.end(&job, cancelled(&job)).await.unwrap();
    let free = store.project(job.account_id, job.project_id).await.unwrap();
    assert_eq!((free.status, free.active_job), (ProjectStatus::Draft, None));
    store.update_project(&free).await.unwrap();
    store
        .delete_project(free.account_id, free.id, None)
        .await
        .unwrap();
    assert!(matches!(
        store.delete_project(free.account_id, free.id, None).await,
        Err(StoreError::NotFound { .. })
    ));
    assert_eq!(world.balance().await, (100, 0));
}

#[tokio::test]
async fn projects_are_listed_newest_first_by_status_in_pages() {
    let world = World::with_credits(100).await;
    let (store, id) = (&world.dynamo.store, world.customer.account_id);
    let mut draft: Vec<ProjectId> = Vec::new();
    for index in 0..7 {
        world.customer.clock.advance_ms(1);
        if index % 3 == 0 {
            let (_, job) = world.started(1).await;
            world.end(&job, failed(&job)).await.unwrap();
        } else {
            draft.push(world.customer.project().await.id);
        }
    }
    draft.reverse();
    let filter = ProjectFilter {
        status: Some(ProjectStatus::Draft),
    };
    let mut page = PageRequest {
        limit: 3,
        cursor: None,
    };
    let first = store.projects(id, filter, &page).await.unwrap();
    page.cursor = first.next;
    let second = store.projects(id, filter, &page).await.unwrap();
    let found: Vec<ProjectId> = first.items.iter().chain(&second.items).map(|p| p.id).collect();
    assert_eq!((found, second.next), (draft, None));
    // A cursor of one filter means nothing in another.
    assert!(matches!(
        store.projects(id, ProjectFilter::default(), &page).await,
        Err(StoreError::InvalidCursor)
    ));
    let all = store
        .projects(id, ProjectFilter::default(), &PageRequest::default())
        .await
        .unwrap();
    assert_eq!(all.items.len(), 7);
}
