//! Lambda entry point of `cancel-job`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(cancel_job::Deps::connect, cancel_job::handle).await
}
