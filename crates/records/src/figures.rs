//! Numbers out of records: every indicator of the pack in one pass, whole and broken down.
//!
//! Exact: sums are of whole numbers (money in fen), a rate is two whole numbers. The same code runs on tablet and server
//! over the same records, so the same figure comes out, to the unit.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use crate::{
    Context, Fields, Kind, NoOthers, Pack, RecordId, User, VOID, Value, days,
    expression::Scope,
    pack::{Gone, Indicator, MONTH, Measure, OFFICER},
};

mod figure;
mod path;
mod period;
mod sieve;

pub use figure::{Figure, cut};
pub use period::Period;
use sieve::Sieve;

/// A record as figures see it.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// Its kind.
    pub kind: &'a str,
    /// The account that first wrote it.
    pub by: &'a str,
    /// Its showing values; those of [`Tally::reads`] suffice.
    pub fields: &'a Fields,
}

/// A field's showing value of another record, for paths such as `household.building.grid`.
pub type Elsewhere<'a> = dyn Fn(RecordId, &str) -> Option<Value> + 'a;

/// What figures are asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Ask {
    /// Civil dates, both included.
    pub period: Period,
    /// Only records with this value of a dimension: `("grid", id)`. Kinds that know no such dimension then count nothing.
    pub within: Option<(String, String)>,
    /// Also broken down by this dimension.
    pub by: Option<String>,
}

impl Ask {
    /// The whole community over a period.
    pub fn of(period: Period) -> Self {
        Self { period, within: None, by: None }
    }
}

/// What was counted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// Every indicator of the pack by name.
    pub whole: BTreeMap<String, Figure>,
    /// The same for each value of the dimension asked for; records without a value are under the empty text. A record with
    /// several values (labels) counts under each.
    pub groups: BTreeMap<String, BTreeMap<String, Figure>>,
}

/// Every indicator over the records, for the whole community; void records do not count. Paths end at the record itself.
pub fn figures<'a>(
    pack: &Pack,
    period: Period,
    records: impl IntoIterator<Item = (&'a str, &'a Fields)>,
) -> BTreeMap<String, Figure> {
    let mut tally = Tally::new(pack, Ask::of(period));
    for (kind, fields) in records {
        tally.add(Entry { kind, by: "", fields }, &|_, _| None);
    }
    tally.figures().whole
}

/// Figures being counted, record by record, in any order.
pub struct Tally<'p> {
    pack: &'p Pack,
    ask: Ask,
    indicators: Vec<&'p Indicator>,
    kinds: BTreeMap<&'p str, Vec<&'p Indicator>>,
    sieves: BTreeMap<&'p str, Sieve>,
    /// Which entries do not stand for an indicator, being no longer here.
    gone: BTreeMap<&'p str, Gone>,
    whole: Counts<'p>,
    groups: BTreeMap<String, Counts<'p>>,
}

/// Indicators by name, as far as they are counted.
type Counts<'p> = BTreeMap<&'p str, Count>;

#[derive(Default)]
struct Count {
    sum: i64,
    least: Option<i64>,
    most: Option<i64>,
    seen: HashSet<String>,
}

impl<'p> Tally<'p> {
    /// All at nought.
    pub fn new(pack: &'p Pack, ask: Ask) -> Self {
        Self::over(pack, ask, pack.indicators.iter().collect())
    }

    /// Only these indicators and what their rates are made of: a chart of two figures need not look at every kind.
    pub fn only(pack: &'p Pack, ask: Ask, names: &[&str]) -> Self {
        let mut wanted: BTreeSet<&str> = names.iter().copied().collect();
        for name in names {
            if let Some(Measure::Rate(part, whole)) = pack.indicator(name).map(|indicator| &indicator.measure) {
                wanted.extend([part.as_str(), whole]);
            }
        }
        Self::over(pack, ask, pack.indicators.iter().filter(|i| wanted.contains(i.name.as_str())).collect())
    }

    fn over(pack: &'p Pack, ask: Ask, indicators: Vec<&'p Indicator>) -> Self {
        let mut kinds = BTreeMap::<&str, Vec<&Indicator>>::new();
        for &indicator in &indicators {
            // A pack that loads has the kind; one that came over the wire without being checked just counts nothing.
            if let Some(kind) = pack.kind(&indicator.kind) {
                kinds.entry(&kind.name).or_default().push(indicator);
            }
        }
        let sieve = |(name, over): (&&'p str, &Vec<&'p Indicator>)| Some((*name, Sieve::new(pack.kind(name)?, over)));
        let sieves = kinds.iter().filter_map(sieve).collect();
        let gone = |i: &&'p Indicator| Some((i.name.as_str(), i.leaves_out(pack.kind(&i.kind)?)?));
        let gone = indicators.iter().filter_map(gone).collect();
        Self { pack, ask, indicators, kinds, sieves, gone, whole: BTreeMap::new(), groups: BTreeMap::new() }
    }

    /// Counts a record in wherever it belongs.
    #[inline(never)]
    pub fn add(&mut self, entry: Entry<'_>, elsewhere: &Elsewhere<'_>) {
        let Some(indicators) = self.kinds.get(entry.kind) else { return };
        let Some(kind) = self.pack.kind(entry.kind).filter(|_| !is_void(entry.fields)) else { return };
        let Some(sieve) = self.sieves.get_mut(entry.kind) else { return };
        let (pack, ask) = (self.pack, &self.ask);
        let (mut inside, mut keys) = (None, BTreeMap::new());
        let lets = sieve.lets(kind, indicators, ask.period, entry.fields);
        for (indicator, _) in indicators.iter().zip(&*lets).filter(|(_, lets)| **lets) {
            let is_gone = |gone| pack.is_gone_by(gone, kind, entry.fields, ask.period.to, elsewhere);
            if !indicator.is_dated_within(kind, ask.period, entry.fields)
                || self.gone.get(indicator.name.as_str()).is_some_and(is_gone)
            {
                continue;
            }
            // Asked once a record, and only when it counts for anything.
            let mut is_inside = || {
                ask.within.as_ref().is_none_or(|(dimension, key)| {
                    keys_of(kind, dimension, entry, elsewhere, None).iter().any(|k| k == key)
                })
            };
            if !*inside.get_or_insert_with(&mut is_inside) {
                return;
            }
            let worth = worth(indicator, entry, elsewhere);
            self.whole.entry(&indicator.name).or_default().add(&worth);
            let Some(by) = &ask.by else { continue };
            let date = indicator.date.as_deref();
            let keys = keys.entry(date).or_insert_with(|| match pack.is_told_by(kind, by) {
                true => keys_of(kind, by, entry, elsewhere, date),
                false => Vec::new(),
            });
            for key in &*keys {
                let group = self.groups.entry(key.clone()).or_default();
                group.entry(&indicator.name).or_default().add(&worth);
            }
        }
    }

    /// Names of the fields that matter of a kind's records: enough of a record for [`Tally::add`].
    pub fn reads(&self, kind: &str) -> BTreeSet<&'p str> {
        let (Some(kind), Some(indicators)) = (self.pack.kind(kind), self.kinds.get(kind)) else {
            return BTreeSet::new();
        };
        let mut names = BTreeSet::from([VOID]);
        names.extend(kind.date.as_deref());
        names.extend(kind.by.values().filter_map(|path| path.steps().next()));
        for indicator in indicators {
            names.extend(indicator.date.as_deref());
            match &indicator.measure {
                Measure::Sum(field) | Measure::Min(field) | Measure::Max(field) => drop(names.insert(field)),
                Measure::Distinct(path) => names.extend(path.steps().next()),
                Measure::Count | Measure::Rate(..) => {}
            }
            let gone = self.gone.get(indicator.name.as_str()).map(Gone::reads).unwrap_or_default();
            let filtered = indicator.filter.iter().flat_map(|filter| filter.fields()).chain(gone);
            names.extend(filtered.filter_map(|name| kind.field(&name).map(|field| field.name.as_str())));
        }
        names
    }

    /// The fields that date a kind's records for what is counted of it, one of which lies in the period when a record counts;
    /// `None` where something counts whatever its date.
    pub fn dates(&self, kind: &str) -> Option<BTreeSet<&'p str>> {
        let kind = self.pack.kind(kind)?;
        let date = |indicator: &&'p Indicator| {
            let date = indicator.date.as_deref().or(kind.date.as_deref());
            date.filter(|_| !indicator.standing)
        };
        self.kinds.get(kind.name.as_str())?.iter().map(date).collect()
    }

    /// Kinds whose records are counted.
    pub fn kinds(&self) -> impl Iterator<Item = &'p str> + use<'p> {
        self.kinds.keys().copied().collect::<Vec<_>>().into_iter()
    }

    /// Kinds whose records are looked into, those counted and those that paths lead over.
    pub fn kinds_read(&self) -> BTreeSet<&'p str> {
        let mut read: BTreeSet<&str> = self.kinds().collect();
        let asked = self.ask.by.iter().chain(self.ask.within.iter().map(|(dimension, _)| dimension));
        for name in self.kinds() {
            let Some(kind) = self.pack.kind(name) else { continue };
            let dimensions = asked.clone().filter_map(|dimension| kind.by.get(dimension));
            let distinct = self.kinds[name].iter().filter_map(|indicator| match &indicator.measure {
                Measure::Distinct(path) => Some(path),
                _ => None,
            });
            if self.kinds[name].iter().any(|indicator| self.gone.contains_key(indicator.name.as_str())) {
                read.extend(self.pack.kinds_gone_with(kind));
            }
            for path in dimensions.chain(distinct) {
                read.extend(self.pack.kinds_along(kind, path));
            }
        }
        read
    }

    /// The figures; indicators that nothing counted for are nought.
    pub fn figures(self) -> Figures {
        let read = |counts: &Counts<'_>| {
            let mut figures = BTreeMap::new();
            for indicator in &self.indicators {
                let figure = self.pack.figure(indicator, &|name| counts.get(name));
                figures.insert(indicator.name.clone(), figure);
            }
            figures
        };
        let groups = self.groups.iter().map(|(key, counts)| (key.clone(), read(counts))).collect();
        Figures { whole: read(&self.whole), groups }
    }
}

impl Pack {
    fn figure<'c>(&self, indicator: &Indicator, count: &dyn Fn(&str) -> Option<&'c Count>) -> Figure {
        let of = |name: &str| match self.indicator(name) {
            Some(part) if !matches!(part.measure, Measure::Rate(..)) => self.figure(part, count).number().unwrap_or(0),
            _ => 0,
        };
        let counted = count(&indicator.name);
        match &indicator.measure {
            Measure::Count | Measure::Sum(_) => Figure::Number(counted.map_or(0, |c| c.sum)),
            Measure::Distinct(_) => {
                Figure::Number(counted.map_or(0, |c| i64::try_from(c.seen.len()).unwrap_or(i64::MAX)))
            }
            Measure::Min(_) => counted.and_then(|c| c.least).map_or(Figure::Nothing, Figure::Number),
            Measure::Max(_) => counted.and_then(|c| c.most).map_or(Figure::Nothing, Figure::Number),
            Measure::Rate(part, whole) => Figure::Rate { part: of(part), whole: of(whole) },
        }
    }
}

impl Indicator {
    /// Whether a record counts for this figure over the whole community: what a figure opens down to. A rate opens to what
    /// it is a share of.
    pub fn counts(&self, pack: &Pack, ask: &Ask, entry: Entry<'_>, elsewhere: &Elsewhere<'_>) -> bool {
        if let Measure::Rate(_, whole) = &self.measure {
            let whole = pack.indicator(whole).filter(|whole| !matches!(whole.measure, Measure::Rate(..)));
            return whole.is_some_and(|whole| whole.counts(pack, ask, entry, elsewhere));
        }
        let Some(kind) = pack.kind(entry.kind).filter(|k| k.name == self.kind) else { return false };
        let gone = self.leaves_out(kind);
        !is_void(entry.fields)
            && self.takes(kind, ask.period, entry.fields)
            && !gone.is_some_and(|gone| pack.is_gone_by(&gone, kind, entry.fields, ask.period.to, elsewhere))
            && ask.within.as_ref().is_none_or(|(dimension, key)| {
                keys_of(kind, dimension, entry, elsewhere, self.date.as_deref()).iter().any(|k| k == key)
            })
    }

    /// Whether it looks at records of a kind; a rate looks at those of what it is a share of.
    pub fn is_over(&self, pack: &Pack, kind: &str) -> bool {
        match &self.measure {
            Measure::Rate(_, whole) => pack.indicator(whole).is_some_and(|whole| whole.kind == kind),
            _ => self.kind == kind,
        }
    }

    /// Dated within the period, or standing, and let through by the filter.
    fn takes(&self, kind: &Kind, period: Period, fields: &Fields) -> bool {
        self.is_dated_within(kind, period, fields) && self.lets(kind, period, fields)
    }

    fn is_dated_within(&self, kind: &Kind, period: Period, fields: &Fields) -> bool {
        let date = self.date.as_ref().or(kind.date.as_ref());
        let day = || days::parse(fields.get(date?)?.as_str()?);
        self.standing || day().is_some_and(|day| period.contains(day))
    }

    /// Whether its filter lets a record through. A filter sees the record alone; its today is the period's last day.
    fn lets(&self, kind: &Kind, period: Period, fields: &Fields) -> bool {
        let context = Context { today: period.to, user: User::default(), lookup: &NoOthers };
        let scope = Scope { kind: Some(kind), ..Scope::new(fields, &context) };
        self.filter.as_ref().is_none_or(|filter| filter.truth(&scope))
    }
}

/// A record's values of a dimension; one empty text when it has none. `date` is the field that dates it, where it is not the
/// kind's own.
pub fn keys_of(
    kind: &Kind,
    dimension: &str,
    entry: Entry<'_>,
    elsewhere: &Elsewhere<'_>,
    date: Option<&str>,
) -> Vec<String> {
    let none = || vec![String::new()];
    match dimension {
        OFFICER => vec![entry.by.to_owned()],
        MONTH => {
            let date = date.or(kind.date.as_deref()).and_then(|date| entry.fields.get(date)?.as_str()?.get(..7));
            date.map_or_else(none, |month| vec![month.to_owned()])
        }
        _ => {
            let Some(path) = kind.by.get(dimension) else { return none() };
            let ends = path.ends(entry.fields, elsewhere);
            if ends.is_empty() { none() } else { ends }
        }
    }
}

/// What a record that counts adds.
enum Worth {
    Number(i64),
    Nothing,
    Ends(Vec<String>),
}

fn worth(indicator: &Indicator, entry: Entry<'_>, elsewhere: &Elsewhere<'_>) -> Worth {
    match &indicator.measure {
        Measure::Count => Worth::Number(1),
        Measure::Sum(field) | Measure::Min(field) | Measure::Max(field) => {
            entry.fields.get(field).and_then(Value::as_i64).map_or(Worth::Nothing, Worth::Number)
        }
        Measure::Distinct(path) => Worth::Ends(path.ends(entry.fields, elsewhere)),
        Measure::Rate(..) => Worth::Nothing,
    }
}

impl Count {
    fn add(&mut self, worth: &Worth) {
        match worth {
            Worth::Number(number) => {
                self.sum = self.sum.saturating_add(*number);
                self.least = Some(self.least.map_or(*number, |least| least.min(*number)));
                self.most = Some(self.most.map_or(*number, |most| most.max(*number)));
            }
            Worth::Ends(ends) => self.seen.extend(ends.iter().cloned()),
            Worth::Nothing => {}
        }
    }
}

fn is_void(fields: &Fields) -> bool {
    fields.get(VOID).is_some_and(|why| !why.is_null())
}
