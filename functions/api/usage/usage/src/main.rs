//! Lambda entry point of `usage`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(usage::Deps::connect, usage::handle).await
}
