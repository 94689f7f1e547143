//! Lambda entry point of `stripe-webhook`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(stripe_webhook::connect, stripe_webhook::handle).await
}
