//! Lambda entry point of `member`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(member::Deps::connect, member::handle).await
}
