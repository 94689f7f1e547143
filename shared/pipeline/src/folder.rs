//! A folder that a step works in; it goes when the step ends, however it ends.

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

/// Writes a file.
pub(crate) async fn write(path: &Path, bytes: Vec<u8>) -> Result<(), Failure> {
    tokio::fs::write(path, bytes).await.map_err(no_room)
}

/// Reads a file.
pub(crate) async fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    tokio::fs::read(path).await.map_err(no_room)
}

fn no_room(cause: io::Error) -> Failure {
    Failure::new(ErrorCode::Internal).because(cause)
}
