//! Lambda entry point of `members-join`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::http(members_join::Deps::connect, members_join::handle).await
}
