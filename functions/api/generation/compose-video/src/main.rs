//! Lambda entry point of `compose-video`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(compose_video::Deps::connect, compose_video::handle).await
}
