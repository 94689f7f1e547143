//! Lambda entry point of `billing-portal`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(billing_portal::Deps::connect, billing_portal::handle).await
}
