//! Lambda entry point of `auth-logout`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(auth_logout::Deps::connect, auth_logout::handle).await
}
