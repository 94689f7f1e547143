//! Lambda entry point of `render-image`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::task(render_image::Deps::connect, render_image::handle).await
}
