//! Cells of a sheet, with the addresses people see on their screen.

use std::{collections::BTreeMap, sync::Arc};

use jiff::civil::Date;
use records::days;

/// What stands in a cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Cell {
    /// Nothing, or blanks.
    #[default]
    Empty,
    /// Text, trimmed; cells that show the same have it once.
    Text(Arc<str>),
    /// A number as Excel keeps it: a double, so that an 18-digit ID number has lost its last three digits.
    Number(f64),
    /// A cell formatted as a date.
    Date(Date),
    /// True or false.
    Truth(bool),
}

impl Cell {
    /// A text's cell: blanks around it go, and the apostrophe and the `="…"` that keep Excel from reading a number.
    pub fn text(text: &str) -> Self {
        let clean: String;
        let text = if text.contains(is_invisible) {
            clean = text.chars().filter(|c| !is_invisible(*c)).collect();
            &clean
        } else {
            text
        };
        let blank = |c: char| c.is_whitespace() || matches!(c, '\u{3164}' | '\u{2800}' | '\u{115f}' | '\u{1160}');
        let text = text.trim_matches(blank);
        let text = text.strip_prefix("=\"").and_then(|t| t.strip_suffix('"')).unwrap_or(text);
        let text = text.strip_prefix('\'').unwrap_or(text).trim_matches(blank);
        if text.is_empty() { Self::Empty } else { Self::Text(text.into()) }
    }

    /// Bytes of its text.
    pub(super) fn bytes(&self) -> usize {
        if let Self::Text(text) = self { text.len() } else { 0 }
    }

    /// Whether nothing stands there.
    pub fn is_empty(&self) -> bool {
        *self == Self::Empty
    }

    /// Whether it is a text of more characters than this.
    pub fn is_longer_than(&self, most: usize) -> bool {
        matches!(self, Self::Text(text) if text.len() > most && text.chars().count() > most)
    }

    /// As one would type it.
    pub fn shown(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.as_ref().to_owned(),
            Self::Number(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{}", *number as i64),
            Self::Number(number) if number.abs() >= 1e15 => format!("{number:.0}"),
            Self::Number(number) => number.to_string(),
            Self::Date(day) => days::write(*day),
            Self::Truth(truth) => if *truth { "TRUE" } else { "FALSE" }.into(),
        }
    }
}

/// One sheet. Rows and columns count from 0 here; [`address`] counts as people do.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// Its name; the file's for CSV.
    pub name: String,
    /// Rows from the sheet's first on, each as long as it has cells. Every cell of a merged area holds what the area shows.
    pub rows: Vec<Vec<Cell>>,
    /// Rows that look like no others.
    pub marks: BTreeMap<usize, Mark>,
}

/// How a row looks, where that says something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Mark {
    /// It is not shown.
    pub is_hidden: bool,
    /// Something in it is struck through.
    pub is_struck: bool,
}

impl Sheet {
    /// The cell, [`Cell::Empty`] outside.
    pub fn cell(&self, row: usize, column: usize) -> &Cell {
        const NOTHING: &Cell = &Cell::Empty;
        self.rows.get(row).and_then(|cells| cells.get(column)).unwrap_or(NOTHING)
    }

    /// The number of columns.
    pub fn width(&self) -> usize {
        self.rows.iter().map(Vec::len).max().unwrap_or(0)
    }

    /// Whether nothing stands in the row.
    pub fn is_blank(&self, row: usize) -> bool {
        self.rows.get(row).is_none_or(|cells| cells.iter().all(Cell::is_empty))
    }
}

/// `C7` for row 6, column 2.
pub fn address(row: usize, column: usize) -> String {
    let (mut letters, mut left) = (Vec::new(), column + 1);
    while left > 0 {
        letters.push(b'A' + ((left - 1) % 26) as u8);
        left = (left - 1) / 26;
    }
    letters.reverse();
    format!("{}{}", String::from_utf8_lossy(&letters), row + 1)
}

/// What nobody sees, and what comes along when text is copied from a chat or a web page: marks of direction and of nothing.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}'
        | '\u{fff9}'..='\u{fffc}' | '\u{e0001}'..='\u{e007f}')
        || c.is_control() && !c.is_whitespace()
}

/// Digits, letters and signs of full width as their plain forms; `　` as a space.
pub fn narrow(text: &str) -> String {
    let plain = |c: char| match c {
        '！'..='～' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' | '\u{a0}' => ' ',
        c => c,
    };
    text.chars().map(plain).collect()
}

/// A word for comparing: letters and digits alone, narrow, small.
pub fn fold(text: &str) -> String {
    narrow(text).chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_those_on_the_screen() {
        assert_eq!(address(6, 2), "C7");
        assert_eq!(address(0, 25), "Z1");
        assert_eq!(address(0, 26), "AA1");
        assert_eq!(address(99, 701), "ZZ100");
        assert_eq!(address(0, 702), "AAA1");
    }

    #[test]
    fn what_keeps_excel_from_reading_a_number_is_no_part_of_the_text() {
        assert_eq!(Cell::text("\u{3000} 王伟\n"), Cell::Text("王伟".into()));
        assert_eq!(Cell::text("'320500199001010010"), Cell::Text("320500199001010010".into()));
        assert_eq!(Cell::text("=\"0512\""), Cell::Text("0512".into()));
        assert_eq!(Cell::text(" \t"), Cell::Empty);
        assert_eq!(Cell::Number(13_900_000_021.0).shown(), "13900000021");
        for hidden in [
            "\u{200e}王\u{200b}伟",
            "\u{feff}王伟\u{202c}",
            "\u{2066}王伟\u{2069}",
            "王\u{ad}伟\u{7}",
            "\u{a0}王伟\u{3164}",
        ] {
            assert_eq!(Cell::text(hidden), Cell::Text("王伟".into()), "{hidden:?}");
        }
        assert_eq!(Cell::text("\u{200e}\u{feff}"), Cell::Empty);
        assert_eq!(fold("身份证号码（Ｉ Ｄ）"), "身份证号码id");
    }
}
