//! A ledger as it is shown: which records stand in it, in which order, what they add up to, and the same as CSV.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet, HashMap},
};

use jiff::civil::Date;
use records::{
    Kind, Lang, Pack, RecordId,
    figures::{Entry, keys_of},
    ledger::{Cell, Filter, columns, csv, is_summed},
    pack::Field,
};
use sync::{Record, book::Book, count::elsewhere};

/// What the reader asks for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Wish {
    /// Period and values of dimensions.
    pub filter: Filter,
    /// Words that stand in the record or in one it names; empty for all.
    pub query: String,
    /// The column sorted by and whether the smallest comes first; newest first without.
    pub sort: Option<(String, bool)>,
}

/// What stands in a ledger.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ledger {
    /// The records in the order of the rows.
    pub ids: Vec<RecordId>,
    /// Sums of the columns that are added up, by the field's name: fen for money.
    pub sums: BTreeMap<String, i64>,
}

/// How records are called, each looked up once.
pub struct Names<'a> {
    known: RefCell<HashMap<RecordId, String>>,
    of: &'a dyn Fn(RecordId) -> String,
}

impl<'a> Names<'a> {
    /// Over a way to look one up.
    pub fn new(of: &'a dyn Fn(RecordId) -> String) -> Self {
        Self { known: RefCell::default(), of }
    }

    fn get(&self, id: RecordId) -> Option<String> {
        if let Some(name) = self.known.borrow().get(&id) {
            return Some(name.clone());
        }
        let name = (self.of)(id);
        self.known.borrow_mut().insert(id, name.clone());
        Some(name)
    }
}

/// The records of a kind that are asked for, in order, with their sums.
pub fn ledger(
    pack: &Pack,
    book: &Book,
    kind: &Kind,
    wish: &Wish,
    today: Date,
    lang: Lang,
    names: &Names<'_>,
) -> Ledger {
    let query = wish.query.trim().to_lowercase();
    let told = RefCell::new(HashMap::new());
    let says_so = |record: &Record| {
        query.is_empty()
            || says(record, &query)
            || links(record)
                .any(|id| *told.borrow_mut().entry(id).or_insert_with(|| book.get(id).is_some_and(|r| says(r, &query))))
    };
    let stands = |record: &&Record| {
        let fields = record.values();
        let entry = Entry { kind: &kind.name, by: record.by.as_str(), fields: &fields };
        wish.filter.lets(pack, kind, entry, today, &elsewhere(book)) && says_so(record)
    };
    let mut rows: Vec<&Record> = book.of_kind(&kind.name).filter(stands).collect();
    let day = |record: &Record| kind.date.as_ref().and_then(|date| record.text(date)).unwrap_or_default().into_owned();
    rows.sort_by_cached_key(|record| std::cmp::Reverse((day(record), record.made, record.id)));
    if let Some((field, ascending)) = wish.sort.as_ref().and_then(|(name, up)| Some((kind.field(name)?, *up))) {
        rows.sort_by_cached_key(|record| rank(cell(pack, field, record, lang, names)));
        if !ascending {
            rows.reverse();
        }
    }
    let summed = columns(kind).into_iter().filter(|field| is_summed(field));
    let sum = |field: &Field| rows.iter().filter_map(|r| r.value(&field.name)?.as_i64()).fold(0, i64::saturating_add);
    Ledger {
        sums: summed.map(|field| (field.name.clone(), sum(field))).collect(),
        ids: rows.into_iter().map(|record| record.id).collect(),
    }
}

/// The values of every dimension the kind knows that occur in its records.
pub fn occurring(pack: &Pack, book: &Book, kind: &Kind) -> BTreeMap<String, BTreeSet<String>> {
    let known = |name: &&str| *name != "month" && pack.is_told_by(kind, name);
    let dimensions: Vec<&str> = pack.dimensions.iter().map(|d| d.name.as_str()).filter(known).collect();
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for record in book.of_kind(&kind.name).filter(|record| !record.is_void()) {
        let fields = record.values();
        for dimension in &dimensions {
            let entry = Entry { kind: &kind.name, by: record.by.as_str(), fields: &fields };
            let keys = keys_of(kind, dimension, entry, &elsewhere(book), None);
            found.entry((*dimension).to_owned()).or_default().extend(keys.into_iter().filter(|key| !key.is_empty()));
        }
    }
    found
}

/// One cell of a record, in full.
pub fn cell(pack: &Pack, field: &Field, record: &Record, lang: Lang, names: &Names<'_>) -> Cell {
    let value = record.value(&field.name);
    value.map_or(Cell::Empty, |value| Cell::of(pack, field, &value, lang, &|id| names.get(id)))
}

/// The ledger as CSV with headings; UTF-8 with the mark that lets Excel know it.
pub fn as_csv(pack: &Pack, book: &Book, kind: &Kind, ids: &[RecordId], lang: Lang, names: &Names<'_>) -> String {
    let columns = columns(kind);
    let line = |cells: Vec<String>| cells.join(",") + "\r\n";
    let plain = |cell: Cell| match cell {
        // A spreadsheet reads amounts without separators and units.
        Cell::Number(number) => number.to_string(),
        Cell::Fen(fen) => records::words::yuan(fen),
        other => csv(&other.text(lang)),
    };
    let head = line(columns.iter().map(|field| csv(field.label.get(lang))).collect());
    let rows = ids.iter().filter_map(|id| book.get(*id));
    let rows = rows.map(|r| line(columns.iter().map(|field| plain(cell(pack, field, r, lang, names))).collect()));
    std::iter::once("\u{feff}".to_owned()).chain([head]).chain(rows).collect()
}

fn rank(cell: Cell) -> (i64, String) {
    match cell {
        Cell::Empty => (i64::MIN, String::new()),
        Cell::Number(amount) | Cell::Fen(amount) => (amount, String::new()),
        Cell::Text(text) => (0, text),
        Cell::Day(day) => (0, day.to_string()),
    }
}

/// Whether any text of a record has these words.
fn says(record: &Record, query: &str) -> bool {
    record.names().any(|name| record.text(name).is_some_and(|text| text.to_lowercase().contains(query)))
}

fn links(record: &Record) -> impl Iterator<Item = RecordId> + '_ {
    record.names().filter_map(|name| record.link(name))
}

#[cfg(test)]
mod tests {
    use records::{figures::Period, ledger::Presence};
    use serde_json::json;

    use super::*;
    use crate::made::{Made, at, today};

    #[test]
    fn a_ledger_holds_the_period_s_records_newest_first_and_its_csv_has_a_line_for_each() {
        let mut made = Made::default();
        let building = made.building("3幢");
        let home = made.household(building, 1, 1, "101");
        let first = made.visit(home, None, "2026-10-01", None);
        let second = made.visit(home, None, "2026-10-09", None);
        made.visit(home, None, "2026-11-01", None);
        let pack = Pack::community();
        let kind = pack.kind("service").unwrap();
        let of = |_| "3幢101".to_owned();
        let names = Names::new(&of);
        let mut wish = Wish::default();
        wish.filter.period = Period::months(2026, 10, 1);
        let found = ledger(&pack, &made.book, kind, &wish, today(), Lang::Zh, &names);
        assert_eq!(found.ids, [second, first]);
        wish.sort = kind.date.clone().map(|date| (date, true));
        let turned = ledger(&pack, &made.book, kind, &wish, today(), Lang::Zh, &names);
        assert_eq!(turned.ids, [first, second]);
        let text = as_csv(&pack, &made.book, kind, &found.ids, Lang::Zh, &names);
        assert!(text.starts_with('\u{feff}'));
        assert_eq!(text.lines().count(), 3);
        assert!(text.contains("2026-10-09"));
    }

    #[test]
    fn the_residents_ledger_holds_those_who_are_here_unless_others_are_asked_for() {
        let mut made = Made::default();
        let building = made.building("3幢");
        let home = made.household(building, 1, 1, "101");
        let [wang, li, zhao] = ["王阿婆", "李桂英", "赵大爷"].map(|name| made.person(home, name, ""));
        made.set(wang, "state", "deceased".into(), at(50));
        made.set(zhao, "state", "away".into(), at(51));
        let migrant = made.record("migrant", json!({"person": wang, "origin": "安徽", "arrived_on": "2026-01-01"}));
        let pack = Pack::community();
        let of = |_| String::new();
        let names = Names::new(&of);
        let found = |kind: &str, presence: Option<Presence>| {
            let mut wish = Wish::default();
            wish.filter.presence = presence;
            let kind = pack.kind(kind).expect("a kind");
            let mut ids = ledger(&pack, &made.book, kind, &wish, today(), Lang::Zh, &names).ids;
            ids.sort();
            ids
        };
        assert_eq!(found("person", None), [li, zhao]);
        assert_eq!(found("person", Some(Presence::Here)), [li, zhao]);
        assert_eq!(found("person", Some(Presence::Gone)), [wang]);
        assert_eq!(found("person", Some(Presence::All)), [wang, li, zhao]);
        assert_eq!(found("migrant", None), [migrant], "what is listed by its day is listed whole");
        assert!(found("migrant", Some(Presence::Here)).is_empty(), "whose person is gone is no longer registered");
        let heads: Vec<&str> =
            columns(pack.kind("person").expect("people")).iter().map(|field| field.label.zh.as_str()).collect();
        for head in ["现状", "与户主关系", "证件", "证件号码", "备注", "紧急联系人", "入党日期", "党支部"]
        {
            assert!(heads.contains(&head), "{head} is a column of a roster");
        }
    }
}
