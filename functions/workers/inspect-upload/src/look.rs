//! From an uploaded file to the file that is kept, or the reason why not; blocking, with limits of its own.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use domain::asset::{Asset, AssetFile, AssetKind, AssetRefusal, Refusal, Refused, Sha256Hex};
use domain::{ErrorCode, Failure};
use engine::Tools;
use intake::IntakeError;
use sha2::{Digest, Sha256};

/// Most bytes of a kept file: what the function's disk holds beside the upload. Half an hour of an ordinary video has
/// less; a file that grows beyond is noise.
pub const KEPT_BYTES_MAX: u64 = 1_000_000_000;

/// What is hashed at once.
const PART_BYTES: usize = 1 << 20;

/// Looks at the file at `upload` and writes what is kept of it to `kept`.
///
/// # Errors
/// [`Failure`] of the machine; what the file is to blame for is the inner refusal.
pub(crate) fn look(
    tools: &Tools,
    asset: &Asset,
    upload: &Path,
    kept: &Path,
) -> Result<Result<AssetFile, AssetRefusal>, Failure> {
    if let Some(declared) = &asset.declared.sha256
        && *declared != hash(upload)?
    {
        let message = "The file is not the one whose hash was declared.";
        return Ok(Err(AssetRefusal::new(AssetRefusal::HASH_DIFFERS, message)));
    }
    let content_type = match asset.kind {
        AssetKind::Image => "image/jpeg",
        AssetKind::Video => "video/mp4",
        AssetKind::Audio => "audio/mpeg",
    };
    // What is kept is looked at once more: its facts are what the compositor will find.
    let found = intake::prepare(tools, upload, asset.kind.purpose(), kept)
        .and_then(|_of_the_upload| intake::inspect(tools, kept, None));
    let found = match found {
        Ok(found) => found,
        Err(error) => return refusal(error).map(Err),
    };
    if found.size_bytes > KEPT_BYTES_MAX {
        let message = "The file grows too large in the form that is kept.";
        return Ok(Err(AssetRefusal::new(AssetRefusal::TOO_COSTLY, message)));
    }
    let sha256 = hash(kept)?;
    Ok(Ok(AssetFile {
        key: objects::keys::asset(asset.account_id, asset.id, asset.kind, &sha256),
        content_type: content_type.to_owned(),
        size_bytes: found.size_bytes,
        sha256,
        width: found.shown.map(|(width, _)| width),
        height: found.shown.map(|(_, height)| height),
        duration_ms: found.duration_ms,
        has_sound: found.audio.is_some(),
    }))
}

fn hash(path: &Path) -> Result<Sha256Hex, Failure> {
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

/// What is said of the file; what is said of the machine is no refusal.
fn refusal(error: IntakeError) -> Result<AssetRefusal, Failure> {
    match error {
        IntakeError::Refused(Refused { refusal, reason }) => {
            Ok(AssetRefusal::new(refusal.as_str(), &sentence(refusal, &reason)))
        }
        // The disk is full, the package is not whole, a signal came: no word about the file.
        IntakeError::Engine(error) if error.is_retryable() => {
            Err(Failure::new(ErrorCode::Unavailable).because(error))
        }
        IntakeError::Engine(error) => Err(Failure::new(ErrorCode::Internal).because(error)),
    }
}

/// For a person. Of a broken file the engine quotes its decoder, which names our own paths.
fn sentence(refusal: Refusal, reason: &str) -> String {
    match refusal {
        Refusal::Truncated => "The end of the file is missing.".to_owned(),
        Refusal::Corrupt => "The file cannot be decoded.".to_owned(),
        Refusal::TooCostly => {
            "The file could not be looked at in the time and memory that are given.".to_owned()
        }
        _ => format!("The file is not taken: {reason}."),
    }
}
