//! The clients of providers, by the model that a job has chosen.
//!
//! `local` is part of the build; the others are in [`providers::remote`], and what their rows of the catalogue ask for
//! is read when the first job calls them. A client is kept for the life of the sandbox.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, Mutex, PoisonError};

use catalogue::{LOCAL, Model, Remote};
use domain::ports::Work;
use local_providers::LocalTools;
use local_providers::image::LocalImages;
use local_providers::script::LocalScripts;
use local_providers::voice::LocalVoices;
use providers::remote::{self, RemoteAccess, Table};
use providers::{Clients, ImageMaker, ProviderError, ScriptWriter, VoiceMaker};
use runtime::{Secrets, StartError};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;

/// Clients by provider and model.
type Connected<T> = BTreeMap<(&'static str, &'static str), Arc<T>>;

/// The clients of one capability.
#[derive(Debug)]
pub struct Registry<T: ?Sized + 'static> {
    local: Arc<T>,
    remote: Table<T>,
    secrets: Secrets,
    connected: Mutex<Connected<T>>,
}

/// The clients of models that write scripts.
pub fn script_writers(secrets: Secrets) -> Registry<dyn ScriptWriter> {
    Registry::new(Arc::new(LocalScripts), remote::SCRIPT_WRITERS, secrets)
}

/// The clients of models that make images.
pub fn image_makers(tools: &LocalTools, secrets: Secrets) -> Registry<dyn ImageMaker> {
    Registry::new(Arc::new(LocalImages::new(tools)), remote::IMAGE_MAKERS, secrets)
}

/// The clients of models that speak.
pub fn voice_makers(tools: &LocalTools, secrets: Secrets) -> Registry<dyn VoiceMaker> {
    Registry::new(Arc::new(LocalVoices::new(tools)), remote::VOICE_MAKERS, secrets)
}

/// The secret of a provider: JSON, as an operator stores it.
#[derive(Deserialize)]
struct ProviderSecret {
    api_key: SecretString,
    /// Another base address than the row's, such as a test account's.
    address: Option<String>,
}

impl<T: ?Sized> Registry<T> {
    fn new(local: Arc<T>, remote: Table<T>, secrets: Secrets) -> Self {
        Self {
            local,
            remote,
            secrets,
            connected: Mutex::default(),
        }
    }

    async fn access(&self, remote: Remote) -> Result<RemoteAccess, ProviderError> {
        let text = self.secrets.read(remote.secret).await.map_err(unread)?;
        let secret: ProviderSecret = serde_json::from_str(text.expose_secret()).map_err(|cause| {
            // The cause names a field and a place, never a value.
            ProviderError::Rejected {
                doing: "reading a provider's secret",
                source: Some(cause.into()),
            }
        })?;
        Ok(RemoteAccess {
            address: secret.address.unwrap_or_else(|| remote.address.to_owned()),
            key: secret.api_key,
            web: runtime::web().map_err(unread)?,
        })
    }

    async fn connect(&self, model: &'static Model) -> Result<Arc<T>, ProviderError> {
        if model.provider == LOCAL {
            return Ok(Arc::clone(&self.local));
        }
        let entry = self
            .remote
            .iter()
            .find(|(provider, _)| *provider == model.provider);
        let (Some((_, connect)), Some(remote)) = (entry, model.remote) else {
            return Err(ProviderError::no_such_model(&model.name()));
        };
        Ok(connect(model, self.access(remote).await?))
    }
}

impl<T: ?Sized + Debug + Send + Sync> Clients<T> for Registry<T> {
    fn client<'a>(&'a self, model: &'static Model) -> Work<'a, Result<Arc<T>, ProviderError>> {
        Box::pin(async move {
            let key = (model.provider, model.model);
            let connected = || self.connected.lock().unwrap_or_else(PoisonError::into_inner);
            let known = connected().get(&key).cloned();
            if let Some(client) = known {
                return Ok(client);
            }
            let client = self.connect(model).await?;
            connected().insert(key, Arc::clone(&client));
            Ok(client)
        })
    }
}

fn unread(cause: StartError) -> ProviderError {
    ProviderError::Unavailable {
        doing: "connecting to a provider",
        source: Some(cause.into()),
    }
}

#[cfg(test)]
mod tests;
