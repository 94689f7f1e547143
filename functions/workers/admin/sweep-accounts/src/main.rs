//! Lambda entry point of `sweep-accounts`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::task(sweep_accounts::Deps::connect, sweep_accounts::handle).await
}
