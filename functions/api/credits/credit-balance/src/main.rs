//! Lambda entry point of `credit-balance`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(credit_balance::Deps::connect, credit_balance::handle).await
}
