//! Lambda entry point of `admin-credits-adjust`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(admin_credits_adjust::Deps::connect, admin_credits_adjust::handle).await
}
