//! Lambda entry point of `sync-payments`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::task(sync_payments::Deps::connect, sync_payments::handle).await
}
