//! Lambda entry point of `auth-signup`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(auth_signup::Deps::connect, auth_signup::handle).await
}
