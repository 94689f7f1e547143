//! Lambda entry point of `credit-history`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(credit_history::Deps::connect, credit_history::handle).await
}
