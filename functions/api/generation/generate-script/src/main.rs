//! Lambda entry point of `generate-script`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(generate_script::Deps::connect, generate_script::handle).await
}
