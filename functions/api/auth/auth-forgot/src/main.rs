//! Lambda entry point of `auth-forgot`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(auth_forgot::Deps::connect, auth_forgot::handle).await
}
