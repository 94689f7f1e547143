//! `make soak RUNS=n SEED=s`: the ledger's proof; ends with one line of JSON, and fails when a count is not zero.
//!
//! `simulation mutations RUNS` switches off the store's guards one by one, and says in which run each is missed; with a WORD only
//! those whose name has it.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the last line is the answer; how far it is goes beside it"
)]

use std::env::args;
use std::process::ExitCode;
use std::time::Instant;

use simulation::{SimulationError, Tally};

/// Runs after which it says how far it is.
const SLICE: u64 = 10_000;

fn main() -> ExitCode {
    let words: Vec<String> = args().skip(1).collect();
    let number = |place: usize| words.get(place).and_then(|word| word.parse::<u64>().ok());
    let done = match (words.first().map(String::as_str), number(0), number(1)) {
        // A guard that can be switched off without a finding is a failure.
        (Some("mutations"), _, Some(runs)) => {
            let only = words.get(2).map_or("", String::as_str);
            simulation::mutations(runs, only, |line| println!("{line}"), |line| eprintln!("{line}"))
        }
        (Some("bench"), _, Some(pairs)) => {
            simulation::bench(pairs, words.get(2).map(String::as_str)).map(|figures| {
                println!("{figures}");
                true
            })
        }
        (_, Some(runs), Some(seed)) => prove(runs, seed),
        _ => {
            println!(
                "usage: simulation RUNS SEED | simulation mutations RUNS [WORD] | simulation bench PAIRS [REDIS]"
            );
            return ExitCode::from(2);
        }
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("simulation: {error}");
            ExitCode::FAILURE
        }
    }
}

fn prove(runs: u64, seed: u64) -> Result<bool, SimulationError> {
    let began = Instant::now();
    let mut sum = Tally::default();
    while sum.runs < runs && sum.is_clean() {
        let slice = SLICE.min(runs - sum.runs);
        sum.add(simulation::simulate(seed + sum.runs, slice)?);
        if sum.runs < runs {
            eprintln!("{}", sum.summary(began.elapsed().as_secs_f64()));
        }
    }
    for failure in &sum.messages {
        println!("{failure}\n");
    }
    println!("{}", sum.summary(began.elapsed().as_secs_f64()));
    Ok(sum.is_clean())
}
