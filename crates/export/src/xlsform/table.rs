//! Sheets under their headings: cells by the name of their column and by row.

use super::{
    columns::{Column, Use},
    finding::{COLUMN_PASSED, COLUMN_TWICE, COLUMN_UNKNOWN, Findings},
};
use crate::roster::{Cell, Sheet};
use records::Text;

/// A cell that something can be said of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Written {
    pub text: String,
    pub sheet: String,
    /// From 0, as `column`.
    pub row: usize,
    pub column: usize,
}

/// A heading.
#[derive(Clone, Debug)]
pub(super) struct Heading {
    /// The column's name in the table of columns, or as it is written.
    pub name: String,
    /// What stands after the last `::` of a column that has languages.
    pub language: Option<String>,
    /// Whether it is in the table of columns.
    pub is_known: bool,
    pub written: Written,
}

/// A sheet under its headings.
pub(super) struct Table<'s> {
    pub headings: Vec<Heading>,
    sheet: &'s Sheet,
    /// The row of the headings.
    top: usize,
}

/// A row of a table.
#[derive(Clone, Copy)]
pub(super) struct Row<'t> {
    table: &'t Table<'t>,
    /// From 0.
    pub at: usize,
}

/// Columns that may have a language.
const SPOKEN: [&str; 9] = [
    "label",
    "hint",
    "constraint_message",
    "required_message",
    "guidance_hint",
    "media::image",
    "media::big-image",
    "media::audio",
    "media::video",
];

impl<'s> Table<'s> {
    /// The sheet, with what is wrong with its headings said.
    pub(super) fn of(sheet: &'s Sheet, columns: &[Column], findings: &mut Findings) -> Self {
        let top = (0..sheet.rows.len()).find(|row| !sheet.is_blank(*row)).unwrap_or(0);
        let mut table = Self { headings: Vec::new(), sheet, top };
        for column in 0..sheet.rows.get(top).map_or(0, Vec::len) {
            let written = table.written(top, column);
            if written.text.is_empty() {
                continue;
            }
            let (name, language, is_known) = heading(&written.text, columns);
            let is_twice = |other: &Heading| other.name == name && other.language == language;
            if is_known && !name.ends_with('*') && table.headings.iter().any(is_twice) {
                findings.say(&written, &COLUMN_TWICE);
                continue;
            }
            table.headings.push(Heading { name, language, is_known, written });
        }
        table
    }

    /// Says of headings that are in no table of columns that they are not read.
    pub(super) fn unknown(&self, findings: &mut Findings) {
        for heading in self.headings.iter().filter(|heading| !heading.is_known) {
            findings.say(&heading.written, &COLUMN_UNKNOWN);
        }
    }

    /// A cell, as it is written.
    pub(super) fn written(&self, row: usize, column: usize) -> Written {
        Written { text: self.sheet.cell(row, column).shown(), sheet: self.sheet.name.clone(), row, column }
    }

    /// Rows in which something stands, below the headings.
    pub(super) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        let rows = self.top + 1..self.sheet.rows.len();
        rows.filter(|at| !self.sheet.is_blank(*at)).map(|at| Row { table: self, at })
    }

    /// Where what a column lacks would stand: its heading's cell.
    pub(super) fn under(&self, name: &str) -> Written {
        let head = self.headings.iter().find(|heading| heading.name == name).or(self.headings.first());
        Written { text: String::new(), ..head.map(|heading| heading.written.clone()).unwrap_or_default() }
    }

    /// Whether it has a column.
    pub(super) fn has(&self, name: &str) -> bool {
        self.headings.iter().any(|heading| heading.name == name)
    }
}

impl<'t> Row<'t> {
    /// The cell of a column, if something stands in it.
    pub(super) fn cell(&self, name: &str) -> Option<Written> {
        self.cells().find(|(heading, _)| heading.name == name).map(|(_, written)| written)
    }

    /// The cell's text, empty without one.
    pub(super) fn text(&self, name: &str) -> String {
        self.cell(name).map(|written| written.text).unwrap_or_default()
    }

    /// Where a column's cell is, whether something stands in it or not; the row's first cell, as an empty one, without the
    /// column.
    pub(super) fn place(&self, name: &str) -> Written {
        match self.table.headings.iter().find(|heading| heading.name == name) {
            Some(heading) => self.table.written(self.at, heading.written.column),
            None => Written { text: String::new(), ..self.table.written(self.at, 0) },
        }
    }

    /// All cells in which something stands, under their headings.
    pub(super) fn cells(self) -> impl Iterator<Item = (&'t Heading, Written)> {
        let filled =
            move |heading: &&Heading| !matches!(self.table.sheet.cell(self.at, heading.written.column), Cell::Empty);
        let cell = move |heading: &'t Heading| (heading, self.table.written(self.at, heading.written.column));
        self.table.headings.iter().filter(filled).map(cell)
    }

    /// The headings over it.
    pub(super) fn headings(&self) -> &'t [Heading] {
        &self.table.headings
    }

    /// Says of each cell in a column without effect that it has none.
    pub(super) fn passed_over(&self, columns: &[Column], findings: &mut Findings) {
        for (heading, written) in self.cells() {
            let column = columns.iter().find(|column| column.name == heading.name);
            if let Some(Use::Passed(zh, en)) = column.map(|column| column.r#use) {
                findings.about(&written, &COLUMN_PASSED, Text::new(zh, en));
            }
        }
    }
}

/// The column, the language and whether it is known, as ODK's tools read a heading: small or large letters, blanks for `_`,
/// `:` for `::` in old forms.
fn heading(written: &str, columns: &[Column]) -> (String, Option<String>, bool) {
    let small = |text: &str| text.split_whitespace().collect::<Vec<_>>().join("_").to_lowercase();
    let known = |text: &str, is_whole: bool| {
        let text = small(text);
        let fits = |column: &&Column| column.is(&text) || column.is(&text.replace('_', " "));
        columns.iter().filter(|column| !column.name.ends_with('*') || !is_whole).find(fits).map(|column| column.name)
    };
    let colons = if written.contains("::") { "::" } else { ":" };
    // `bind:jr:constraintMsg` has a colon of its own.
    let whole = written.split(colons).map(str::trim).collect::<Vec<_>>().join("::").replace("jr::", "jr:");
    if let Some(name) = known(&whole, true) {
        return (name.to_owned(), None, true);
    }
    let spoken = whole.rsplit_once("::").and_then(|(name, language)| Some((known(name, true)?, language)));
    if let Some((name, language)) = spoken.filter(|(name, _)| SPOKEN.contains(name)) {
        return (name.to_owned(), Some(language.to_owned()), true);
    }
    if let Some(name) = known(&whole, false) {
        return (name.to_owned(), None, true);
    }
    (written.to_owned(), None, false)
}

#[cfg(test)]
mod tests {
    use super::{super::columns::SURVEY, *};

    #[test]
    fn headings_are_known_however_they_are_spelt() {
        let read = |written| heading(written, &SURVEY);
        let known = |name: &str, language: Option<&str>| (name.to_owned(), language.map(Into::into), true);
        assert_eq!(read("Label::中文 (zh)"), known("label", Some("中文 (zh)")));
        assert_eq!(read("label : English (en)"), known("label", Some("English (en)")));
        assert_eq!(read("bind:jr:constraintMsg"), known("constraint_message", None));
        assert_eq!(read("bind::jr:constraintMsg::English"), known("constraint_message", Some("English")));
        assert_eq!(read("Constraint Message"), known("constraint_message", None));
        assert_eq!(read("media::image::English"), known("media::image", Some("English")));
        assert_eq!(read("image"), known("media::image", None));
        assert_eq!(read("bind::odk:x"), known("bind::*", None));
        assert_eq!(read("jr:count"), known("repeat_count", None));
        assert_eq!(read("linli_type"), known("linli_type", None));
        assert_eq!(read("Notes of Ann"), ("Notes of Ann".into(), None, false));
    }
}
