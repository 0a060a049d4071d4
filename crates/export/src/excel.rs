//! Ledgers as Excel: real types, so that the office can go on reckoning. Text is written as text and never as a formula.

use records::ledger::{Cell, Sheet};
use rust_xlsxwriter::{Format, Formula, Workbook, Worksheet, XlsxError};

/// Excel's number of the format of text cells, `@`.
const TEXT: u8 = 49;
/// Excel's number of the paper size.
const A4: u8 = 9;
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
    // Text is a text cell and not only a text in a cell of no kind: an ID number that someone types over stays whole, and a flat
    // 0102 or a telephone 0512… keeps its nought.
    let text = Format::new().set_num_format_index(TEXT);
    let head = Format::new().set_bold();
    let (day, money) = (Format::new().set_num_format("yyyy-mm-dd"), Format::new().set_num_format("#,##0.00"));
    let bold_money = Format::new().set_num_format("#,##0.00").set_bold();
    let mut widths: Vec<usize> = sheet.heads.iter().map(|head| wide(head)).collect();
    for (column, words) in (0u16..).zip(&sheet.heads) {
        let cells = || sheet.rows.iter().filter_map(|row| row.get(usize::from(column)));
        if cells().any(|cell| matches!(cell, Cell::Text(_)))
            && cells().all(|c| matches!(c, Cell::Text(_) | Cell::Empty))
        {
            to.set_column_format(column, &text)?;
        }
        to.write_string_with_format(0, column, words, &head)?;
    }
    for (row, cells) in (1u32..).zip(&sheet.rows) {
        for (column, cell) in (0u16..).zip(cells) {
            match cell {
                Cell::Empty => {}
                Cell::Text(words) => drop(to.write_string_with_format(row, column, words, &text)?),
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
    for (column, total) in (0u16..).zip(&sheet.totals).filter(|_| last > 0) {
        let (value, format) = match total {
            Some(Cell::Fen(fen)) => (yuan(*fen), &bold_money),
            Some(Cell::Number(number)) => (*number as f64, &head),
            _ => continue,
        };
        // The value too, for programs that show a sheet without reckoning it.
        let letter = rust_xlsxwriter::utility::column_number_to_name(column);
        let formula =
            Formula::new(format!("=SUM({letter}{}:{letter}{})", first + 1, last + 1)).set_result(value.to_string());
        to.write_formula_with_format(last + 1, column, formula, format)?;
    }
    if sheet.totals.first() == Some(&None) && sheet.has_totals() && last > 0 {
        to.write_string_with_format(last + 1, 0, &sheet.total, &head)?;
    }
    for (column, width) in (0u16..).zip(widths) {
        to.set_column_width(column, width.clamp(*WIDTH.start(), *WIDTH.end()) as f64 + 2.0)?;
    }
    to.set_freeze_panes(1, 0)?;
    // On paper: A4 across, as wide as the page, the heads on every sheet, lines around cells, what it is and which page.
    to.set_landscape().set_paper_size(A4).set_print_fit_to_pages(1, 0).set_print_gridlines(true);
    to.set_repeat_rows(0, 0)?;
    to.set_header(format!("&C&\"黑体\"&14{}", sheet.name.replace('&', "&&"))).set_footer("&C— &P / &N —");
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_text_cells_and_a_sheet_is_set_up_for_paper() {
        let sheet = Sheet {
            name: "居民".into(),
            heads: ["门牌", "身份证号码", "电话", "金额"].map(Into::into).to_vec(),
            rows: vec![vec![
                Cell::Text("0102".into()),
                Cell::Text("999999194912310021".into()),
                Cell::Text("051266666666".into()),
                Cell::Fen(123_450),
            ]],
            totals: vec![None, None, None, Some(Cell::Fen(123_450))],
            total: "合计".into(),
        };
        let bytes = workbook(&[sheet.clone(), Sheet { name: "二".into(), ..sheet }]).unwrap();
        let part = |name: &str| {
            let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes.clone())).unwrap();
            let mut text = String::new();
            std::io::Read::read_to_string(&mut archive.by_name(name).unwrap(), &mut text).unwrap();
            text
        };
        let styles = part("xl/styles.xml");
        let formats = styles.split("<cellXfs").nth(1).unwrap();
        // 49 is Excel's number of the text format.
        let is_text = |style: usize| formats.split("<xf ").nth(style + 1).unwrap().contains("numFmtId=\"49\"");
        for name in ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"] {
            let text = part(name);
            for cell in ["A2", "B2", "C2"] {
                let (_, rest) = text.split_once(&format!("<c r=\"{cell}\"")).unwrap();
                let style = rest.split("s=\"").nth(1).unwrap().split('"').next().unwrap().parse().unwrap();
                assert!(is_text(style), "{name} {cell} is a text cell");
                assert!(rest.split('>').next().unwrap().contains("t=\"s\""), "{name} {cell} holds text");
            }
            assert!(text.contains("orientation=\"landscape\"") && text.contains("paperSize=\"9\""), "{text}");
            assert!(text.contains("fitToHeight=\"0\"") && text.contains("&amp;P / &amp;N"), "{text}");
        }
        assert!(part("xl/workbook.xml").contains("Print_Titles"));
    }
}
