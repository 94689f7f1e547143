//! Lambda entry point of `project`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(project::Deps::connect, project::handle).await
}
