//! Ledgers as Excel: real types, so that the office can go on reckoning. Text is written as text and never as a formula.

use records::ledger::Cell;
use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet, XlsxError};

/// A ledger as a sheet.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// What its tab says; cut to what Excel allows.
    pub name: String,
    /// Heads of the columns.
    pub heads: Vec<String>,
    /// Which columns are added up.
    pub sums: Vec<bool>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
    /// What stands before the sums.
    pub total: String,
}

/// Letters a tab may have (Excel's limit), and those it may not have.
const TAB: usize = 31;
const NOT_IN_TAB: [char; 7] = ['[', ']', ':', '*', '?', '/', '\\'];
/// Characters a column is wide at least and at most.
const WIDTH: std::ops::RangeInclusive<usize> = 8..=48;

/// The workbook's bytes.
///
/// # Errors
/// More rows than a sheet holds (1,048,576).
pub fn workbook(sheets: &[Sheet]) -> Result<Vec<u8>, XlsxError> {
    let mut book = Workbook::new();
    for sheet in sheets {
        write(book.add_worksheet(), sheet)?;
    }
    book.save_to_buffer()
}

fn write(to: &mut Worksheet, sheet: &Sheet) -> Result<(), XlsxError> {
    let name: String = sheet.name.chars().filter(|c| !NOT_IN_TAB.contains(c)).take(TAB).collect();
    to.set_name(name)?;
    let head = Format::new().set_bold();
    let (day, money) = (Format::new().set_num_format("yyyy-mm-dd"), Format::new().set_num_format("#,##0.00"));
    let bold_money = Format::new().set_num_format("#,##0.00").set_bold();
    let mut widths: Vec<usize> = sheet.heads.iter().map(|head| wide(head)).collect();
    for (column, text) in (0u16..).zip(&sheet.heads) {
        to.write_string_with_format(0, column, text, &head)?;
    }
    for (row, cells) in (1u32..).zip(&sheet.rows) {
        for (column, cell) in (0u16..).zip(cells) {
            match cell {
                Cell::Empty => {}
                Cell::Text(text) => drop(to.write_string(row, column, text)?),
                Cell::Number(number) => drop(to.write_number(row, column, *number as f64)?),
                Cell::Fen(fen) => drop(to.write_number_with_format(row, column, yuan(*fen), &money)?),
                Cell::Day(date) => {
                    let at = rust_xlsxwriter::ExcelDateTime::from_ymd(
                        date.year().unsigned_abs(),
                        date.month().unsigned_abs(),
                        date.day().unsigned_abs(),
                    )?;
                    to.write_datetime_with_format(row, column, &at, &day)?;
                }
            }
            if let Some(width) = widths.get_mut(usize::from(column)) {
                *width = (*width).max(wide(&cell.text(records::Lang::Zh)));
            }
        }
    }
    let (first, last) = (1, u32::try_from(sheet.rows.len()).unwrap_or(u32::MAX));
    for (column, _) in (0u16..).zip(&sheet.sums).filter(|(_, summed)| **summed && last > 0) {
        let letter = rust_xlsxwriter::utility::column_number_to_name(column);
        let cells = || sheet.rows.iter().filter_map(|row| row.get(usize::from(column)));
        let is_money = cells().any(|cell| matches!(cell, Cell::Fen(_)));
        let sum: i64 = cells()
            .map(|cell| match cell {
                Cell::Fen(n) | Cell::Number(n) => *n,
                _ => 0,
            })
            .sum();
        // The value too, for programs that show a sheet without reckoning it.
        let value = if is_money { yuan(sum) } else { sum as f64 };
        let formula =
            Formula::new(format!("=SUM({letter}{}:{letter}{})", first + 1, last + 1)).set_result(value.to_string());
        to.write_formula_with_format(last + 1, column, formula, if is_money { &bold_money } else { &head })?;
    }
    if sheet.sums.first() == Some(&false) && sheet.sums.contains(&true) && last > 0 {
        to.write_string_with_format(last + 1, 0, &sheet.total, &head)?;
    }
    for (column, width) in (0u16..).zip(widths) {
        to.set_column_width(column, width.clamp(*WIDTH.start(), *WIDTH.end()) as f64 + 2.0)?;
    }
    to.set_freeze_panes(1, 0)?;
    if !sheet.heads.is_empty() && last > 0 {
        to.autofilter(0, 0, last, u16::try_from(sheet.heads.len() - 1).unwrap_or(0))?;
    }
    Ok(())
}

/// Fen as yuan: exact to the fen up to ninety million million.
fn yuan(fen: i64) -> f64 {
    fen as f64 / 100.0
}

/// Chinese characters are two wide.
fn wide(text: &str) -> usize {
    text.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}
