//! Whether the soak would see a broken store: its guards are switched off in the database, one by one and in pairs.
//!
//! The store itself has no second path: the database passes over a clause of a condition that the store has sent, or
//! answers a read that asked to be consistent as if it had not.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use tokio::runtime::Builder;

use crate::database::{Database, Site};
use crate::wire::Wire;
use crate::{customer, run, store_on};

/// Runs after which every guard of what a soak does has been met.
const RUNS_TO_MEET_ALL: u64 = 1500;

/// Switches off every guard, then every pair of those that nobody missed; tells each result as a line.
///
/// Answers with whether everything that guards something was missed, alone or with another.
pub fn mutations(runs: u64, mut tell: impl FnMut(String)) -> bool {
    let sites: Vec<Site> = met().into_iter().collect();
    let mut survivors = Vec::new();
    let singles: Vec<Vec<Site>> = sites.iter().map(|site| vec![site.clone()]).collect();
    for (off, found) in every(&singles, runs) {
        let is_missed = found.is_some();
        tell(line(&off, found));
        if !is_missed {
            survivors.extend(off);
        }
    }
    let mut pairs = Vec::new();
    for (place, one) in survivors.iter().enumerate() {
        for other in survivors.iter().skip(place + 1) {
            pairs.push(vec![one.clone(), other.clone()]);
        }
    }
    let mut missed = BTreeSet::new();
    for (off, found) in every(&pairs, runs) {
        if found.is_some() {
            tell(line(&off, found));
            missed.extend(off.iter().cloned());
        }
    }
    let alone: Vec<&Site> = survivors.iter().filter(|site| !missed.contains(*site)).collect();
    for site in &alone {
        tell(format!("- | {site} | not missed, alone or in a pair"));
    }
    tell(format!(
        "{} guards: {} missed alone, {} only in a pair, {} neither; {} pairs tried, {runs} runs each at most",
        sites.len(),
        sites.len() - survivors.len(),
        survivors.len() - alone.len(),
        alone.len(),
        pairs.len(),
    ));
    alone.is_empty()
}

fn line(off: &[Site], found: Found) -> String {
    let names: Vec<String> = off.iter().map(ToString::to_string).collect();
    let names = names.join(" + ");
    match found {
        Some((run, count)) => format!("{run} | {names} | {count}"),
        None => format!("- | {names} | nothing alone"),
    }
}

/// Every guard that some runs meet.
fn met() -> BTreeSet<Site> {
    let wire = Wire::new();
    wire.database(|database| database.sites.met = Some(BTreeSet::new()));
    first_failure(&wire, RUNS_TO_MEET_ALL);
    wire.database(|database| database.sites.met.take().unwrap_or_default())
}

/// The run, from 1, that shows that guards are off, and what it counts.
type Found = Option<(u64, String)>;

/// Each set of guards with the run, from 1, that shows that they are off, and what it counts.
fn every(sets: &[Vec<Site>], runs: u64) -> Vec<(Vec<Site>, Found)> {
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    let threads = thread::available_parallelism().map_or(1, usize::from);
    let work = || {
        while let Some(off) = sets.get(next.fetch_add(1, Ordering::Relaxed)) {
            let found = without(off, runs);
            let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
            done.push((off.clone(), found));
        }
    };
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    let mut done = done.into_inner().unwrap_or_else(PoisonError::into_inner);
    done.sort_by(|one, other| one.0.cmp(&other.0));
    done
}

fn without(off: &[Site], runs: u64) -> Found {
    let wire = Wire::new();
    wire.database(|database| database.sites.off = off.iter().cloned().collect());
    first_failure(&wire, runs)
}

fn first_failure(wire: &Wire, runs: u64) -> Found {
    let runtime = Builder::new_current_thread()
        .enable_time()
        .build()
        .expect("a runtime");
    let store = store_on(wire);
    let settings = customer::settings();
    runtime.block_on(async {
        for seed in 1..=runs {
            wire.database(Database::clear);
            let verdict = run::play(seed, &store, wire, &settings).await;
            if !verdict.is_clean() {
                return Some((seed, verdict.counts()));
            }
        }
        None
    })
}
