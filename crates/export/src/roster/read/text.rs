//! CSV and its kin: whatever stands between values, in whatever encoding offices still use.

use encoding_rs::{Encoding, GB18030, UTF_8};

use super::{LAST_ROW, MAX_COLUMNS, MAX_ROWS, Unreadable};
use crate::roster::sheet::{Cell, Sheet};

/// Reads one sheet.
pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Sheet, Unreadable> {
    let text = decode(bytes).ok_or(Unreadable::Unknown)?;
    let head = text.trim_start().get(..200).unwrap_or(text.trim_start()).to_ascii_lowercase();
    if head.starts_with("<!doctype") || head.starts_with("<html") || head.starts_with("<table") {
        return Err(Unreadable::WebPage);
    }
    if head.starts_with("<?xml") || head.starts_with("<workbook") || head.starts_with("<ss:workbook") {
        return Err(Unreadable::Xml);
    }
    // Text does not hold these; pictures and programs do.
    if text.contains('\0') {
        return Err(Unreadable::Unknown);
    }
    let (mut rows, mut filled): (Vec<Vec<Cell>>, usize) = (Vec::new(), 0);
    for record in records(&text, between(&text)) {
        if filled >= MAX_ROWS || rows.len() >= LAST_ROW {
            return Err(Unreadable::TooLong);
        }
        let mut row: Vec<Cell> = record.iter().take(MAX_COLUMNS).map(|value| Cell::text(value)).collect();
        let used = row.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
        row.truncate(used);
        filled += usize::from(!row.is_empty());
        rows.push(row);
    }
    let used = rows.iter().rposition(|row| !row.is_empty()).map_or(0, |last| last + 1);
    rows.truncate(used);
    Ok(Sheet { name: name.to_owned(), rows, ..Sheet::default() })
}

/// The records of RFC 4180, a blank line as an empty one: rows must count as a spreadsheet counts them, which is why this
/// is no crate's reader, for those leave blank lines out. A quote inside an unquoted value is a sign like any other.
fn records(text: &str, between: char) -> impl Iterator<Item = Vec<String>> {
    let mut chars = text.chars().peekable();
    std::iter::from_fn(move || {
        chars.peek()?;
        let (mut record, mut value, mut quoted) = (Vec::new(), String::new(), false);
        while let Some(c) = chars.next() {
            match c {
                '"' if quoted && chars.peek() == Some(&'"') => value.extend(chars.next()),
                '"' if quoted => quoted = false,
                '"' if value.is_empty() => quoted = true,
                c if quoted => value.push(c),
                c if c == between => record.push(std::mem::take(&mut value)),
                '\r' if chars.peek() == Some(&'\n') => {}
                '\n' | '\r' => break,
                c => value.push(c),
            }
        }
        record.push(value);
        Some(record)
    })
}

/// UTF-8 or UTF-16 by their marks, else UTF-8 if it is that, else GB18030, which holds GBK and GB2312.
fn decode(bytes: &[u8]) -> Option<String> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return encoding.decode_without_bom_handling_and_without_replacement(&bytes[mark..]).map(Into::into);
    }
    let plain = UTF_8.decode_without_bom_handling_and_without_replacement(bytes);
    plain.or_else(|| GB18030.decode_without_bom_handling_and_without_replacement(bytes)).map(Into::into)
}

/// What stands between values: the sign that the first lines have most of.
fn between(text: &str) -> char {
    let count = |sign: char| text.lines().take(20).map(|line| line.matches(sign).count()).sum::<usize>();
    [',', '\t', ';'].into_iter().max_by_key(|sign| (count(*sign), *sign == ',')).unwrap_or(',')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(text: &str) -> Vec<Vec<String>> {
        records(text, between(text)).collect()
    }

    #[test]
    fn values_rows_and_blank_lines_are_those_of_a_spreadsheet() {
        assert_eq!(values("a,b\r\n\r\n\"c,\"\"d\"\"\ne\",f\n"), [vec!["a", "b"], vec![""], vec!["c,\"d\"\ne", "f"]]);
        assert_eq!(values("a\tb,c\td"), [["a", "b,c", "d"]], "tabs are more");
        assert_eq!(values("5\" pipe,x"), [["5\" pipe", "x"]]);
    }

    #[test]
    fn the_encodings_of_offices_are_read() {
        let (gb, _, _) = GB18030.encode("姓名,㐂𠮷");
        for bytes in [gb.as_ref(), "姓名,㐂𠮷".as_bytes(), "\u{feff}姓名,㐂𠮷".as_bytes()] {
            let sheet = read("x", bytes).unwrap();
            assert_eq!(sheet.rows, [[Cell::Text("姓名".into()), Cell::Text("㐂𠮷".into())]]);
        }
        let utf16: Vec<u8> = "\u{feff}姓名\t1".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(read("x", &utf16).unwrap().cell(0, 1), &Cell::Text("1".into()));
    }

    #[test]
    fn what_is_no_table_is_refused() {
        assert_eq!(read("x", b"<html><table>").unwrap_err(), Unreadable::WebPage);
        let xml = b"<?xml version=\"1.0\"?>\n<?mso-application progid=\"Excel.Sheet\"?>\n<Workbook>";
        assert_eq!(read("x", xml).unwrap_err(), Unreadable::Xml, "said, and not read as a table of tags");
        assert_eq!(read("x", b"\x89PNG\r\n\x1a\n\0\0\0").unwrap_err(), Unreadable::Unknown);
    }
}
