//! Lambda entry point of `members`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(members::Deps::connect, members::handle).await
}
