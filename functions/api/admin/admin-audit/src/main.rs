//! Lambda entry point of `admin-audit`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(admin_audit::Deps::connect, admin_audit::handle).await
}
