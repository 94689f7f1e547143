//! `fail-job`: its samples; what the steps do together is in `tests/workflow`.

use domain::ErrorCode;
use testkit::events::cases;

use super::world::pipeline::{World, job_one, read};

#[tokio::test]
async fn each_failure_sample_ends_the_job_with_its_reason() {
    for (case, code) in [
        ("timed-out", ErrorCode::StepTimedOut),
        ("engine-failed", ErrorCode::VoiceEngineFailed),
    ] {
        let world = World::of_samples().await;
        let outcome = fail_job::handle(&world.handlers.fail_job, read("fail-job", case))
            .await
            .expect("failing is never refused");
        assert_eq!(outcome.status, "failed", "{case}");
        let job = job_one(&world).await;
        let reason = job.failure.as_ref().map(|failure| failure.code);
        assert_eq!(reason, Some(code), "{case}");
        let again = fail_job::handle(&world.handlers.fail_job, read("fail-job", case))
            .await
            .expect("nor is its repeat");
        assert_eq!(again.status, "failed", "{case}");
        let finish = finish_job::handle(&world.handlers.finish_job, read("finish-job", "delivered"))
            .await
            .unwrap_err();
        assert_eq!(finish.code, ErrorCode::JobEnded, "{case}: who comes first wins");
        world.assert_settled(&job, case).await;
    }
    assert_eq!(cases("fail-job").len(), 2, "each sample has its code above");
}
