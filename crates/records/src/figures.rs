//! Numbers out of records: every indicator of the pack in one pass.

use std::{borrow::Borrow, collections::BTreeMap};

use jiff::civil::Date;

use crate::{Context, Fields, Kind, Pack, User, Value, days, expression::Scope, pack::Indicator};

/// The field that strikes a record out; written by whoever voids it, with the reason.
const VOID: &str = "_void";

/// Civil dates, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

impl Period {
    /// From the first of January to the last of December.
    pub fn year(year: i16) -> Option<Self> {
        Some(Self { from: Date::new(year, 1, 1).ok()?, to: Date::new(year, 12, 31).ok()? })
    }

    /// Whether the day is within.
    pub fn contains(&self, day: Date) -> bool {
        (self.from..=self.to).contains(&day)
    }
}

/// Every indicator of the pack by name, over the records dated within the period; void records do not count.
///
/// Sums are of whole numbers, money in fen, and exact; a sum beyond `i64` stays at its bound.
pub fn figures<K: AsRef<str>, F: Borrow<Fields>>(
    pack: &Pack,
    period: Period,
    records: impl IntoIterator<Item = (K, F)>,
) -> BTreeMap<String, i64> {
    let mut tally = Tally::new(pack, period);
    for (kind, fields) in records {
        tally.add(kind.as_ref(), fields.borrow());
    }
    tally.figures()
}

/// Figures being counted, record by record.
pub struct Tally<'p> {
    period: Period,
    kinds: BTreeMap<&'p str, Counted<'p>>,
}

/// What is counted over one kind.
struct Counted<'p> {
    kind: &'p Kind,
    date: &'p str,
    indicators: Vec<(&'p Indicator, i64)>,
}

impl<'p> Tally<'p> {
    /// All at nought.
    pub fn new(pack: &'p Pack, period: Period) -> Self {
        let mut kinds = BTreeMap::<&str, Counted<'_>>::new();
        for indicator in &pack.indicators {
            // A pack that loads has both; one that came over the wire without being checked just counts nothing.
            let Some(kind) = pack.kind(&indicator.kind) else { continue };
            let Some(date) = &kind.date else { continue };
            let counted = kinds.entry(&kind.name).or_insert(Counted { kind, date, indicators: Vec::new() });
            counted.indicators.push((indicator, 0));
        }
        Self { period, kinds }
    }

    /// Counts a record in wherever it belongs.
    pub fn add(&mut self, kind: &str, fields: &Fields) {
        let period = self.period;
        let Some(counted) = self.kinds.get_mut(kind).filter(|counted| counted.has(fields, period)) else { return };
        let context = context(period);
        let scope = Scope { kind: Some(counted.kind), ..Scope::new(fields, &context) };
        for (indicator, figure) in &mut counted.indicators {
            if indicator.filter.as_ref().is_none_or(|filter| filter.truth(&scope)) {
                *figure = figure.saturating_add(indicator.worth(fields));
            }
        }
    }

    /// The figures by name; indicators that nothing counted for are nought.
    pub fn figures(self) -> BTreeMap<String, i64> {
        let mut figures = BTreeMap::new();
        for (indicator, figure) in self.kinds.into_values().flat_map(|counted| counted.indicators) {
            figures.insert(indicator.name.clone(), figure);
        }
        figures
    }
}

impl Indicator {
    /// Whether a record counts for this figure: what a figure opens down to.
    pub fn counts(&self, pack: &Pack, period: Period, kind: &str, fields: &Fields) -> bool {
        let Some(kind) = pack.kind(kind).filter(|k| k.name == self.kind) else { return false };
        let Some(date) = &kind.date else { return false };
        let context = context(period);
        let scope = Scope { kind: Some(kind), ..Scope::new(fields, &context) };
        Counted { kind, date, indicators: Vec::new() }.has(fields, period)
            && self.filter.as_ref().is_none_or(|filter| filter.truth(&scope))
    }

    /// What a record that counts adds.
    fn worth(&self, fields: &Fields) -> i64 {
        match &self.sum {
            Some(field) => fields.get(field).and_then(Value::as_i64).unwrap_or(0),
            None => 1,
        }
    }
}

impl Counted<'_> {
    /// Not void, and dated within the period.
    fn has(&self, fields: &Fields, period: Period) -> bool {
        let day = || days::parse(fields.get(self.date)?.as_str()?);
        fields.get(VOID).is_none_or(Value::is_null) && day().is_some_and(|day| period.contains(day))
    }
}

/// A filter sees the record alone; its today is the period's last day.
fn context(period: Period) -> Context<'static> {
    Context { today: period.to, user: User::default(), lookup: &|_| None }
}
