//! Lambda entry point of `render-chunk`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::task(render_chunk::Deps::connect, render_chunk::handle).await
}
