//! Lambda entry point of `health`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(health::Deps::connect, health::handle).await
}
