//! Lambda entry point of `inspect-upload`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::queue(inspect_upload::Deps::connect, inspect_upload::handle).await
}
