//! Lambda entry point of `join-video`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::task(join_video::Deps::connect, join_video::handle).await
}
