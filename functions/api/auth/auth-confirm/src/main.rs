//! Lambda entry point of `auth-confirm`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(auth_confirm::Deps::connect, auth_confirm::handle).await
}
