//! Lambda entry point of `speak-script`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::task(speak_script::Deps::connect, speak_script::handle).await
}
