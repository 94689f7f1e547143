//! Lambda entry point of `auth-password`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(auth_password::Deps::connect, auth_password::handle).await
}
