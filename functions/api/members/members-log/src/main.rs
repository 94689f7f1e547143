//! Lambda entry point of `members-log`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(members_log::Deps::connect, members_log::handle).await
}
