//! Lambda entry point of `render-video`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::task(render_video::Deps::connect, render_video::handle).await
}
