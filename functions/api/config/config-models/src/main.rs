//! Lambda entry point of `config-models`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(config_models::Deps::connect, config_models::handle).await
}
