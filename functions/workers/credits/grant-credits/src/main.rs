//! Lambda entry point of `grant-credits`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::task(grant_credits::Deps::connect, grant_credits::handle).await
}
