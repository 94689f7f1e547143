//! Lambda entry point of `sweep-jobs`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::task(sweep_jobs::Deps::connect, sweep_jobs::handle).await
}
