//! Figures over merged records: what tablet and server count with, so that both get the same.

use records::{
    Fields, Pack, RecordId, Value, days,
    figures::{Ask, Entry, Figures, Period, Tally},
    pack::Indicator,
};

use crate::{Book, Record};

/// Where records come from: a tablet's book or the office's store.
pub trait RecordSource {
    /// All records of a kind, void ones too.
    fn of_kind<'a>(&'a self, kind: &str) -> Box<dyn Iterator<Item = &'a Record> + 'a>;
    /// Those that may speak of a day in the period, at least all that do.
    fn of_kind_about<'a>(&'a self, kind: &str, _: Period) -> Box<dyn Iterator<Item = &'a Record> + 'a> {
        self.of_kind(kind)
    }
    /// One record.
    fn record(&self, id: RecordId) -> Option<&Record>;
}

impl RecordSource for Book {
    fn of_kind<'a>(&'a self, kind: &str) -> Box<dyn Iterator<Item = &'a Record> + 'a> {
        Box::new(Self::of_kind(self, kind))
    }

    fn of_kind_about<'a>(&'a self, kind: &str, period: Period) -> Box<dyn Iterator<Item = &'a Record> + 'a> {
        Box::new(Self::of_kind_about(self, kind, period))
    }

    fn record(&self, id: RecordId) -> Option<&Record> {
        self.get(id)
    }
}

/// A field's showing value of another record, for [`records::figures`].
pub fn elsewhere(source: &dyn RecordSource) -> impl Fn(RecordId, &str) -> Option<Value> + '_ {
    |id, field| source.record(id)?.value(field)
}

/// Every indicator of the pack over all records of the source.
pub fn count(pack: &Pack, ask: Ask, source: &dyn RecordSource) -> Figures {
    let period = ask.period;
    tell(Tally::new(pack, ask), period, source)
}

/// Some indicators by name, and what their rates are made of; only the kinds they are over are looked at.
pub fn count_only(pack: &Pack, ask: Ask, names: &[&str], source: &dyn RecordSource) -> Figures {
    let period = ask.period;
    tell(Tally::only(pack, ask, names), period, source)
}

fn tell(mut tally: Tally<'_>, period: Period, source: &dyn RecordSource) -> Figures {
    for kind in tally.kinds() {
        let reads = tally.reads(kind);
        let dates = tally.dates(kind);
        // Most records are of other years: these are not read at all, or their dates alone. Days of this form sort as texts do.
        let span = (days::write(period.from), days::write(period.to));
        let is_within = |day: &str| (&*span.0..=&*span.1).contains(&day) && days::parse(day).is_some();
        let is_dated_within = |record: &&Record| {
            let within = |name: &&str| record.text(name).is_some_and(|day| is_within(&day));
            dates.as_ref().is_none_or(|dates| dates.iter().any(within))
        };
        let all = if dates.is_some() { source.of_kind_about(kind, period) } else { source.of_kind(kind) };
        let mut fields: Fields = reads.iter().map(|name| ((*name).to_owned(), Value::Null)).collect();
        for record in all.filter(is_dated_within) {
            record.read_into(&mut fields);
            tally.add(Entry { kind, by: record.by.as_str(), fields: &fields }, &elsewhere(source));
        }
    }
    tally.figures()
}

/// The records a figure opens down to, oldest first.
pub fn counted<'a>(pack: &Pack, indicator: &Indicator, ask: &Ask, source: &'a dyn RecordSource) -> Vec<&'a Record> {
    let kind = pack.kinds.keys().find(|kind| indicator.is_over(pack, kind));
    let records = kind.into_iter().flat_map(|kind| source.of_kind(kind));
    let counts = |record: &&Record| {
        let fields = record.values();
        let entry = Entry { kind: record.kind.as_str(), by: record.by.as_str(), fields: &fields };
        indicator.counts(pack, ask, entry, &elsewhere(source))
    };
    records.filter(counts).collect()
}
