//! Lambda entry point of `sweep-uploads`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::task(sweep_uploads::Deps::connect, sweep_uploads::handle).await
}
