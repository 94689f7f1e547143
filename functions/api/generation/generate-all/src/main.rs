//! Lambda entry point of `generate-all`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(generate_all::Deps::connect, generate_all::handle).await
}
