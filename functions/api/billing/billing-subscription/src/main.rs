//! Lambda entry point of `billing-subscription`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(billing_subscription::Deps::connect, billing_subscription::handle).await
}
