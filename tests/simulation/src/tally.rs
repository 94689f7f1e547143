//! What runs have found, counted and in words.

/// Failures that are printed in full.
const FAILURES_MAX: usize = 5;

/// What is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Lost,
    DoubleCharged,
    Negative,
    OrphanHold,
}

/// Something wrong, in words.
#[derive(Debug, Clone)]
pub(crate) struct Problem {
    pub(crate) kind: Kind,
    pub(crate) message: String,
}

/// What runs have found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Runs.
    pub runs: u64,
    /// Commands that were delivered.
    pub operations: u64,
    /// Times a process died inside one.
    pub crashes: u64,
    /// Credits, rows, jobs or answers that are not what the model says.
    pub lost: u64,
    /// Moves that were made again, and charges above the model's.
    pub double_charged: u64,
    /// Moves of credits that were not there.
    pub negative: u64,
    /// Credits held without an open job, or open jobs without.
    pub orphan_holds: u64,
    /// What was wrong, with the seed of its run.
    pub messages: Vec<String>,
}

impl Tally {
    /// Whether nothing was wrong.
    pub const fn is_clean(&self) -> bool {
        self.lost == 0 && self.double_charged == 0 && self.negative == 0 && self.orphan_holds == 0
    }

    /// The line of JSON that `make soak` ends with.
    pub fn summary(&self, seconds: f64) -> String {
        let counts = [
            ("runs", self.runs),
            ("operations", self.operations),
            ("crashes", self.crashes),
            ("lost", self.lost),
            ("double_charged", self.double_charged),
            ("negative", self.negative),
            ("orphan_holds", self.orphan_holds),
        ];
        let counts = counts.map(|(name, count)| format!(r#""{name}":{count}"#));
        format!(r#"{{{},"seconds":{seconds:.1}}}"#, counts.join(","))
    }

    /// The counts that are not zero, in words.
    pub(crate) fn counts(&self) -> String {
        let counts = [
            ("lost", self.lost),
            ("double_charged", self.double_charged),
            ("negative", self.negative),
            ("orphan_holds", self.orphan_holds),
        ];
        let found = counts.iter().filter(|(_, count)| *count > 0);
        let found: Vec<&str> = found.map(|(name, _)| *name).collect();
        found.join(", ")
    }

    pub(crate) fn add_problem(&mut self, problem: Problem) {
        *match problem.kind {
            Kind::Lost => &mut self.lost,
            Kind::DoubleCharged => &mut self.double_charged,
            Kind::Negative => &mut self.negative,
            Kind::OrphanHold => &mut self.orphan_holds,
        } += 1;
        self.messages.push(problem.message);
    }

    /// Sorts a finding of the audit.
    pub(crate) fn add_finding(&mut self, finding: String) {
        let kind = if finding.contains("does not continue") {
            Kind::Negative
        } else if finding.contains("open jobs") || finding.contains("legs") {
            Kind::OrphanHold
        } else {
            Kind::Lost
        };
        self.add_problem(Problem {
            kind,
            message: finding,
        });
    }

    /// Adds what other runs have found.
    pub fn add(&mut self, other: Self) {
        self.runs += other.runs;
        self.operations += other.operations;
        self.crashes += other.crashes;
        self.lost += other.lost;
        self.double_charged += other.double_charged;
        self.negative += other.negative;
        self.orphan_holds += other.orphan_holds;
        self.messages.extend(other.messages);
        self.messages.truncate(FAILURES_MAX);
    }
}
