//! Lambda entry point of `usage-alerts`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(usage_alerts::Deps::connect, usage_alerts::handle).await
}
