//! Lambda entry point of `config-voices`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(config_voices::Deps::connect, config_voices::handle).await
}
