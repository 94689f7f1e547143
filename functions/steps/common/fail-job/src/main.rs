//! Lambda entry point of `fail-job`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::task(fail_job::Deps::connect, fail_job::handle).await
}
