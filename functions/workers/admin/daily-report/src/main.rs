//! Lambda entry point of `daily-report`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::task(daily_report::Deps::connect, daily_report::handle).await
}
