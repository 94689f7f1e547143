//! Lambda entry point of `api-key`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(api_key::Deps::connect, api_key::handle).await
}
