//! Lambda entry point of `complete-asset`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(complete_asset::Deps::connect, complete_asset::handle).await
}
