//! Many things at once.

use std::future::Future;

use tokio::task::JoinSet;

/// Starts all of the work before it waits for any of it; answers in the order in which it ended.
pub async fn at_once<T, W>(work: impl IntoIterator<Item = W>) -> Vec<T>
where
    T: Send + 'static,
    W: Future<Output = T> + Send + 'static,
{
    work.into_iter().collect::<JoinSet<T>>().join_all().await
}
