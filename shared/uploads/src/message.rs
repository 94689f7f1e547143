//! The message that asks `inspect-upload` for the inspection of an asset.

use domain::ports::MessageQueue;
use domain::{ErrorCode, Failure};
use store::AssetRef;

/// Asks for an inspection; asking twice is harmless.
///
/// # Errors
/// [`Failure`] of the queue.
pub(crate) async fn request_inspection(queue: &dyn MessageQueue, at: AssetRef) -> Result<(), Failure> {
    let message =
        serde_json::to_string(&at).map_err(|cause| Failure::new(ErrorCode::Internal).because(cause))?;
    Ok(queue.send(&message).await?)
}
