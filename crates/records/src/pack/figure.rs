//! What a pack says of figures: indicators, the dimensions they are broken down by, and the report they are written into.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{Field, FieldType, Kind, Pack};
use crate::{expression::Expression, text::Text};

/// The dimension of the month a record is dated in; every dated kind has it.
pub const MONTH: &str = "month";
/// The dimension of the account that wrote a record; every record has it.
pub const OFFICER: &str = "officer";

/// One figure of the report: what is counted or added up over which records.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Indicator {
    /// Stable id, such as `window.retirees`.
    pub name: String,
    /// What the figure is called.
    pub label: Text,
    /// What is done with the records.
    pub measure: Measure,
    /// The kind whose records are looked at; empty for a rate.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// The date that puts a record into the period, where it is not the kind's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// A stock and no flow: all records as they stand, whatever their date; the filter's `today()` is the period's last day.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub standing: bool,
    /// Only records for which it is true.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<Expression>,
    /// What is counted, as it is read after the figure: 次, 人次.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unit: Option<Text>,
    /// No longer offered: new texts and tables do without it. Texts that name it still get it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub stopped: bool,
}

/// What an indicator does with its records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// How many there are.
    Count,
    /// Adds up an integer or money.
    Sum(String),
    /// How many different values a path reaches: people, households, days.
    Distinct(Path),
    /// The smallest integer or money; nothing without records.
    Min(String),
    /// The largest integer or money; nothing without records.
    Max(String),
    /// One indicator as a share of another, both by name.
    Rate(String, String),
}

/// Field by field from a record to another: `household.building.grid`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(transparent)]
pub struct Path(pub String);

impl Path {
    /// The names along it.
    pub fn steps(&self) -> impl DoubleEndedIterator<Item = &str> {
        self.0.split('.')
    }
}

/// What figures are broken down by: month, post, grid …
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Dimension {
    /// Machine name; kinds say under `by` how a record comes by its value.
    pub name: String,
    /// What it is called.
    pub label: Text,
}

/// A report's text with places for figures, and its charts.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Template {
    /// Machine name, such as `annual`.
    pub name: String,
    /// What it is called.
    pub label: Text,
    /// The text: see [`crate::report`] for its marks.
    pub body: Text,
    /// Charts the text places by name.
    pub charts: Vec<Chart>,
}

/// Figures side by side along a dimension.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Chart {
    /// Machine name, unique in its template.
    pub name: String,
    /// What stands above it.
    pub label: Text,
    /// Indicators by name; rates cannot be charted.
    pub figures: Vec<String>,
    /// The dimension along it; none sets the figures themselves side by side.
    pub by: Option<String>,
}

impl Pack {
    /// The indicator called `name`.
    pub fn indicator(&self, name: &str) -> Option<&Indicator> {
        self.indicators.iter().find(|i| i.name == name)
    }

    /// The indicators that are offered, in the pack's order.
    pub fn offered(&self) -> impl Iterator<Item = &Indicator> {
        self.indicators.iter().filter(|indicator| !indicator.stopped)
    }

    /// The dimension called `name`.
    pub fn dimension(&self, name: &str) -> Option<&Dimension> {
        self.dimensions.iter().find(|d| d.name == name)
    }

    /// Whether an indicator's figure is money, in fen.
    pub fn is_money(&self, indicator: &Indicator) -> bool {
        let (Measure::Sum(field) | Measure::Min(field) | Measure::Max(field)) = &indicator.measure else {
            return false;
        };
        let field = self.kind(&indicator.kind).and_then(|kind| kind.field(field));
        field.is_some_and(|field| field.r#type == FieldType::Money)
    }

    /// The last field of a path that starts at a kind; `None` where it leads nowhere.
    pub fn end_of(&self, kind: &Kind, path: &Path) -> Option<&Field> {
        let mut at = self.kind(&kind.name)?;
        let mut steps = path.steps().peekable();
        loop {
            let field = at.field(steps.next()?)?;
            if steps.peek().is_none() {
                return Some(field);
            }
            let (FieldType::Record(next) | FieldType::Records(next)) = &field.r#type else { return None };
            at = self.kind(next)?;
        }
    }

    /// Kinds whose records a path from a kind leads over, without the kind itself.
    pub fn kinds_along<'p>(&'p self, kind: &'p Kind, path: &Path) -> Vec<&'p str> {
        let (mut at, mut along) = (kind, Vec::new());
        for step in path.steps() {
            let next = at.field(step).and_then(|field| match &field.r#type {
                FieldType::Record(next) | FieldType::Records(next) => self.kind(next),
                _ => None,
            });
            let Some(next) = next else { break };
            along.push(next.name.as_str());
            at = next;
        }
        // The last record is only pointed at, unless a field of it is asked for.
        along.truncate(path.steps().count() - 1);
        along
    }

    /// A field that holds values of a dimension, to read them by; `None` for month and officer.
    pub fn field_of(&self, dimension: &str) -> Option<&Field> {
        self.kinds.values().find_map(|kind| self.end_of(kind, kind.by.get(dimension)?))
    }

    /// Whether records of a kind can be told apart by a dimension.
    pub fn is_told_by(&self, kind: &Kind, dimension: &str) -> bool {
        dimension == OFFICER || dimension == MONTH && kind.date.is_some() || kind.by.contains_key(dimension)
    }
}

/// How a kind's records come by the values of dimensions: `grid = "household.building.grid"`.
pub type By = BTreeMap<String, Path>;
