//! Lambda entry point of `check-video`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::task(check_video::Deps::connect, check_video::handle).await
}
