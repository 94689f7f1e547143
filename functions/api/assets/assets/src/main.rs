//! Lambda entry point of `assets`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(assets::Deps::connect, assets::handle).await
}
