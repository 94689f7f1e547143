//! Lambda entry point of `auth-reset`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(auth_reset::Deps::connect, auth_reset::handle).await
}
