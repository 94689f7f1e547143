//! Lambda entry point of `api-document`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(api_document::Deps::connect, api_document::handle).await
}
