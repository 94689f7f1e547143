//! Lambda entry point of `asset`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(asset::Deps::connect, asset::handle).await
}
