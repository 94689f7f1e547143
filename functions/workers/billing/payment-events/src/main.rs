//! Lambda entry point of `payment-events`; everything is in the library.

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), runtime::StartError> {
    runtime::queue(payment_events::Deps::connect, payment_events::handle).await
}
