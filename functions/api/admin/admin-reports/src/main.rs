//! Lambda entry point of `admin-reports`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(admin_reports::Deps::connect, admin_reports::handle).await
}
