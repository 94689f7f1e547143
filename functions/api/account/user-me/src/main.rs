//! Lambda entry point of `user-me`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(user_me::Deps::connect, user_me::handle).await
}
