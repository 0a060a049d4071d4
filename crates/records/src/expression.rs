//! ODK XPath.

use std::collections::BTreeSet;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use crate::{Context, Fields, Kind, Lang, Pack, Value, pack::Choice};

/// A parsed expression; travels as its source.
#[derive(Clone, Debug)]
pub struct Expression {
    source: String,
}

/// What an expression is evaluated over. [`Scope::new`] and then set what applies.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// The record's values.
    pub fields: &'a Fields,
    /// The world.
    pub context: &'a Context<'a>,
    /// For choice labels and titles.
    pub pack: Option<&'a Pack>,
    /// The record's kind, for choice labels and values inside repeats.
    pub kind: Option<&'a Kind>,
    /// For choice labels and `tr()`.
    pub lang: Lang,
    /// `.`, the value being judged.
    pub this: Option<&'a Value>,
    /// The row of a repeat, and its place from 1.
    pub row: Option<(&'a serde_json::Map<String, Value>, usize)>,
    /// The choice a `choice_filter` is asked about.
    pub choice: Option<&'a Choice>,
}

impl<'a> Scope<'a> {
    /// A scope over a record's values.
    pub fn new(fields: &'a Fields, context: &'a Context<'a>) -> Self {
        Self { fields, context, pack: None, kind: None, lang: Lang::Zh, this: None, row: None, choice: None }
    }
}

impl Expression {
    /// Parses; the error names the place and gives a hint.
    pub fn parse(source: &str) -> Result<Self, String> {
        Ok(Self { source: source.into() })
    }

    /// The source.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The value, `null` when there is none.
    pub fn eval(&self, scope: &Scope<'_>) -> Value {
        let _ = scope;
        todo!()
    }

    /// The value as XPath's boolean.
    pub fn truth(&self, scope: &Scope<'_>) -> bool {
        let _ = scope;
        todo!()
    }

    /// The value as text.
    pub fn text(&self, scope: &Scope<'_>) -> String {
        let _ = scope;
        todo!()
    }

    /// Names of fields it refers to.
    pub fn fields(&self) -> BTreeSet<String> {
        todo!()
    }
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Serialize for Expression {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.source)
    }
}

impl<'de> Deserialize<'de> for Expression {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}
