//! Lambda entry point of `creem-webhook`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(creem_webhook::connect, creem_webhook::handle).await
}
