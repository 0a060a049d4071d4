//! Workbooks written as tables, and what is said of them.

use std::io::Cursor;

use calamine::{Data, Reader, Xlsx};
use export::xlsform::{Imported, Outcome, import};
use records::Pack;
use rust_xlsxwriter::Workbook;

/// A workbook of sheets, each a name and lines of cells between `|`.
pub fn book(sheets: &[(&str, &str)]) -> Vec<u8> {
    let mut book = Workbook::new();
    for (name, lines) in sheets {
        let sheet = book.add_worksheet().set_name(*name).unwrap();
        for (row, line) in (0..).zip(lines.trim().lines()) {
            for (column, cell) in (0..).zip(line.trim().split('|')) {
                let cell = cell.trim();
                match cell.parse::<f64>() {
                    _ if cell.is_empty() => {}
                    Ok(number) => drop(sheet.write_number(row, column, number).unwrap()),
                    Err(_) => drop(sheet.write_string(row, column, cell).unwrap()),
                }
            }
        }
    }
    book.save_to_buffer().unwrap()
}

/// A workbook's cells, changed and written again.
pub fn edited(bytes: &[u8], edit: impl Fn(&str, &str) -> Option<String>) -> Vec<u8> {
    let mut from = Xlsx::new(Cursor::new(bytes)).unwrap();
    let mut to = Workbook::new();
    for name in from.sheet_names() {
        let sheet = to.add_worksheet().set_name(&name).unwrap();
        for (row, column, data) in from.worksheet_range(&name).unwrap().used_cells() {
            let Data::String(text) = data else { panic!("{data:?}") };
            let address = export::roster::address(row, column);
            let text = edit(&format!("{name}!{address}"), text).unwrap_or_else(|| text.clone());
            sheet.write_string(row as u32, column as u16, text).unwrap();
        }
    }
    to.save_to_buffer().unwrap()
}

/// The kind of a workbook over the community's pack, and what was said: place, outcome's first letter, code.
pub fn read(sheets: &[(&str, &str)]) -> (Imported, Vec<String>) {
    let imported = import(&Pack::community(), "form.xlsx", &book(sheets)).unwrap_or_else(|why| panic!("{why:?}"));
    let said = told(&imported);
    (imported, said)
}

/// What was said, a line each.
pub fn told(imported: &Imported) -> Vec<String> {
    let line = |finding: &export::xlsform::Finding| {
        let outcome = match finding.outcome {
            Outcome::Refused => "refused",
            Outcome::PassedOver => "passed",
            Outcome::Changed => "changed",
        };
        format!("{} {outcome} {}", finding.place(), finding.code)
    };
    imported.findings.iter().map(line).collect()
}
