//! Lambda entry point of `generate-images`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(generate_images::Deps::connect, generate_images::handle).await
}
