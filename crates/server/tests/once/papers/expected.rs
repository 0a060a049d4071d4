//! What papers must have: the screen's report and its tables, as a paper would be read.

use calamine::{Data, DataType};
use records::{
    Lang, days,
    ledger::{Cell, Sheet},
    report::{Block, Report, Span},
};

use super::read_back::Piece;

/// A report as its papers have it: the title, then lines and tables.
pub fn pieces(report: &Report) -> Vec<Piece> {
    let line = |spans: &[Span]| spans.iter().map(Span::text).collect::<String>();
    let mut pieces = vec![Piece::Line(report.title.clone())];
    for block in &report.blocks {
        match block {
            Block::Heading { number, spans, .. } => pieces.push(Piece::Line(number.clone() + &line(spans))),
            Block::Paragraph(spans) => pieces.push(Piece::Line(line(spans))),
            Block::Chart(table) => {
                let heads: Vec<String> = table.heads().into_iter().map(Into::into).collect();
                let rows = table.rows.iter().map(|row| row.cells().map(Into::into).collect());
                let rows = Some(heads).filter(|heads| !heads.is_empty()).into_iter().chain(rows).collect();
                pieces.extend([Piece::Line(table.caption.clone()), Piece::Table(rows)]);
            }
        }
    }
    pieces
}

/// Cell by cell: heads, rows, and what they add up to.
pub fn same_in_excel(sheet: &Sheet, read: &[Vec<Data>]) {
    let heads: Vec<Data> = sheet.heads.iter().map(|head| Data::String(head.clone())).collect();
    assert_eq!(read.first(), Some(&heads), "{}", sheet.name);
    let has_totals = sheet.has_totals() && !sheet.rows.is_empty();
    assert_eq!(read.len(), 1 + sheet.rows.len() + usize::from(has_totals), "{}", sheet.name);
    for (at, (row, read)) in sheet.rows.iter().zip(&read[1..]).enumerate() {
        assert_eq!(read.len(), row.len(), "{} row {at}", sheet.name);
        for (cell, read) in row.iter().zip(read) {
            assert!(is_same(cell, read), "{} row {at}: {read:?} in Excel, {cell:?} on the screen", sheet.name);
        }
    }
    if has_totals {
        for (cell, read) in foot(sheet).iter().zip(&read[read.len() - 1]) {
            assert!(is_same(cell, read), "{}: {read:?} below in Excel, {cell:?} on the screen", sheet.name);
        }
    }
}

fn is_same(cell: &Cell, read: &Data) -> bool {
    match (cell, read) {
        (Cell::Empty, Data::Empty) => true,
        (Cell::Text(text), Data::String(read)) => text == read,
        (Cell::Number(number), Data::Float(_) | Data::Int(_)) => whole(read, false) == *number,
        (Cell::Fen(fen), Data::Float(_) | Data::Int(_)) => whole(read, true) == *fen,
        // Excel counts days from the end of 1899.
        (Cell::Day(day), Data::DateTime(read)) => read.as_f64() == f64::from(days::number(*day) + 25_569),
        _ => false,
    }
}

/// A number of Excel: whole, or yuan as fen.
pub fn whole(read: &Data, is_money: bool) -> i64 {
    let number = read.as_f64().unwrap_or_else(|| panic!("{read:?} is no number"));
    let number = if is_money { number * 100.0 } else { number };
    assert!((number - number.round()).abs() < 1e-4, "{number} is exact to the fen");
    number.round() as i64
}

/// A ledger as a page to print has it.
pub fn printed(sheet: &Sheet) -> Vec<Piece> {
    let said = |row: &Vec<Cell>| row.iter().map(|cell| cell.text(Lang::Zh)).collect();
    let mut table = vec![sheet.heads.clone()];
    table.extend(sheet.rows.iter().map(said));
    if sheet.has_totals() {
        table.push(foot(sheet).iter().map(|cell| cell.text(Lang::Zh)).collect());
    }
    vec![Piece::Line(format!("{} · {}", sheet.name, sheet.rows.len())), Piece::Table(table)]
}

/// The last row: what the columns add up to.
fn foot(sheet: &Sheet) -> Vec<Cell> {
    let cell = |(at, total): (usize, &Option<Cell>)| match total {
        Some(total) => total.clone(),
        None if at == 0 => Cell::Text(sheet.total.clone()),
        None => Cell::Empty,
    };
    sheet.totals.iter().enumerate().map(cell).collect()
}
