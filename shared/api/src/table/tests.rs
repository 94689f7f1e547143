//! Tests of `table`.

use super::csv;
use crate::Response;

fn line<const N: usize>(cells: [&str; N]) -> [String; N] {
    cells.map(str::to_owned)
}

#[test]
fn a_cell_keeps_its_commas_quotes_and_line_breaks() {
    let table = csv([
        line(["name", "note"]),
        line(["벌꿀, عسل", "said \"no\"\nand left"]),
    ])
    .unwrap();
    assert_eq!(
        table,
        "name,note\r\n\"벌꿀, عسل\",\"said \"\"no\"\"\nand left\"\r\n"
    );
}

#[test]
fn a_number_stays_a_number_and_a_formula_becomes_text() {
    let cells = ["-12", "12", "=1+1", "+cmd", "-2+3", "@SUM(A1)", "\tx"];
    let table = csv([line(cells)]).unwrap();
    assert_eq!(table, "-12,12,'=1+1,'+cmd,'-2+3,'@SUM(A1),'\tx\r\n");
}

#[test]
fn a_line_with_other_columns_is_a_bug_of_ours() {
    let lines = [vec!["a".to_owned()], vec!["b".to_owned(), "c".to_owned()]];
    assert!(csv(lines).is_err());
}

#[test]
fn a_table_is_answered_without_the_envelope() {
    let response = Response::csv("history", [line(["a"])]).unwrap();
    assert_eq!(response.plain(), Some("a\r\n"));
    assert_eq!(
        response.headers["content-disposition"],
        "attachment; filename=\"history.csv\""
    );
    assert_eq!(Response::ok("text").unwrap().plain(), None);
}
