//! Who is no longer here, as the pack says of their kind: the dead and the moved among residents, teams that broke up.

use std::collections::HashMap;

use jiff::civil::Date;
use records::{
    Pack, RecordId, User,
    pack::{Gone, Kind},
};
use sync::{Record, book::Book, count::elsewhere};

use super::question::Question;

/// Asked of many records on one day.
pub struct Departed<'a> {
    pack: &'a Pack,
    book: &'a Book,
    on: Date,
    kinds: HashMap<&'a str, Asked<'a>>,
}

/// What is asked of a kind's records.
struct Asked<'a> {
    kind: &'a Kind,
    gone: &'a Gone,
    when: Option<Question<'a>>,
}

impl<'a> Departed<'a> {
    /// As of a day.
    pub fn new(pack: &'a Pack, book: &'a Book, on: Date) -> Self {
        let asked = |kind: &'a Kind| {
            let gone = kind.gone.as_ref()?;
            let when = gone.when.as_ref().map(|when| Question::new(when, kind, on, User::default()));
            Some((kind.name.as_str(), Asked { kind, gone, when }))
        };
        Self { pack, book, on, kinds: pack.kinds.values().filter_map(asked).collect() }
    }

    /// Whether a record is of one who is no longer here.
    pub fn has(&self, record: &Record) -> bool {
        let Some(Asked { kind, gone, when }) = self.kinds.get(record.kind.as_str()) else { return false };
        when.as_ref().is_some_and(|when| when.is_true(record)) || gone.with.is_some() && self.has_by(gone, kind, record)
    }

    /// [`Departed::has`], by a rule of one's own over the record's kind.
    pub fn has_by(&self, gone: &Gone, kind: &Kind, record: &Record) -> bool {
        let fields = gone.reads().into_iter().filter_map(|name| record.value(&name).map(|value| (name, value)));
        self.pack.is_gone_by(gone, kind, &fields.collect(), self.on, &elsewhere(self.book))
    }

    /// [`Departed::has`] of a record by its id; one that is not here is not gone.
    pub fn has_id(&self, id: RecordId) -> bool {
        self.book.get(id).is_some_and(|record| self.has(record))
    }
}

/// Whether one record is of one who is no longer here.
pub fn is_gone(pack: &Pack, book: &Book, id: RecordId, today: Date) -> bool {
    let record = book.get(id).and_then(|record| Some((record, pack.kind(&record.kind)?)));
    record.is_some_and(|(record, kind)| {
        kind.gone
            .as_ref()
            .is_some_and(|gone| Departed { pack, book, on: today, kinds: HashMap::new() }.has_by(gone, kind, record))
    })
}
