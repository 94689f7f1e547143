//! Images of the caller's own in the scenes of a project: each a copy of an asset, so that either may be deleted.

use std::collections::BTreeSet;

use domain::asset::{AssetFile, AssetKind, AssetState};
use domain::media::Media;
use domain::outputs::{Image, InputHash, MediaKey, Produced};
use domain::project::Project;
use domain::{AssetId, ErrorCode, Failure, Invalid, Timestamp};
use serde::Deserialize;
use store::{Consumption, StoreError};
use utoipa::ToSchema;

use crate::Deps;

/// An image for a scene.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct OwnImage {
    /// Scene of the script, from 0.
    scene: u32,
    /// An asset that is an image and ready; null leaves the scene without an image of the caller's own.
    asset_id: Option<String>,
}

/// Puts the images into their scenes, all of them or none.
///
/// # Errors
/// [`Failure`] with `validation_failed` and the field, `quota_exceeded` when a copy does not fit into the storage, or
/// those of the store and the bucket.
pub(crate) async fn bring(
    deps: &Deps,
    project: &mut Project,
    images: Vec<OwnImage>,
    now: Timestamp,
) -> Result<(), Failure> {
    let scenes = project
        .outputs
        .script
        .as_ref()
        .map_or(0, |made| made.value.scenes());
    let mut seen = BTreeSet::new();
    let mut files = Vec::with_capacity(images.len());
    for (index, own) in images.into_iter().enumerate() {
        let within = |invalid: Invalid| invalid.within(&format!("images[{index}]"));
        if own.scene >= scenes {
            let message = "must be a scene of the script that is there";
            return Err(within(Invalid::new("scene", "range", message)).into());
        }
        if !seen.insert(own.scene) {
            return Err(within(Invalid::new("scene", "repeated", "must not be named twice")).into());
        }
        let file = match &own.asset_id {
            Some(id) => Some(image_of(deps, project, id).await?.map_err(within)?),
            None => None,
        };
        files.push((own.scene, file));
    }
    // Only now, so that a refusal leaves no copy behind.
    for (scene, file) in files {
        let images = &mut project.outputs.images;
        let Some(file) = file else {
            images.retain(|number, made| *number != scene || !made.is_customers());
            continue;
        };
        let made = copied(deps, project, &file, now).await?;
        project.outputs.images.insert(scene, made);
    }
    Ok(())
}

/// The kept file of an asset that is an image of the project's own account.
async fn image_of(deps: &Deps, project: &Project, id: &str) -> Result<Result<AssetFile, Invalid>, Failure> {
    let refused = |rule, message: &str| Ok(Err(Invalid::new("asset_id", rule, message)));
    let unknown = || refused("unknown_asset", "must be an asset of this account");
    let Ok(id) = id.parse::<AssetId>() else {
        return unknown();
    };
    let asset = match deps.store.asset(project.account_id, id).await {
        Ok(asset) => asset,
        Err(StoreError::NotFound { .. }) => return unknown(),
        Err(error) => return Err(error.into()),
    };
    match asset.state {
        _ if asset.kind != AssetKind::Image => refused("wrong_kind", "must be an image"),
        AssetState::Ready { file } => Ok(Ok(file)),
        AssetState::Uploading { .. } | AssetState::Checking { .. } | AssetState::Refused { .. } => {
            refused("not_ready", "must be an asset that is ready")
        }
    }
}

/// The project's own copy, under the hash of what the image is; counted once however often it is brought.
async fn copied(
    deps: &Deps,
    project: &Project,
    file: &AssetFile,
    now: Timestamp,
) -> Result<Produced<Image>, Failure> {
    let hash = InputHash::of("own-image", &file.sha256)
        .map_err(|cause| Failure::new(ErrorCode::Internal).because(cause))?;
    let key: MediaKey = objects::keys::media(project.account_id, project.id, Media::Photo, &hash);
    let bytes = deps.objects.get(&file.key).await?;
    let room = Consumption::of_media(key.as_str(), file.size_bytes);
    deps.store.consume(project.account_id, &[room], now).await?;
    deps.objects.put(&key, Media::Photo.content_type(), bytes).await?;
    let image = Image {
        key,
        width: file.width.unwrap_or_default(),
        height: file.height.unwrap_or_default(),
    };
    Ok(Produced::by_customer(image, hash))
}
