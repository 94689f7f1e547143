//! `make soak RUNS=n SEED=s`: the ledger's proof; ends with one line of JSON, and fails when a count is not zero.
//!
//! `soak mutations RUNS` switches off the store's guards, alone and in pairs, and says after how many runs each shows.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the last line is the answer; how far it is goes beside it"
)]

use std::env::args;
use std::process::ExitCode;
use std::time::Instant;

use soak::Verdict;

/// Runs after which it says how far it is.
const SLICE: u64 = 10_000;

fn main() -> ExitCode {
    let words: Vec<String> = args().skip(1).collect();
    let number = |place: usize| words.get(place).and_then(|word| word.parse::<u64>().ok());
    match (words.first().map(String::as_str), number(0), number(1)) {
        (Some("mutations"), _, Some(runs)) => mutations(runs),
        (Some("bench"), _, Some(pairs)) => {
            println!("{}", soak::bench(pairs));
            ExitCode::SUCCESS
        }
        (_, Some(runs), Some(seed)) => prove(runs, seed),
        _ => {
            println!("usage: soak RUNS SEED | soak mutations RUNS | soak bench PAIRS");
            ExitCode::from(2)
        }
    }
}

fn prove(runs: u64, seed: u64) -> ExitCode {
    let began = Instant::now();
    let mut sum = Verdict::default();
    while sum.runs < runs && sum.is_clean() {
        let slice = SLICE.min(runs - sum.runs);
        sum.add(soak::soak(seed + sum.runs, slice));
        if sum.runs < runs {
            eprintln!("{}", sum.summary(began.elapsed().as_secs_f64()));
        }
    }
    for failure in &sum.says {
        println!("{failure}\n");
    }
    println!("{}", sum.summary(began.elapsed().as_secs_f64()));
    if sum.is_clean() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// A guard that can be switched off without a finding is told, and is no failure: pairs say whether it has a twin.
fn mutations(runs: u64) -> ExitCode {
    let clean = soak::mutations(runs, |line| println!("{line}"));
    if clean {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}
