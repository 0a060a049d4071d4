//! A small world for tests: an office, devices with disks, and a line between them that tests may cut.
#![allow(dead_code)]

pub mod device;
pub mod disk;
pub mod office;

use std::collections::BTreeMap;

use records::{
    Class, Context, Field, FieldType, Kind, Pack, Post, RecordId, Text, User,
    pack::{Frame, Nature},
};
use sync::{Change, Clock, DeviceId};

/// 2026-01-01T00:00:00Z in milliseconds.
pub const NEW_YEAR: u64 = 1_767_225_600_000;

fn field(name: &str, r#type: FieldType) -> Field {
    Field {
        name: name.into(),
        r#type,
        label: Text::new(name, name),
        hint: None,
        required: None,
        relevant: None,
        constraint: None,
        constraint_message: None,
        calculation: None,
        default: None,
        choice_filter: None,
        read_only: false,
        appearance: String::new(),
        class: None,
        search: false,
        column: false,
        disused: false,
        since: 0,
        review: false,
    }
}

fn post(name: &str, read: &[&str], write: &[&str]) -> Post {
    let all = |kinds: &[&str]| kinds.iter().map(|kind| (*kind).to_owned()).collect();
    let (name, label) = (name.to_owned(), Text::new(name, name));
    Post { name, label, read: all(read), write: all(write), report: false, frame: Frame::Officer }
}

/// A pack of three kinds, registers with texts `a` and `b` and a set `tags`: `note`; `secret`, which the post `chief` alone
/// may see; and `case`, which the officer named in `a` alone may see.
pub fn pack() -> Pack {
    let kind = |name: &str, class| Kind {
        name: name.into(),
        label: Text::new(name, name),
        nature: Nature::Register,
        class,
        date: None,
        icon: None,
        title: None,
        summary: None,
        by: Default::default(),
        assigned: (name == "case").then(|| "a".into()),
        keep_years: None,
        actions: Vec::new(),
        again: None,
        follows: Vec::new(),
        once: Vec::new(),
        walk: None,
        gone: None,
        tells_apart: None,
        fields: vec![
            field("a", FieldType::Text),
            field("b", FieldType::Text),
            field("tags", FieldType::SelectMultiple("tags".into())),
        ],
    };
    let kinds = [kind("note", Class::Open), kind("secret", Class::Restricted), kind("case", Class::Restricted)];
    let choice = |name: &str| records::pack::Choice {
        name: name.into(),
        label: Text::new(name, name),
        columns: BTreeMap::new(),
    };
    Pack {
        name: "test".into(),
        version: 1,
        kinds: kinds.into_iter().map(|k| (k.name.clone(), k)).collect(),
        posts: vec![
            post("desk", &["note", "case"], &["note", "case"]),
            post("chief", &["note", "secret", "case"], &["note", "secret", "case"]),
            post("guest", &["note"], &[]),
        ],
        choices: BTreeMap::from([("tags".into(), ["x", "y", "z"].map(choice).to_vec())]),
        ..Pack::default()
    }
}

/// A writer at the desk, on New Year's Day, who sees no other record.
pub fn context(name: &str) -> Context<'_> {
    context_as(name, "desk")
}

/// The same at any post.
pub fn context_as<'a>(name: &'a str, post: &'a str) -> Context<'a> {
    Context { today: jiff::civil::date(2026, 1, 1), user: User { name, post }, lookup: &records::NoOthers }
}

/// The `n`-th record of the world.
pub fn record_id(n: u8) -> RecordId {
    RecordId::from_u128(u128::from(n) + 1)
}

/// A change that sets `field` of a note to `value`.
pub fn change(device: u64, number: u64, millis: u64, record: u8, field: &str, value: &str) -> Change {
    Change {
        device: DeviceId(device),
        number,
        clock: Clock::new(millis, 0, DeviceId(device)),
        author: format!("officer{device}"),
        record: record_id(record),
        kind: "note".into(),
        set: BTreeMap::from([(field.into(), value.into())]),
        add: BTreeMap::new(),
        remove: BTreeMap::new(),
        seen: BTreeMap::new(),
        why: None,
        mends: None,
        schema: 1,
        more: BTreeMap::new(),
    }
}
