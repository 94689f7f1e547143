//! Lists as tables that a spreadsheet opens.

use domain::{ErrorCode, Failure};

/// What a spreadsheet takes for the beginning of a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// The lines as RFC 4180, UTF-8.
pub(crate) fn csv<I, L>(lines: I) -> Result<String, Failure>
where
    I: IntoIterator<Item = L>,
    L: IntoIterator<Item = String>,
{
    let broken =
        |cause: Box<dyn std::error::Error + Send + Sync>| Failure::new(ErrorCode::Internal).because(cause);
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    for line in lines {
        let cells = line.into_iter().map(harmless);
        writer
            .write_record(cells.collect::<Vec<_>>())
            .map_err(|cause| broken(cause.into()))?;
    }
    let bytes = writer
        .into_inner()
        .map_err(|cause| broken(cause.to_string().into()))?;
    String::from_utf8(bytes).map_err(|cause| broken(cause.into()))
}

/// A cell that is text or a number to every spreadsheet.
fn harmless(cell: String) -> String {
    if cell.starts_with(FORMULA) && cell.parse::<i64>().is_err() {
        format!("'{cell}")
    } else {
        cell
    }
}

#[cfg(test)]
mod tests;
