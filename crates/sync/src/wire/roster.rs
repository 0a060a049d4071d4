//! Rosters: a file of households and people, read, planned, imported and taken back at the office's desk.
//!
//! `POST /rosters` [`RosterUpload`] → `POST /rosters/{id}/plan` [`RosterChoices`] → [`RosterPlan`] → `POST
//! /rosters/{id}/run` → `GET /rosters/{id}` [`Roster`] until it rests → `DELETE /rosters/{id}` stops or takes back.

use std::collections::BTreeMap;

use records::{Problem, Text};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Most bytes of an uploaded file.
pub const MAX_ROSTER_BYTES: usize = 20 * 1024 * 1024;

/// Where a roster stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum RosterState {
    /// Read, nothing written. The office forgets it after an hour or when it is restarted.
    Uploaded,
    /// Being imported; `done` of `total` records are written.
    Running,
    /// Stopped half way, by the officer or a restart: what was written stays until it is taken back.
    Stopped,
    /// Imported.
    Done,
    /// Being taken back; `done` of `total`.
    Undoing,
    /// Taken back, but for what is listed in `kept`.
    Undone,
}

/// One roster.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Roster {
    /// Its identity.
    pub id: Uuid,
    /// The file's name.
    pub file: String,
    /// Who uploaded it.
    pub account: String,
    /// When, milliseconds since 1970 UTC by the server's clock.
    pub at: u64,
    /// Where it stands.
    pub state: RosterState,
    /// Records written (or taken back) so far…
    pub done: u32,
    /// …of so many; 0 until it is run.
    pub total: u32,
    /// Changes the office refused while importing; they lie in quarantine with their reasons.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub refused: u32,
    /// What was planned when it was run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts: Option<RosterCounts>,
    /// What was not taken back, because someone has written there since. At most 500.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<RosterKept>,
}

/// Something the import wrote that stays, because someone has written there since.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RosterKept {
    /// The record.
    pub record: Uuid,
    /// Its kind.
    pub kind: String,
    /// The line that names it.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub title: Text,
    /// The field whose value stays; without it, the whole record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
}

/// The answer to `POST /api/v1/rosters?file=…`: what the file holds and how its columns are understood.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RosterUpload {
    /// The roster.
    pub roster: Roster,
    /// The sheet that looks most like a roster.
    pub best: u32,
    /// All sheets in their order.
    pub sheets: Vec<RosterSheet>,
    /// What a column may mean, in the order to offer it.
    pub targets: Vec<RosterTarget>,
}

/// One sheet of the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RosterSheet {
    /// Its name; the file's for CSV.
    pub name: String,
    /// The row with the headings, counted from 1 as on screen; 0 when none was found and the columns were guessed by what
    /// they hold.
    pub heading_row: u32,
    /// Rows below it that hold something.
    pub rows: u32,
    /// The columns that hold something.
    pub columns: Vec<RosterColumn>,
    /// The first twenty rows below the headings, as text.
    pub first: Vec<RosterLine>,
}

/// One column as it is understood.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RosterColumn {
    /// Counted from 0: A is 0.
    pub index: u32,
    /// The heading, empty without one.
    pub heading: String,
    /// The heading's cell, such as `C3`.
    pub address: String,
    /// What it means: a [`RosterTarget::name`]; `None` when it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// Up to three different values.
    pub sample: Vec<String>,
}

/// One row of a sheet as text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RosterLine {
    /// Counted from 1, as on screen.
    pub row: u32,
    /// Its cells in the order of [`RosterSheet::columns`].
    pub cells: Vec<String>,
}

/// Something a column may mean.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RosterTarget {
    /// Machine name: `address`, `head`, `person.phone`, or `person.labels=low_income` for a column that ticks one choice.
    pub name: String,
    /// What people call it.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub label: Text,
}

/// `POST /api/v1/rosters/{id}/plan`: how the officer wants the file understood.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RosterChoices {
    /// Which sheet, counted from 0.
    pub sheet: u32,
    /// The row with the headings, counted from 1; 0 when there is none.
    pub heading_row: u32,
    /// Column by index → target; columns not named are left out.
    pub columns: BTreeMap<u32, String>,
    /// Buildings the register does not have are made; otherwise their rows are held back.
    pub create_buildings: bool,
    /// Where register and file differ, the file's value is taken; otherwise the register's stays. Empty fields are filled,
    /// and what an earlier import wrote is put right, either way.
    pub prefer_file: bool,
}

/// The answer: what importing would do. Nothing is written.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RosterPlan {
    /// How many of what.
    pub counts: RosterCounts,
    /// All that is wrong, row by row.
    pub problems: Vec<RosterProblem>,
    /// Where register and file differ, row by row; at most 1,000, [`RosterCounts::differences`] counts all.
    pub differences: Vec<RosterDifference>,
    /// The first twenty rows of each outcome.
    pub rows: Vec<RosterRow>,
}

/// How many of what a plan holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RosterCounts {
    /// Rows looked at.
    pub rows: u32,
    /// Records to be made, by kind.
    pub create: BTreeMap<String, u32>,
    /// Records to be changed, by kind.
    pub update: BTreeMap<String, u32>,
    /// Rows of each outcome.
    pub outcomes: BTreeMap<RosterOutcome, u32>,
    /// Fields in which register and file differ.
    pub differences: u32,
    /// Of these, such as an earlier import wrote and nobody has since: the file puts them right.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub mended: u32,
    /// Cells left out of rows that are imported otherwise.
    pub left_out: u32,
}

/// What becomes of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum RosterOutcome {
    /// A person (or, in a file without people, a household) is made.
    Create,
    /// One that is there is filled up or changed.
    Update,
    /// All of it is there.
    Unchanged,
    /// The same as an earlier row of the file.
    Repeated,
    /// Held back: a problem stands in its way.
    Held,
    /// Of nobody, and passed over: a sum, a signature, a note, the headings again.
    Skipped,
}

/// Something wrong with a row or a cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RosterProblem {
    /// The cell, such as `C7`; only the row's first one when it is the row as a whole.
    pub address: String,
    /// The row, counted from 1.
    pub row: u32,
    /// What stands there, short.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub value: String,
    /// Whether the row is held back; otherwise only this cell is left out.
    pub holds: bool,
    /// What is wrong and what to do, in both languages.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub problem: Problem,
}

/// A field in which register and file differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RosterDifference {
    /// The cell, such as `F12`.
    pub address: String,
    /// The record.
    pub record: Uuid,
    /// Its kind.
    pub kind: String,
    /// The field.
    pub field: String,
    /// The register's value in words.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub register: Text,
    /// The file's value in words.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub file: Text,
    /// Whether an earlier import wrote the register's value and nobody has since: the file puts it right, whatever was
    /// chosen.
    #[serde(default)]
    pub is_imported: bool,
    /// Whether the file's is taken.
    pub takes_file: bool,
}

/// One row and what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RosterRow {
    /// Counted from 1.
    pub row: u32,
    /// What becomes of it.
    pub outcome: RosterOutcome,
    /// Whom or what it is about: name and door.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub title: Text,
}

fn is_zero(n: &u32) -> bool {
    *n == 0
}
