//! A ledger as it is shown, printed and handed out: which records stand in it, in which order, what they add up to. Worked out
//! here for the tablet's screen and for the office's papers, so that a file holds what the screen shows.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet, HashMap},
};

use jiff::civil::Date;
use records::{
    Kind, Lang, Pack, RecordId,
    figures::{Entry, keys_of},
    ledger::{Cell, Filter, Sheet, columns, total},
    order::{Natural, natural},
    pack::Field,
};
use sync::{Record, book::Book, count::elsewhere};

use crate::{act::holds_account, builder::Builder};

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
    /// What each column adds up to; `None` for one that is not added up.
    pub totals: Vec<Option<Cell>>,
}

impl Builder<'_> {
    /// The records of a kind that are asked for and that the reader may see, in order, with what they add up to; who stands in
    /// a register, as of the day `on`.
    pub fn ledger(&self, kind: &Kind, wish: &Wish, on: Date) -> Ledger {
        let query = wish.query.trim().to_lowercase();
        let told = RefCell::new(HashMap::new());
        let says_so = |record: &Record| {
            let linked = |id: RecordId| {
                let says = || self.records.record(id).is_some_and(|r| (self.may_read)(r) && says(r, &query));
                *told.borrow_mut().entry(id).or_insert_with(says)
            };
            query.is_empty() || says(record, &query) || links(record).any(linked)
        };
        let elsewhere = elsewhere(self.records);
        let stands = |record: &&Record| {
            let fields = record.values();
            let entry = Entry { kind: &kind.name, by: record.by.as_str(), fields: &fields };
            wish.filter.lets(self.pack, kind, entry, on, &elsewhere) && (self.may_read)(record) && says_so(record)
        };
        let mut rows: Vec<&Record> = self.records.of_kind(&kind.name).filter(stands).collect();
        let day =
            |record: &Record| kind.date.as_ref().and_then(|date| record.text(date)).unwrap_or_default().into_owned();
        rows.sort_by_cached_key(|record| std::cmp::Reverse((day(record), record.made, record.id)));
        if let Some((field, ascending)) = wish.sort.as_ref().and_then(|(name, up)| Some((kind.field(name)?, *up))) {
            rows.sort_by_cached_key(|record| rank(self.cell(field, record)));
            if !ascending {
                rows.reverse();
            }
        }
        Ledger { totals: totals(kind, &rows), ids: rows.into_iter().map(|record| record.id).collect() }
    }

    /// Some records of a kind as a table, in this order.
    pub fn sheet(&self, kind: &Kind, ids: &[RecordId]) -> Sheet {
        let (columns, lang) = (columns(kind), self.lang);
        let records: Vec<&Record> = ids.iter().filter_map(|id| self.records.record(*id)).collect();
        let row = |record: &&Record| columns.iter().map(|field| self.cell(field, record)).collect();
        Sheet {
            name: kind.label.get(lang).to_owned(),
            heads: columns.iter().map(|field| field.label.get(lang).to_owned()).collect(),
            rows: records.iter().map(row).collect(),
            totals: totals(kind, &records),
            total: if lang == Lang::Zh { "合计" } else { "Total" }.into(),
        }
    }

    /// One cell of a record, in full.
    pub fn cell(&self, field: &Field, record: &Record) -> Cell {
        let Some(value) = record.value(&field.name) else { return Cell::Empty };
        match value.as_str() {
            Some(account) if holds_account(field) => Cell::Text(self.names.person(account)),
            _ => Cell::of(self.pack, field, &value, self.lang, &|id| self.names.title(id)),
        }
    }
}

/// What the columns of some records add up to.
fn totals(kind: &Kind, records: &[&Record]) -> Vec<Option<Cell>> {
    let of = |field: &Field| total(field, records.iter().filter_map(|record| record.value(&field.name)));
    columns(kind).into_iter().map(of).collect()
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

fn rank(cell: Cell) -> (i64, Option<Natural>) {
    match cell {
        Cell::Empty => (i64::MIN, None),
        Cell::Number(amount) | Cell::Fen(amount) => (amount, None),
        Cell::Text(text) => (0, Some(natural(&text))),
        Cell::Day(day) => (0, Some(natural(&day.to_string()))),
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

    fn found(made: &Made, kind: &str, wish: &Wish) -> Vec<RecordId> {
        let pack = Pack::community();
        made.build(&pack, |builder| builder.ledger(&pack.kinds[kind], wish, today()).ids)
    }

    fn table(made: &Made, kind: &str, wish: &Wish) -> Sheet {
        let pack = Pack::community();
        made.build(&pack, |builder| builder.sheet(&pack.kinds[kind], &found(made, kind, wish)))
    }

    #[test]
    fn a_ledger_holds_the_period_s_records_newest_first_and_its_csv_has_a_line_for_each() {
        let mut made = Made::default();
        let building = made.building("3幢");
        let home = made.household(building, 1, 1, "101");
        let first = made.visit(home, None, "2026-10-01", None);
        let second = made.visit(home, None, "2026-10-09", None);
        made.visit(home, None, "2026-11-01", None);
        let mut wish = Wish::default();
        wish.filter.period = Period::months(2026, 10, 1);
        assert_eq!(found(&made, "service", &wish), [second, first]);
        wish.sort = Some(("date".into(), true));
        assert_eq!(found(&made, "service", &wish), [first, second]);
        let text = table(&made, "service", &wish).csv();
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
        let found = |kind: &str, presence: Option<Presence>| {
            let mut wish = Wish::default();
            wish.filter.presence = presence;
            let mut ids = found(&made, kind, &wish);
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

    #[test]
    fn a_file_for_programs_keeps_amounts_in_one_cell_and_every_digit_of_a_number_that_is_a_name() {
        let mut made = Made::default();
        let building = made.building("3幢");
        let home = made.household(building, 1, 1, "0102");
        let person = made.person(home, "王\"大\"伟,", "");
        made.set(person, "phone", "051266666666".into(), crate::made::at(5));
        made.set(person, "id_number", "999999194912310021".into(), crate::made::at(5));
        let fields = |fen: i64| serde_json::json!({"amount": fen, "fund": "sporadic", "date": "2026-10-01"});
        for fen in [123_450, 99_999_999, -100_000, 5] {
            made.record("aid", fields(fen));
        }
        let table = |kind: &str| table(&made, kind, &Wish::default());
        let aid = table("aid");
        let at = aid.heads.iter().position(|head| head == "金额").unwrap();
        assert_eq!(aid.totals[at], Some(Cell::Fen(123_450 + 99_999_999 - 100_000 + 5)));
        let text = aid.csv();
        let mut amounts: Vec<&str> = text.lines().skip(1).map(|line| line.split(',').nth(at).unwrap()).collect();
        amounts.sort_unstable();
        assert_eq!(amounts, ["-1000.00", "0.05", "1234.50", "999999.99"]);
        assert!(text.lines().all(|line| line.split(',').count() == aid.heads.len()), "{text}");
        let people = table("person").csv();
        assert!(people.contains(",051266666666,") && people.contains(",999999194912310021,"), "{people}");
        assert!(people.contains("\"王\"\"大\"\"伟,\""), "{people}");
        assert!(table("household").csv().contains("0102"));
    }

    #[test]
    fn a_column_of_names_sorts_by_the_numbers_in_them_and_what_may_not_be_read_is_neither_shown_nor_found() {
        let mut made = Made::default();
        let grids =
            ["第十网格", "第二网格", "第一网格"].map(|name| made.record("grid", serde_json::json!({"name": name})));
        let wish = Wish { sort: Some(("name".into(), true)), ..Wish::default() };
        assert_eq!(found(&made, "grid", &wish), [grids[2], grids[1], grids[0]]);
        let pack = Pack::community();
        let seen = made.build(&pack, |builder| {
            let builder = Builder { may_read: &|record| record.id != grids[1], ..builder };
            builder.ledger(&pack.kinds["grid"], &wish, today()).ids
        });
        assert_eq!(seen, [grids[2], grids[0]]);
    }
}
