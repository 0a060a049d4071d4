//! A kind out of an XLSForm workbook, before it is put in force.

use records::{Text, Value};
use serde::{Deserialize, Serialize};

/// Most bytes of an uploaded workbook.
pub const MAX_FORM_BYTES: usize = 5 * 1024 * 1024;

/// The answer to `POST /api/v1/pack/xlsform`. Nothing is in force by it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FormRead {
    /// The kind as it stands in a pack, under its `name` in `kinds`.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub kind: Value,
    /// The choice lists it brings, by their names in the pack's `choices`; they take the place of all of the kind's own.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub choices: Value,
    /// Every cell that was not taken as it stands, in the order of the sheets.
    pub findings: Vec<FormFinding>,
    /// Whether the pack in force has no kind of this name.
    pub is_new: bool,
    /// What putting it into the pack in force changes, as the workshop keeps edits; none when it is there as it is.
    #[cfg_attr(feature = "openapi", schema(value_type = Vec<Object>))]
    pub edits: Vec<Value>,
}

/// One cell that was not taken as it stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FormFinding {
    /// The sheet, such as `survey`.
    pub sheet: String,
    /// The cell, such as `C7`.
    pub cell: String,
    /// What is written there; empty where something is missing.
    pub written: String,
    /// What became of it.
    pub outcome: FormOutcome,
    /// Stable name of what is said.
    pub code: String,
    /// Why, and what it means.
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub words: Text,
}

/// What became of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "snake_case")]
pub enum FormOutcome {
    /// What it stands for is not in the kind.
    Refused,
    /// It has no effect.
    PassedOver,
    /// It was taken as something else.
    Changed,
}
