//! Lambda entry point of `auth-refresh`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(auth_refresh::Deps::connect, auth_refresh::handle).await
}
