//! Lambda entry point of `expire-credits`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::task(expire_credits::Deps::connect, expire_credits::handle).await
}
