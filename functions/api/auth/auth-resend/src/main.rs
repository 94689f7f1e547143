//! Lambda entry point of `auth-resend`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(auth_resend::Deps::connect, auth_resend::handle).await
}
