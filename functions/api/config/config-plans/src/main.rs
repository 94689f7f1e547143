//! Lambda entry point of `config-plans`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(config_plans::Deps::connect, config_plans::handle).await
}
