//! The same inputs are made once: what is paid for is free, what was not charged is charged when it is delivered.

use domain::job::JobKind;
use domain::outputs::Source;
use domain::receipt::NotCharged;
use domain::{Credits, ErrorCode, JobState, QuotaKind};
use workflow::world::{Fault, World};

#[tokio::test]
async fn the_same_video_again_costs_nothing_and_makes_nothing() {
    let world = World::new().await;
    world.run(JobKind::GenerateAll, Fault::None).await;
    let again = world.run(JobKind::GenerateAll, Fault::None).await;
    assert_eq!(again.state, JobState::Completed);
    let receipt = again.receipt.clone().expect("a receipt");
    assert_eq!(receipt.charged, Credits::ZERO);
    let mut made = receipt.lines.iter().map(|line| line.not_charged);
    let mut free = 0;
    assert!(made.all(|why| {
        free += usize::from(why == Some(NotCharged::AlreadyPaid));
        [Some(NotCharged::AlreadyPaid), Some(NotCharged::NotMade)].contains(&why)
    }));
    assert_eq!(free, 4);
    assert_eq!(
        (world.scripts.calls(), world.images.calls(), world.voices.calls()),
        (1, 3, 1)
    );
    assert_eq!(world.composer.renders(), 1);
    world.assert_settled(&again, "again").await;
}

#[tokio::test]
async fn what_a_failed_job_has_made_is_charged_to_the_job_that_delivers_it() {
    let world = World::new().await;
    let fault = Fault::Fail(vec!["SpeakScript".to_owned()], ErrorCode::Internal);
    let failed = world.run(JobKind::GenerateAll, fault).await;
    assert_eq!(failed.receipt.map(|receipt| receipt.charged), Some(Credits::ZERO));
    let job = world.run(JobKind::GenerateAll, Fault::None).await;
    let script = job.outputs.script.as_ref().expect("a script");
    assert_eq!(script.source, Source::Reused);
    assert_eq!(
        job.receipt.as_ref().map(|receipt| receipt.charged),
        Some(Credits::new(11))
    );
    assert_eq!((world.scripts.calls(), world.images.calls()), (1, 3));
    world.assert_settled(&job, "delivered").await;
}

#[tokio::test]
async fn each_project_has_its_own_copy_of_a_file() {
    let world = World::new().await;
    let first = world.run(JobKind::GenerateAll, Fault::None).await;
    let other = world.customer.project().await;
    let job = world
        .try_start(&other, JobKind::GenerateAll)
        .await
        .expect("it starts");
    world.walk(&job, Fault::None).await;
    let second = world.job(job.id).await;
    assert_eq!(second.state, JobState::Completed);
    assert_eq!(
        second.receipt.as_ref().map(|receipt| receipt.charged),
        Some(Credits::ZERO)
    );
    let key = |job: &domain::Job| job.outputs.video.as_ref().expect("a video").value.key.clone();
    assert_ne!(key(&first), key(&second));
    assert!(
        key(&second).as_str().contains(&other.id.to_string()),
        "{:?}",
        key(&second)
    );
    assert_eq!(
        world.objects.keys().len(),
        14,
        "three images, voice, video, thumbnail and what its check found, twice"
    );
    world.dynamo.assert_clean(world.customer.account_id).await;
}

#[tokio::test]
async fn a_stored_output_whose_file_went_with_its_project_is_made_anew() {
    let world = World::new().await;
    let first = world.run(JobKind::GenerateAll, Fault::None).await;
    let image = first.outputs.images.get(&1).expect("an image");
    world.objects.lose(&image.value.key);
    let other = world.customer.project().await;
    let job = world
        .try_start(&other, JobKind::GenerateAll)
        .await
        .expect("it starts");
    world.walk(&job, Fault::None).await;
    let second = world.job(job.id).await;
    assert_eq!(second.state, JobState::Completed);
    assert_eq!(world.images.calls(), 4, "only the lost image");
    assert_eq!(
        second.receipt.as_ref().map(|receipt| receipt.charged),
        Some(Credits::new(2))
    );
    let third = world.customer.project().await;
    let job = world.try_start(&third, JobKind::GenerateAll).await;
    let job = job.expect("it starts");
    world.walk(&job, Fault::None).await;
    assert_eq!(world.images.calls(), 4, "the new file is the one that is found");
    let charged = world.job(job.id).await.receipt.map(|receipt| receipt.charged);
    assert_eq!(charged, Some(Credits::ZERO));
    world.dynamo.assert_clean(world.customer.account_id).await;
}

#[tokio::test]
async fn a_project_has_one_job_at_a_time_and_a_poor_customer_none() {
    let world = World::new().await;
    let job = world.start(JobKind::GenerateAll).await;
    let second = world
        .try_start(&world.project, JobKind::GenerateScript)
        .await
        .unwrap_err();
    assert_eq!(second.code, ErrorCode::JobActive);
    world.walk(&job, Fault::None).await;
    // Credits are what ends it here, not the plan.
    let unlimited = [QuotaKind::ConcurrentJobs, QuotaKind::ShortForm].map(|kind| (kind, None));
    let set = world
        .dynamo
        .store
        .set_overrides(world.customer.account_id, unlimited.into());
    set.await.expect("limits of this account alone");
    for _ in 0..100 {
        let project = world.customer.project().await;
        if let Err(failure) = world.try_start(&project, JobKind::GenerateAll).await {
            assert_eq!(failure.code, ErrorCode::InsufficientCredits);
            let details = failure.details.expect("details");
            assert!(
                details["needed"].as_u64() > details["available"].as_u64(),
                "{details}"
            );
            world.dynamo.assert_clean(world.customer.account_id).await;
            return;
        }
    }
    panic!("a thousand credits bought a hundred videos");
}

#[tokio::test]
async fn a_resumed_job_does_not_charge_again_what_another_job_paid_for_meanwhile() {
    let world = World::new().await;
    let fault = Fault::Fail(vec!["RenderVideo".to_owned()], ErrorCode::Internal);
    let failed = world.run(JobKind::GenerateAll, fault).await;
    let paid = world.run(JobKind::GenerateAll, Fault::None).await;
    assert_eq!(paid.state, JobState::Completed);
    let next = world.resume(&failed).await;
    world.walk(&next, Fault::None).await;
    let job = world.job(failed.id).await;
    assert_eq!(job.state, JobState::Completed);
    let receipt = job.receipt.clone().expect("a receipt");
    assert_eq!(receipt.charged, Credits::ZERO, "{receipt:?}");
    let mut made = receipt.lines.iter().map(|line| line.not_charged);
    let mut free = 0;
    assert!(made.all(|why| {
        free += usize::from(why == Some(NotCharged::AlreadyPaid));
        [Some(NotCharged::AlreadyPaid), Some(NotCharged::NotMade)].contains(&why)
    }));
    assert_eq!(free, 4);
    world.assert_settled(&job, "resumed").await;
}

/// The second job read the first one's outputs while nobody had paid for them, and both end at once.
#[tokio::test]
async fn of_two_jobs_with_the_same_inputs_that_finish_at_once_only_one_is_charged() {
    let world = World::new().await;
    let unfinished = || {
        let tasks = vec!["FinishJob".to_owned(), "FailJob".to_owned()];
        Fault::Fail(tasks, ErrorCode::Internal)
    };
    let first = world.start(JobKind::GenerateAll).await;
    world.walk(&first, unfinished()).await;
    let other = world.customer.project().await;
    let second = world
        .try_start(&other, JobKind::GenerateAll)
        .await
        .expect("it starts");
    world.walk(&second, unfinished()).await;
    let finish = |job: &domain::Job| {
        let task = jobs::Task {
            account_id: job.account_id,
            project_id: job.project_id,
            job_id: job.id,
            run: job.run,
            again: false,
        };
        let deps = &world.handlers.finish_job;
        async move { finish_job::handle(deps, task).await }
    };
    let (one, two) = tokio::join!(finish(&first), finish(&second));
    one.expect("the first is finished");
    two.expect("the second is finished");
    let mut charged = Vec::new();
    for job in [&first, &second] {
        let ended = world.job(job.id).await;
        assert_eq!(ended.state, JobState::Completed);
        let receipt = ended.receipt.expect("a receipt");
        let mut why = receipt.lines.iter().map(|line| line.not_charged);
        let all_free = !why.any(|why| why.is_none());
        assert_eq!(receipt.charged.is_zero(), all_free);
        charged.push(receipt.charged.get());
    }
    charged.sort_unstable();
    assert_eq!(charged, [0, 11]);
    world.dynamo.assert_clean(world.customer.account_id).await;
}

/// Short forms and rendered seconds that the account has used.
async fn used(world: &World) -> [u64; 2] {
    let account = world.customer.account_id;
    let quotas = world
        .store()
        .quotas(account, world.clock_now())
        .await
        .expect("quotas");
    [QuotaKind::ShortForm, QuotaKind::RenderSeconds].map(|kind| {
        let of_kind = quotas.iter().find(|state| state.kind == kind);
        of_kind.expect("a quota").used
    })
}

#[tokio::test]
async fn a_completed_job_that_makes_nothing_new_uses_up_no_quota() {
    let world = World::new().await;
    world.run(JobKind::GenerateAll, Fault::None).await;
    let once = used(&world).await;
    assert_eq!(once[0], 1);
    assert!(once[1] > 0, "{once:?}");
    for kind in [JobKind::ComposeVideo, JobKind::GenerateAll] {
        let again = world.run(kind, Fault::None).await;
        assert_eq!(again.state, JobState::Completed);
        assert_eq!(
            again.receipt.as_ref().map(|receipt| receipt.charged),
            Some(Credits::ZERO)
        );
        assert_eq!(used(&world).await, once, "{kind:?}");
        world.assert_settled(&again, "again").await;
    }
}

#[tokio::test]
async fn a_generation_keeps_the_script_that_it_replaces() {
    let world = World::new().await;
    world.run(JobKind::GenerateScript, Fault::None).await;
    let mut project = world.project_now().await;
    assert_eq!(project.last_job.is_some(), project.script_mark.is_some());
    let written = project.outputs.script.clone().expect("a script");
    let own = written.value.clone().edited().expect("a good script");
    let hash = domain::outputs::InputHash::of("edited-script", &own).expect("a hash");
    let edited = domain::outputs::Produced::by_customer(own, hash);
    let english = Some(project.settings.language);
    let versions = project.take_script(edited.clone(), english, world.clock_now());
    world
        .store()
        .update_script(&project, &versions)
        .await
        .expect("it is changed");
    let start = jobs::StartJob {
        consent: jobs::Consent {
            rewrite_script: true,
            ..jobs::Consent::default()
        },
        ..world.start_of(&project, JobKind::GenerateScript)
    };
    let job = world
        .jobs
        .start(start, world.ids.as_ref())
        .await
        .expect("it starts");
    world.walk(&job, Fault::None).await;
    let page = store::PageRequest::default();
    let kept = world
        .store()
        .script_versions(world.customer.account_id, project.id, &page);
    let kept = kept.await.expect("versions").items;
    let told: Vec<_> = kept
        .iter()
        .map(|kept| (kept.mark.version, &kept.made.value))
        .collect();
    assert_eq!(
        told,
        [(3, &written.value), (2, &edited.value), (1, &written.value)]
    );
    let now = world.project_now().await;
    assert_eq!(now.script_mark, Some(kept[0].mark));
    assert_eq!(now.last_job, Some(job.id));
}
