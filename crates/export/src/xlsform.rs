//! A kind of record as an XLSForm workbook, the field's own form of forms (ODK, Kobo, SurveyCTO), and back.
//!
//! Out: [`export()`] writes what ODK has words for in ODK's columns, the rest in columns of our own that ODK's tools pass over, so
//! that the workbook read again is the same kind. In: [`import()`] makes a kind of any XLSForm and names every cell that it
//! did not take as it stands. `docs/xlsform.md` says what is which; its tables are those of this folder.
//!
//! Map: [`types`] types, both ways · [`columns`] columns, sheets and appearances · `dialect` expressions, both ways · `renamed`
//! a form's expressions with the kind's names · `export`
//! · `table` sheets under their headings · `language` which column speaks which language · `read` a workbook to a kind ·
//! [`finding`] what became of a cell, and all that can be said of one.
//!
//! Not on `rxform`: it makes XForms XML of a workbook and keeps neither the cells nor columns of others, which is what is
//! wanted here. It is the tests' judge of what is exported, beside pyxform.

pub mod columns;
mod dialect;
mod export;
pub mod finding;
mod language;
mod read;
mod renamed;
mod table;
pub mod types;

pub use export::export;
pub use finding::{Finding, NotAForm, Outcome};
pub use read::{Imported, import, import_until};

/// The list behind a yes-or-no question, for ODK, which has no such type.
const YES_NO: &str = "linli_yes_no";
