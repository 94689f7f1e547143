//! The hash of a file that may be larger than memory.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use domain::asset::Sha256Hex;
use domain::{ErrorCode, Failure};
use sha2::{Digest, Sha256};

/// Bytes that are hashed at once.
const PART_BYTES: usize = 1 << 20;

/// Hashes a file; blocking.
///
/// # Errors
/// `unavailable` when the file cannot be read.
pub(super) fn hash_file(path: &Path) -> Result<Sha256Hex, Failure> {
    let broken = |cause: io::Error| Failure::new(ErrorCode::Unavailable).because(cause);
    let (mut sha, mut part) = (Sha256::new(), vec![0; PART_BYTES]);
    let mut file = File::open(path).map_err(broken)?;
    loop {
        let read = file.read(&mut part).map_err(broken)?;
        match part.get(..read) {
            None | Some([]) => break,
            Some(bytes) => sha.update(bytes),
        }
    }
    Ok(Sha256Hex::parse(&hex::encode(sha.finalize()))?)
}
