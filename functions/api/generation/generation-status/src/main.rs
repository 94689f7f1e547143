//! Lambda entry point of `generation-status`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(generation_status::Deps::connect, generation_status::handle).await
}
