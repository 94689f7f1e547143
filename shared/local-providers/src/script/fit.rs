//! Chooses one wording per section so that the whole takes the asked time and no section is out of proportion.

/// One way to say a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Wording {
    /// What is said.
    pub(super) text: String,
    /// Planned length, milliseconds.
    pub(super) spoken_ms: u32,
    /// How much it is disliked for its own sake; 0 is best, 100 is like being a second off.
    pub(super) dislike: u32,
}

/// A chosen wording of every section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fitted {
    /// Sections in order.
    pub(super) wordings: Vec<Wording>,
    /// How far the sum is from what was asked, milliseconds.
    pub(super) error_ms: u32,
}

/// Times are compared in steps of this many milliseconds; finer than the plan is exact, coarse enough to be quick.
const STEP_MS: u32 = 40;

/// Chooses the wordings whose sum is next to `target_ms`, and among those nearly as near the least disliked.
///
/// `None` when a section has no wording at all.
///
/// # Promises
/// The same inputs choose the same.
pub(super) fn fit(sections: &[Vec<Wording>], target_ms: u32) -> Option<Fitted> {
    let steps = |ms: u32| usize::try_from(ms.div_ceil(STEP_MS)).ok();
    // Room for sums up to twice the target, and for the shortest wordings even when they pass that.
    let mut length = steps(target_ms.saturating_mul(2))?.saturating_add(1);
    let mut shortest = 1_usize;
    for wordings in sections {
        let least_ms = wordings.iter().map(|w| w.spoken_ms).min()?;
        shortest = shortest.saturating_add(steps(least_ms)?);
    }
    length = length.max(shortest);
    // Least dislike by sum of steps so far; one row per section remembers which wording led there.
    let mut dislike: Vec<Option<u32>> = vec![None; length];
    *dislike.first_mut()? = Some(0);
    let mut chosen: Vec<Vec<Option<usize>>> = Vec::with_capacity(sections.len());
    for wordings in sections {
        let mut next = vec![None; length];
        let mut row = vec![None; length];
        for (index, wording) in wordings.iter().enumerate() {
            let width = steps(wording.spoken_ms)?;
            let arrivals = next.iter_mut().zip(row.iter_mut()).skip(width);
            for ((best, by), before) in arrivals.zip(&dislike) {
                let sum = before.map(|d: u32| d.saturating_add(wording.dislike));
                keep_better((best, by), sum, index);
            }
        }
        dislike = next;
        chosen.push(row);
    }
    let end = best_end(&dislike, target_ms)?;
    walk_back(sections, &chosen, end, target_ms)
}

fn keep_better((best, by): (&mut Option<u32>, &mut Option<usize>), sum: Option<u32>, index: usize) {
    if sum.is_some_and(|sum| best.is_none_or(|best| sum < best)) {
        *best = sum;
        *by = Some(index);
    }
}

/// The sum of steps with the least of distance and dislike.
fn best_end(dislike: &[Option<u32>], target_ms: u32) -> Option<usize> {
    dislike
        .iter()
        .enumerate()
        .filter_map(|(step, dislike)| {
            let sum_ms = u32::try_from(step).ok()?.saturating_mul(STEP_MS);
            // A hundredth of the target off weighs 1, two hundredths 4: far off is never worth a nicer text.
            let off = sum_ms
                .abs_diff(target_ms)
                .saturating_mul(100)
                .checked_div(target_ms.max(1))?;
            let weight = off.saturating_mul(off).saturating_mul(12);
            Some((dislike.as_ref()?.saturating_add(weight), step))
        })
        .min()
        .map(|(_, step)| step)
}

fn walk_back(
    sections: &[Vec<Wording>],
    chosen: &[Vec<Option<usize>>],
    end: usize,
    target_ms: u32,
) -> Option<Fitted> {
    let mut at = end;
    let mut wordings = Vec::with_capacity(sections.len());
    for (section, row) in sections.iter().zip(chosen).rev() {
        let wording = section.get((*row.get(at)?)?)?;
        at = at.checked_sub(usize::try_from(wording.spoken_ms.div_ceil(STEP_MS)).ok()?)?;
        wordings.push(wording.clone());
    }
    wordings.reverse();
    let sum_ms: u32 = wordings.iter().map(|w| w.spoken_ms).sum();
    Some(Fitted {
        wordings,
        error_ms: sum_ms.abs_diff(target_ms),
    })
}

#[cfg(test)]
mod tests;
