//! Lambda entry point of `admin-subscriptions-sync`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(
        admin_subscriptions_sync::Deps::connect,
        admin_subscriptions_sync::handle,
    )
    .await
}
