//! Lambda entry point of `auth-login`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(auth_login::Deps::connect, auth_login::handle).await
}
