//! Runs futures side by side on one task, at most so many at a time.

use std::future::poll_fn;
use std::task::Poll;

use domain::ports::Work;

/// Every result, in the order of the futures.
///
/// # Promises
/// A later future begins when an earlier one ends; none is dropped because another failed, as Step Functions lets
/// work that has begun run on.
pub(super) async fn all<T: Unpin>(futures: Vec<Work<'_, T>>, at_once_max: usize) -> Vec<T> {
    let mut slots: Vec<(Option<Work<'_, T>>, Option<T>)> =
        futures.into_iter().map(|future| (Some(future), None)).collect();
    poll_fn(|cx| {
        let mut running: usize = 0;
        for (slot, result) in &mut slots {
            let Some(future) = slot else { continue };
            if running >= at_once_max {
                break;
            }
            match future.as_mut().poll(cx) {
                Poll::Ready(value) => {
                    *result = Some(value);
                    *slot = None;
                    // The next one waits for this slot: ask again.
                    cx.waker().wake_by_ref();
                }
                Poll::Pending => running = running.saturating_add(1),
            }
        }
        if slots.iter().all(|(slot, _)| slot.is_none()) {
            Poll::Ready(())
        } else {
            Poll::Pending
        }
    })
    .await;
    slots.into_iter().filter_map(|(_, result)| result).collect()
}
