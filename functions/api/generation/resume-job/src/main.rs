//! Lambda entry point of `resume-job`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(resume_job::Deps::connect, resume_job::handle).await
}
