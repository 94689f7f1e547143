//! Lambda entry point of `inspect-account`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::queue(inspect_account::Deps::connect, inspect_account::handle).await
}
