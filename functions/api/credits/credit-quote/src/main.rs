//! Lambda entry point of `credit-quote`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(credit_quote::Deps::connect, credit_quote::handle).await
}
