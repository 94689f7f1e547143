//! How a step gets the client of the model that its job has chosen.

use std::fmt::Debug;
use std::sync::Arc;

use catalogue::Model;
use domain::ports::Work;

use crate::ProviderError;

/// The clients of one capability, such as `dyn ImageMaker`.
pub trait Clients<T: ?Sized>: Debug + Send + Sync {
    /// The client that calls this model; it is connected at its first use.
    ///
    /// # Errors
    /// [`ProviderError::NoSuchModel`] for a model that this build cannot call, [`ProviderError::Unavailable`] when its
    /// secret cannot be read now.
    fn client<'a>(&'a self, model: &'static Model) -> Work<'a, Result<Arc<T>, ProviderError>>;
}
