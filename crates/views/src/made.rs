//! A small community for the tests of what screens show.

use std::collections::BTreeSet;

use records::{Context, Fields, Lang, Pack, RecordId, User, Value, words};
use serde_json::json;
use sync::{Among, Change, Clock, DeviceId, book::Book};

use crate::builder::{Builder, Names};

/// A book being filled, on 2026-11-23.
#[derive(Default)]
pub struct Made {
    /// The records.
    pub book: Book,
    number: u64,
}

/// A moment, so many seconds after another.
pub fn at(second: u64) -> u64 {
    1_795_400_000_000 + second * 1000
}

/// The day it is in these tests.
pub fn today() -> jiff::civil::Date {
    jiff::civil::date(2026, 11, 23)
}

impl Made {
    /// Calls `f` with what expressions may know.
    pub fn context<R>(&self, f: impl FnOnce(&Context<'_>) -> R) -> R {
        f(&Context {
            today: today(),
            user: User { name: "chen", post: "civil_affairs" },
            lookup: &Among(|id| self.book.get(id)),
        })
    }

    /// Calls `f` with what builds screens and papers for someone who may read everything, in Chinese. The person behind an
    /// account is called 同志.
    pub fn build<R>(&self, pack: &Pack, f: impl FnOnce(Builder<'_>) -> R) -> R {
        let title = |id| {
            let of = |record: &sync::Record| {
                self.context(|context| words::title(pack, &record.kind, &record.values(), Lang::Zh, context))
            };
            self.book.get(id).map(of).unwrap_or_default()
        };
        let person = |account: &str| format!("{account}同志");
        let names = Names::new(&title, &person);
        f(Builder { pack, records: &self.book, may_read: &|_| true, names: &names, lang: Lang::Zh })
    }

    /// Writes a record.
    pub fn record(&mut self, kind: &str, fields: Value) -> RecordId {
        self.number += 1;
        let id = RecordId::from_u128(u128::from(self.number) << 80 | 0x7000_8000_0000_0000_0000);
        let set: Fields = serde_json::from_value(fields).expect("fields");
        self.write(id, kind, set, at(self.number));
        id
    }

    /// Writes one field of a record at a moment.
    pub fn set(&mut self, id: RecordId, field: &str, value: Value, millis: u64) {
        let kind = self.book.get(id).expect("a record").kind.to_string();
        self.number += 1;
        self.write(id, &kind, Fields::from([(field.to_owned(), value)]), millis);
    }

    /// The same by someone.
    pub fn set_by(&mut self, id: RecordId, field: &str, value: Value, author: &str, millis: u64) {
        let kind = self.book.get(id).expect("a record").kind.to_string();
        self.number += 1;
        self.change(id, &kind, Fields::from([(field.to_owned(), value)]), None, author, millis);
    }

    /// Adds members to a set of a record.
    pub fn add(&mut self, id: RecordId, field: &str, members: &[RecordId]) {
        let kind = self.book.get(id).expect("a record").kind.to_string();
        self.number += 1;
        let members = members.iter().map(|id| id.to_string()).collect();
        self.change(id, &kind, Fields::new(), Some((field.to_owned(), members)), "chen", at(self.number));
    }

    fn write(&mut self, id: RecordId, kind: &str, mut set: Fields, millis: u64) {
        let labels = set.remove("labels").map(|l| ("labels".to_owned(), serde_json::from_value(l).expect("members")));
        self.change(id, kind, set, labels, "chen", millis);
    }

    fn change(
        &mut self,
        id: RecordId,
        kind: &str,
        set: Fields,
        add: Option<(String, BTreeSet<String>)>,
        author: &str,
        millis: u64,
    ) {
        let device = DeviceId(7);
        self.book.write(Change {
            device,
            number: self.number,
            clock: Clock::new(millis, 0, device),
            author: author.into(),
            record: id,
            kind: kind.into(),
            set,
            add: add.into_iter().collect(),
            remove: Default::default(),
            seen: Default::default(),
            why: None,
            mends: None,
            schema: sync::wire::SCHEMA,
            more: Default::default(),
        });
    }

    /// A building.
    pub fn building(&mut self, name: &str) -> RecordId {
        self.record("building", json!({ "name": name }))
    }

    /// A household.
    pub fn household(&mut self, building: RecordId, stairwell: i64, floor: i64, flat: &str) -> RecordId {
        self.record("household", json!({ "building": building, "stairwell": stairwell, "floor": floor, "flat": flat }))
    }

    /// Someone who lives there.
    pub fn person(&mut self, household: RecordId, name: &str, phone: &str) -> RecordId {
        self.record("person", json!({ "household": household, "name": name, "phone": phone }))
    }

    /// A visit on a day, with a day to come back or none.
    pub fn visit(&mut self, household: RecordId, person: Option<RecordId>, date: &str, back: Option<&str>) -> RecordId {
        let mut fields = json!({ "channel": "visit", "household": household, "topic": "routine", "date": date });
        if let Some(person) = person {
            fields["person"] = json!(person);
        }
        if let Some(back) = back {
            fields["follow_up_on"] = json!(back);
        }
        self.record("service", fields)
    }
}
