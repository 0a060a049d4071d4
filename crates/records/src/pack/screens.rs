//! Which kinds play the parts that screens are built around.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::expression::Expression;

/// The only place where a screen learns which kind is a house, a flat, a person or a promise to come back.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Screens {
    /// The door map and the pages behind its doors; without it the app shows lists only.
    pub doors: Option<Doors>,
    /// Where the report's frozen versions are kept.
    pub versions: Option<Versions>,
    /// Kinds offered first by "new record", in order; others follow.
    pub first: Vec<String>,
}

/// The spine of the register: building → stairwell → household → person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Doors {
    /// Kind of buildings.
    pub building: String,
    /// Kind of households, one a door.
    pub household: String,
    /// Household's field that points at its building.
    pub household_building: String,
    /// Household's field with the stairwell's number (integer).
    pub stairwell: String,
    /// Household's field with the floor's number (integer).
    pub floor: String,
    /// Household's field with the flat's name as on the door, such as `501`.
    pub flat: String,
    /// Kind of people.
    pub person: String,
    /// Person's field that points at the household.
    pub person_household: String,
    /// Kind whose records are visits; the latest gives the door its state.
    pub visit: String,
    /// Only records of that kind for which it is true are visits.
    pub visit_filter: Option<Expression>,
    /// Visits for which it is true met nobody (未遇).
    pub visit_nobody: Option<Expression>,
    /// Answers of a visit that met nobody, so that one tap records it; not offered when empty.
    #[serde(default)]
    pub nobody: BTreeMap<String, String>,
}

/// Which kind keeps frozen versions of the report, and in which fields.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Versions {
    /// The kind.
    pub kind: String,
    /// Text: the report's title.
    pub title: String,
    /// Dates: first and last day.
    pub from: String,
    /// See `from`.
    pub to: String,
    /// Text: `dimension=key` where the report is of a part, such as one grid.
    pub within: String,
    /// Long text: the report's text with places for figures.
    pub body: String,
    /// Long text: the figures as they were, JSON by name.
    pub figures: String,
    /// Date it was frozen; empty while it is a draft.
    pub frozen_on: String,
}
