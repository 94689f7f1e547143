//! Lambda entry point of `admin-quota-reset`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(admin_quota_reset::Deps::connect, admin_quota_reset::handle).await
}
