//! Lambda entry point of `credit-receipt`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(credit_receipt::Deps::connect, credit_receipt::handle).await
}
