//! Lambda entry point of `reconcile-job`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::queue(reconcile_job::Deps::connect, reconcile_job::handle).await
}
