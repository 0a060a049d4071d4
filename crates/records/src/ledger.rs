//! Ledgers (台账): the records of a kind as a table, its columns from the pack, filtered and added up.

use std::collections::BTreeMap;

use jiff::civil::Date;

use crate::{
    Kind, Lang, Pack, RecordId, Value, csv, days,
    figures::{Elsewhere, Entry, Period, keys_of},
    pack::{Field, FieldType},
    words,
};

/// The columns of a kind's ledger: its date first, then the fields the pack marks, in the order of the form.
pub fn columns(kind: &Kind) -> Vec<&Field> {
    let date = kind.date.as_ref().and_then(|date| kind.field(date));
    let others = kind.fields.iter().filter(|f| f.column && Some(&f.name) != kind.date.as_ref());
    date.into_iter().chain(others).collect()
}

/// What stands in a cell, in the type a spreadsheet keeps it in.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Words; ID and telephone numbers too, which are names and no amounts.
    Text(String),
    /// A whole number.
    Number(i64),
    /// Money in whole fen.
    Fen(i64),
    /// A civil date.
    Day(Date),
}

impl Cell {
    /// A value as its field's cell, in full. `name_of` gives another record's title.
    pub fn of(
        pack: &Pack,
        field: &Field,
        value: &Value,
        lang: Lang,
        name_of: &dyn Fn(RecordId) -> Option<String>,
    ) -> Self {
        match (&field.r#type, value) {
            (_, Value::Null) => Self::Empty,
            (FieldType::Integer, Value::Number(n)) if n.as_i64().is_some() => {
                Self::Number(n.as_i64().unwrap_or_default())
            }
            (FieldType::Money, Value::Number(n)) if n.as_i64().is_some() => Self::Fen(n.as_i64().unwrap_or_default()),
            (FieldType::Date, Value::String(text)) => {
                days::parse(text).map_or_else(|| Self::Text(text.clone()), Self::Day)
            }
            _ => match words::read(pack, field, value, lang, name_of) {
                text if text.is_empty() => Self::Empty,
                text => Self::Text(text),
            },
        }
    }

    /// As a program reads it: amounts without separators and units, days as 2009-03-01.
    pub fn plain(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Fen(fen) => {
                let (sign, fen) = (if *fen < 0 { "-" } else { "" }, fen.unsigned_abs());
                format!("{sign}{}.{:02}", fen / 100, fen % 100)
            }
            Self::Day(day) => days::write(*day),
        }
    }

    /// Whether it is an amount, which stands at the right.
    pub fn is_number(&self) -> bool {
        matches!(self, Self::Number(_) | Self::Fen(_))
    }

    /// As it is read.
    pub fn text(&self, lang: Lang) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Number(number) => words::grouped(*number),
            Self::Fen(fen) => words::money(*fen, lang),
            Self::Day(day) => days::write(*day),
        }
    }
}

/// A table: of a ledger, or of figures.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// What it is called.
    pub name: String,
    /// Heads of the columns.
    pub heads: Vec<String>,
    /// The rows.
    pub rows: Vec<Vec<Cell>>,
    /// What each column adds up to; `None` for one that is not added up.
    pub totals: Vec<Option<Cell>>,
    /// What stands before the totals.
    pub total: String,
}

impl Sheet {
    /// Whether any column is added up.
    pub fn has_totals(&self) -> bool {
        self.totals.iter().any(Option::is_some)
    }

    /// The heads and rows as CSV, for programs ([`csv`]).
    pub fn csv(&self) -> String {
        let rows = self.rows.iter().map(|row| row.iter().map(Cell::plain).collect());
        csv::table(std::iter::once(self.heads.clone()).chain(rows))
    }
}

/// What the values of a column add up to; `None` for one that is not added up.
pub fn total(field: &Field, values: impl Iterator<Item = Value>) -> Option<Cell> {
    let sum = || values.filter_map(|value| value.as_i64()).fold(0, i64::saturating_add);
    match field.r#type {
        FieldType::Money => Some(Cell::Fen(sum())),
        // Floors and ages add up to nothing anyone asks for; a pack says so by `no-sum`.
        FieldType::Integer if !field.appears("no-sum") => Some(Cell::Number(sum())),
        _ => None,
    }
}

/// Whether those who are no longer here stand in a ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// Only who is here.
    Here,
    /// Only who is not.
    Gone,
    /// All.
    All,
}

impl Presence {
    /// As it stands in an address.
    pub fn name(self) -> &'static str {
        match self {
            Self::Here => "here",
            Self::Gone => "gone",
            Self::All => "all",
        }
    }

    /// From what stands in an address.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Here, Self::Gone, Self::All].into_iter().find(|presence| presence.name() == name)
    }

    /// What a ledger of the kind has when nobody asks: a register those who are here, a list of what came day by day all.
    pub fn of(kind: &Kind) -> Self {
        if kind.gone.is_some() && kind.date.is_none() { Self::Here } else { Self::All }
    }

    /// What it is called; `None` for a kind of which nobody is ever gone.
    pub fn label(self, kind: &Kind, lang: Lang) -> Option<&str> {
        let gone = kind.gone.as_ref()?;
        Some(match (self, lang) {
            (Self::Here, lang) => gone.here.get(lang),
            (Self::Gone, lang) => gone.label.get(lang),
            (Self::All, Lang::Zh) => "全部",
            (Self::All, Lang::En) => "All",
        })
    }
}

/// Which records stand in a ledger.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    /// Dated within; kinds without a date pay no heed to it.
    pub period: Option<Period>,
    /// With this value of each of these dimensions: officer, label, grid, building, post …
    pub at: BTreeMap<String, String>,
    /// Whether those who are no longer here do; as [`Presence::of`] the kind says, where nobody asks.
    pub presence: Option<Presence>,
}

impl Filter {
    /// Whether a record stands in the ledger as of a day; void ones do not.
    pub fn lets(&self, pack: &Pack, kind: &Kind, entry: Entry<'_>, on: Date, elsewhere: &Elsewhere<'_>) -> bool {
        let day = || days::parse(entry.fields.get(kind.date.as_deref()?)?.as_str()?);
        let in_time = |period: Period| kind.date.is_none() || day().is_some_and(|day| period.contains(day));
        let is_gone = || pack.is_gone(kind, entry.fields, on, elsewhere);
        entry.fields.get("_void").is_none_or(Value::is_null)
            && self.period.is_none_or(in_time)
            && self
                .at
                .iter()
                .all(|(dimension, key)| keys_of(kind, dimension, entry, elsewhere, None).iter().any(|k| k == key))
            && match self.presence.unwrap_or(Presence::of(kind)) {
                Presence::All => true,
                Presence::Here => !is_gone(),
                Presence::Gone => is_gone(),
            }
    }
}
