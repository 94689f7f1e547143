//! Lambda entry point of `api-keys`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(api_keys::Deps::connect, api_keys::handle).await
}
