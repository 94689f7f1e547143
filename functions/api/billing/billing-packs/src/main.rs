//! Lambda entry point of `billing-packs`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(billing_packs::Deps::connect, billing_packs::handle).await
}
