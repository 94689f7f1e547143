//! Lambda entry point of `authorizer`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::task(authorizer::Deps::connect, authorizer::handle).await
}
