//! Lambda entry point of `config-templates`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(config_templates::Deps::connect, config_templates::handle).await
}
