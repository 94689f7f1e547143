//! The history as a table.

use ledger::{Leg, Origin, Reference, Transaction, TransactionKind};

const COLUMNS: [&str; 14] = [
    "at",
    "sequence",
    "id",
    "kind",
    "available_change",
    "held_change",
    "debt_change",
    "available_after",
    "held_after",
    "debt_after",
    "grace_until",
    "reference",
    "lots",
    "note",
];

/// The names of the columns, and one line for each entry.
pub(crate) fn lines(rows: &[Transaction]) -> Vec<[String; 14]> {
    let mut lines = vec![COLUMNS.map(str::to_owned)];
    lines.extend(rows.iter().map(line));
    lines
}

fn line(row: &Transaction) -> [String; 14] {
    let (reference, lots) = reference(&row.reference);
    [
        row.at.to_string(),
        row.sequence.to_string(),
        row.id.to_string(),
        kind(row.kind).to_owned(),
        row.available.get().to_string(),
        row.held.get().to_string(),
        row.debt.get().to_string(),
        row.after.available.to_string(),
        row.after.held.to_string(),
        row.after.debt.to_string(),
        row.grace
            .map_or_else(String::new, |grace| grace.until.to_string()),
        reference,
        lots,
        row.note.clone().unwrap_or_default(),
    ]
}

/// What it is about in a word or two, and the lots that it touched.
fn reference(reference: &Reference) -> (String, String) {
    match reference {
        Reference::Grant { key, lot_id, origin } => (format!("{} {key}", word(*origin)), lot_id.to_string()),
        Reference::Job { job_id, run } => (format!("{job_id} run {run}"), String::new()),
        Reference::Lots { lots } => (String::new(), legs(lots)),
        Reference::ClawBack { key, lots } | Reference::Adjustment { key, lots } => (key.clone(), legs(lots)),
        Reference::Reversal { key, lot_id } => (
            key.clone(),
            lot_id.map_or_else(String::new, |lot| lot.to_string()),
        ),
    }
}

fn legs(legs: &[Leg]) -> String {
    let parts: Vec<String> = legs
        .iter()
        .map(|leg| format!("{} {}", leg.lot_id, leg.credits))
        .collect();
    parts.join("; ")
}

/// The word of the JSON form.
const fn kind(kind: TransactionKind) -> &'static str {
    match kind {
        TransactionKind::Grant => "grant",
        TransactionKind::Hold => "hold",
        TransactionKind::Settle => "settle",
        TransactionKind::Release => "release",
        TransactionKind::Expire => "expire",
        TransactionKind::Extend => "extend",
        TransactionKind::ClawBack => "claw_back",
        TransactionKind::Reversal => "reversal",
        TransactionKind::Adjust => "adjust",
        TransactionKind::PayDebt => "pay_debt",
    }
}

/// The word of the JSON form.
const fn word(origin: Origin) -> &'static str {
    match origin {
        Origin::Purchase => "purchase",
        Origin::Subscription => "subscription",
        Origin::Gift => "gift",
        Origin::Refund => "refund",
        Origin::Adjustment => "adjustment",
    }
}
