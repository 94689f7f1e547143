//! A temporary folder for one step; it is deleted when the step ends, also by an error.

use std::io;
use std::path::Path;

use domain::{ErrorCode, Failure};
use tempfile::TempDir;

/// A new folder under the sandbox's own temporary one.
pub(crate) fn new() -> Result<TempDir, Failure> {
    tempfile::Builder::new()
        .prefix("reelsmith-")
        .tempdir()
        .map_err(no_room)
}

/// The length of a file, bytes.
pub(crate) async fn size_bytes(path: &Path) -> Result<u64, Failure> {
    Ok(tokio::fs::metadata(path).await.map_err(no_room)?.len())
}

fn no_room(cause: io::Error) -> Failure {
    Failure::new(ErrorCode::Internal).because(cause)
}
