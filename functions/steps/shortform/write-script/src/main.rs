//! Lambda entry point of `write-script`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::task(write_script::Deps::connect, write_script::handle).await
}
