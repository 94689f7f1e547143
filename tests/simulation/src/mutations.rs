//! Whether the simulation would see a broken store: its guards are switched off in the database, one by one.
//!
//! The store itself has no second path: the database passes over a clause of a condition that the store has sent, or
//! answers a read that asked to be consistent as if it had not.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use crate::database::{Database, Guard};
use crate::run::World;
use crate::{SimulationError, run, runtime};

/// Runs after which every guard has been seen.
const RUNS_TO_SEE_ALL: u64 = 1500;

/// The run, from 1, that shows that a guard is off, and what it counts.
type Found = Option<(u64, String)>;

/// Switches off every guard whose name has the word `only` in it, one by one.
///
/// Writes a table of the results to `print`, and each result as it comes to `meanwhile`.
///
/// Answers whether every guard was missed when it was off.
///
/// # Errors
/// When the runs could not be made.
pub fn mutations(
    runs: u64,
    only: &str,
    mut print: impl FnMut(String),
    meanwhile: impl Fn(String) + Sync,
) -> Result<bool, SimulationError> {
    let is_wanted = |guard: &Guard| guard.to_string().contains(only);
    let guards: Vec<Guard> = seen()?.into_iter().filter(is_wanted).collect();
    print("| guard switched off | first run that shows it | as |\n|---|---|---|".to_owned());
    let mut missed = 0;
    for (guard, found) in each(&guards, runs, &meanwhile)? {
        missed += usize::from(found.is_some());
        print(line(&guard, found.as_ref()));
    }
    print(format!(
        "\n{} guards, {missed} missed; at most {runs} runs each",
        guards.len()
    ));
    Ok(missed == guards.len())
}

fn line(guard: &Guard, found: Option<&(u64, String)>) -> String {
    match found {
        Some((run, count)) => format!("| {guard} | {run} | {count} |"),
        None => format!("| {guard} | none | - |"),
    }
}

/// Every guard that some runs use.
fn seen() -> Result<BTreeSet<Guard>, SimulationError> {
    let world = World::new()?;
    world
        .transport
        .database(|database| database.guards.seen = Some(BTreeSet::new()));
    if let Some((seed, count)) = first_failure(&world, RUNS_TO_SEE_ALL)? {
        return Err(SimulationError::Fails { seed, count });
    }
    Ok(world
        .transport
        .database(|database| database.guards.seen.take().unwrap_or_default()))
}

/// Each guard with the run that shows that it is off, on all processors.
fn each(
    guards: &[Guard],
    runs: u64,
    meanwhile: &(impl Fn(String) + Sync),
) -> Result<Vec<(Guard, Found)>, SimulationError> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let work = || {
        while let Some(off) = guards.get(next.fetch_add(1, Ordering::Relaxed)) {
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

fn without(off: &Guard, runs: u64) -> Result<Found, SimulationError> {
    let world = World::new()?;
    world
        .transport
        .database(|database| database.guards.off = BTreeSet::from([off.clone()]));
    first_failure(&world, runs)
}

fn first_failure(world: &World, runs: u64) -> Result<Found, SimulationError> {
    runtime()?.block_on(async {
        for seed in 1..=runs {
            world.transport.database(Database::clear);
            let tally = run::run_one(seed, world).await;
            if !tally.is_clean() {
                return Ok(Some((seed, tally.counts())));
            }
        }
        Ok(None)
    })
}
