//! Lambda entry point of `billing-checkout`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(billing_checkout::Deps::connect, billing_checkout::handle).await
}
