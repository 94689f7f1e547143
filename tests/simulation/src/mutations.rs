//! Whether the soak would see a broken store: its guards are switched off in the database, one by one.
//!
//! The store itself has no second path: the database passes over a clause of a condition that the store has sent, or
//! answers a read that asked to be consistent as if it had not.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::database::{Database, Site};
use crate::run::World;
use crate::{SoakError, run, runtime};

/// Runs after which every guard of what a soak does has been met.
const RUNS_TO_MEET_ALL: u64 = 1500;

/// The run, from 1, that shows that a guard is off, and what it counts.
type Found = Option<(u64, String)>;

/// Switches off every guard that a life meets and whose name has the word `only` in it; tells a table of the results, and `meanwhile` each as it comes.
///
/// Answers with whether every one was missed.
///
/// # Errors
/// When the runs could not be made.
pub fn mutations(
    runs: u64,
    only: &str,
    mut tell: impl FnMut(String),
    meanwhile: impl Fn(String) + Sync,
) -> Result<bool, SoakError> {
    let is_wanted = |site: &Site| site.to_string().contains(only);
    let sites: Vec<Site> = met()?.into_iter().filter(is_wanted).collect();
    tell("| guard switched off | first run that shows it | as |\n|---|---|---|".to_owned());
    let mut missed = 0;
    for (site, found) in each(&sites, runs, &meanwhile)? {
        missed += usize::from(found.is_some());
        tell(line(&site, found.as_ref()));
    }
    tell(format!(
        "\n{} guards, {missed} missed; at most {runs} runs each",
        sites.len()
    ));
    Ok(missed == sites.len())
}

fn line(site: &Site, found: Option<&(u64, String)>) -> String {
    match found {
        Some((run, count)) => format!("| {site} | {run} | {count} |"),
        None => format!("| {site} | none | - |"),
    }
}

/// Every guard that some runs meet.
fn met() -> Result<BTreeSet<Site>, SoakError> {
    let world = World::new()?;
    world
        .wire
        .database(|database| database.sites.met = Some(BTreeSet::new()));
    if let Some((seed, count)) = first_failure(&world, RUNS_TO_MEET_ALL)? {
        return Err(SoakError::Fails { seed, count });
    }
    Ok(world
        .wire
        .database(|database| database.sites.met.take().unwrap_or_default()))
}

/// Each guard with the run that shows that it is off, on all processors.
fn each(
    sites: &[Site],
    runs: u64,
    meanwhile: &(impl Fn(String) + Sync),
) -> Result<Vec<(Site, Found)>, SoakError> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let work = || {
        while let Some(off) = sites.get(next.fetch_add(1, Ordering::Relaxed)) {
            let found = without(off, runs);
            if let Ok(found) = &found {
                meanwhile(line(off, found.as_ref()));
            }
            let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
            done.push(found.map(|found| (off.clone(), found)));
        }
    };
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    let done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut done = done.into_iter().collect::<Result<Vec<_>, _>>()?;
    done.sort_by(|one, other| one.0.cmp(&other.0));
    Ok(done)
}

fn without(off: &Site, runs: u64) -> Result<Found, SoakError> {
    let world = World::new()?;
    world
        .wire
        .database(|database| database.sites.off = BTreeSet::from([off.clone()]));
    first_failure(&world, runs)
}

fn first_failure(world: &World, runs: u64) -> Result<Found, SoakError> {
    runtime()?.block_on(async {
        for seed in 1..=runs {
            world.wire.database(Database::clear);
            let verdict = run::play(seed, world).await;
            if !verdict.is_clean() {
                return Ok(Some((seed, verdict.counts())));
            }
        }
        Ok(None)
    })
}
