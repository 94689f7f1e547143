//! Lambda entry point of `billing-invoices`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(billing_invoices::Deps::connect, billing_invoices::handle).await
}
