//! Lambda entry point of `project-scripts`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(project_scripts::Deps::connect, project_scripts::handle).await
}
