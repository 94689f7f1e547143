//! Lambda entry point of `generate-voice`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(generate_voice::Deps::connect, generate_voice::handle).await
}
