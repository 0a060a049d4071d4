//! Expressions of a pack: ODK XPath, the language of XLSForm, over a record's JSON.
//!
//! Not `rxeval`, though it was tried first: it evaluates over an XML tree that would have to be built for each of 200,000
//! records, takes no functions of ours (`lookup`, `user`), finds an unknown function only when it is reached, and gives no
//! place of an error. So the evaluator is ours, over borrowed JSON, and `rxeval` and the answers recorded from JavaRosa are
//! what its tests hold it against (`tests/xpath/`). Where JavaRosa (ODK Collect) and Enketo differ, it follows JavaRosa,
//! and takes Enketo's `substring`, `floor`, `ceiling`, which JavaRosa lacks.
//!
//! | written | gives |
//! |---|---|
//! | `${name}` · `.` · `'text'` · `12.5` | a field (in a repeat's row, the row's own first) · the answer being judged · literals |
//! | `or and = != < <= > >= + - * div mod` | XPath 1.0's operators; dates and moments compare and count as days of their own clock, times as fractions of a day; numbers are equal within 1e-12 |
//! | `null` | nothing, as in JavaRosa |
//! | `name`, `label`, other bare names | in a `choice_filter`, the columns of the choice asked about |
//! | `if(c, a, b)` `coalesce(a, b, …)` `once(a)` | a branch · the first that is answered and no failed sum · kept once it has a value |
//! | `not` `true` `false` `boolean` `boolean-from-string` | truths; an unanswered question is false |
//! | `selected(${f}, 'a')` `selected-at(${f}, 0)` `count-selected(${f})` | choices made |
//! | `choice-label(${f})`, `jr:choice-name(${f}, '${f}')` | a choice's label in the reader's language |
//! | `string` `concat` `join(s, …)` `string-length` `normalize-space` `translate` | text |
//! | `substr(t, 0, to)` `substring(t, 1, length)` `substring-before` `substring-after` | parts: `substr` counts from 0 |
//! | `contains` `starts-with` `ends-with` `regex(t, 'pattern')` | tests; the pattern must match the whole text |
//! | `tr('中文', 'English')` | the text in the reader's language |
//! | `number` `int` `round(n, places)` `floor` `ceiling` `abs` `sqrt` `pow` | numbers |
//! | `sum` `min` `max` `count` `count-non-empty` `join` `concat` | over all rows when given a repeat or a field inside one |
//! | `indexed-repeat(${f}, ${rows}, n)` `position(..)` | one row's value · this row's place, from 1 |
//! | `today()` `date(v)` `date-time(v)` `decimal-date-time(v)` `decimal-time(v)` | `date(today() + 7)` is a week from today |
//! | `format-date(d, '%Y-%m-%d')` `format-date-time` | ODK's codes `%Y %y %m %n %b %d %e %a %H %h %M %S %3` |
//! | `format-money(${amount})` | whole fen as yuan: `300.00 元` |
//! | `user('name')` `user('post')` | who writes |
//! | `lookup(${person}, 'born')` `title-of(${person})` | another record's field · its title; nothing if it is not held here |
//! | `gone(${person})` `gone(${person}, ${date})` | whether it is no longer here, today or on a date, as the pack says of its kind |
//! | `age(${born})` `age(${born}, ${date})` | full years today, or on a date |
//! | `born-of(${id})` `sex-of(${id})` `valid-id(${id})` | out of a resident ID number (GB 11643); `male`, `female` |
//!
//! `now()`, `random()`, `uuid()` are refused: the core has no clock and no dice. Paths (`/data/x`, `../x`) are refused with
//! a hint, since names are unique in a form.

use std::{collections::BTreeSet, sync::Arc};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

use crate::{Context, Fields, Kind, Lang, Pack, Value, pack::Choice};

mod atom;
mod dates;
mod eval;
mod functions;
mod parse;
mod pattern;
mod tree;

pub use functions::{FUNCTIONS, Function};
pub use tree::References;

/// A parsed expression; it travels as its source and is parsed, so checked, on arrival.
#[derive(Clone, Debug)]
pub struct Expression {
    source: Arc<str>,
    node: Arc<tree::Node>,
}

/// What an expression is evaluated over: [`Scope::new`], then set what applies.
#[derive(Clone, Copy)]
pub struct Scope<'a> {
    /// The record's values.
    pub fields: &'a Fields,
    /// The world.
    pub context: &'a Context<'a>,
    /// For choice labels and titles of other records.
    pub pack: Option<&'a Pack>,
    /// The record's kind, for choice labels and values inside repeats.
    pub kind: Option<&'a Kind>,
    /// For choice labels, `tr()` and names of months and days.
    pub lang: Lang,
    /// `.`, the value being judged.
    pub this: Option<&'a Value>,
    /// A field taken as not answered: what would be there without the writer's own word?
    pub without: Option<&'a str>,
    /// The row of a repeat, and its place from 1.
    pub row: Option<(&'a serde_json::Map<String, Value>, usize)>,
    /// The choice a `choice_filter` is asked about.
    pub choice: Option<&'a Choice>,
    /// Whether titles of other records say when these are no longer here.
    pub marked: bool,
    /// How many titles deep, 0 to begin with: a title may name another record's title, but not without end.
    pub depth: u8,
}

impl<'a> Scope<'a> {
    /// A scope over a record's values.
    pub fn new(fields: &'a Fields, context: &'a Context<'a>) -> Self {
        let (pack, kind, lang, this, without, row, choice) = Default::default();
        Self { fields, context, pack, kind, lang, this, without, row, choice, marked: false, depth: 0 }
    }

    /// The same with the pack and the record's kind.
    pub fn of(pack: &'a Pack, kind: &'a Kind, fields: &'a Fields, context: &'a Context<'a>) -> Self {
        Self { pack: Some(pack), kind: Some(kind), ..Self::new(fields, context) }
    }
}

impl Expression {
    /// Parses; the error names the place (characters from 1) and gives a hint.
    pub fn parse(source: &str) -> Result<Self, String> {
        let node = parse::parse(source).map_err(|error| format!("`{source}` {error}"))?;
        Ok(Self { source: source.into(), node: Arc::new(node) })
    }

    /// The same of what is in force: what would not be taken any more because it costs too much matches nothing.
    ///
    /// # Errors
    /// As [`Expression::parse`].
    pub fn kept(source: &str) -> Result<Self, String> {
        let node = parse::parse_kept(source).map_err(|error| format!("`{source}` {error}"))?;
        Ok(Self { source: source.into(), node: Arc::new(node) })
    }

    /// Why what stands in force would not be taken any more; `None` when it would, or is no expression.
    pub fn too_costly(source: &str) -> Option<String> {
        parse::parse(source).err().filter(|_| parse::parse_kept(source).is_ok()).map(|why| format!("`{source}` {why}"))
    }

    /// As it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The value: `null` for no answer, whole numbers as integers, dates as `2009-03-01`.
    pub fn eval(&self, scope: &Scope<'_>) -> Value {
        self.node.eval(scope).into_value()
    }

    /// The value as XPath's boolean; no answer is false.
    pub fn truth(&self, scope: &Scope<'_>) -> bool {
        self.node.truth(scope)
    }

    /// The value as text; no answer is the empty text.
    pub fn text(&self, scope: &Scope<'_>) -> String {
        self.node.eval(scope).to_text().into_owned()
    }

    /// Days since 1970-01-01 as a date: what `today() + 7` means in a field of type date.
    pub fn date(days: &Value) -> Option<String> {
        days.as_f64().and_then(dates::from_days).map(crate::days::write)
    }

    /// Names of all fields it refers to.
    pub fn fields(&self) -> BTreeSet<String> {
        let References { fields, all_rows, .. } = self.references();
        &fields | &all_rows
    }

    /// Whether, as the calculation of the field `own`, it would be another answer each time it is worked out: `${n} + 1`.
    pub fn runs_away(&self, own: &str) -> bool {
        self.node.runs_away(own)
    }

    /// All it refers to.
    pub fn references(&self) -> References {
        let mut references = References::default();
        self.node.refer(&mut references);
        references
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
        Self::kept(&String::deserialize(deserializer)?).map_err(D::Error::custom)
    }
}
