//! Lambda entry point of `finish-job`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::task(finish_job::Deps::connect, finish_job::handle).await
}
