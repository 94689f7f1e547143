//! Lambda entry point of `projects`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(projects::Deps::connect, projects::handle).await
}
