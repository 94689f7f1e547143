//! Lambda entry point of `send-notices`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::task(send_notices::Deps::connect, send_notices::handle).await
}
