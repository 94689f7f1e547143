//! Lambda entry point of `show-jobs`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(show_jobs::Deps::connect, show_jobs::handle).await
}
