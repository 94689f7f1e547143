//! Lambda entry point of `admin-credits-approve`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(
        admin_credits_approve::Deps::connect,
        admin_credits_approve::handle,
    )
    .await
}
