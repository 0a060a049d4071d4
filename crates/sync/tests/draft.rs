//! From what a form opened with to the change that lies between.

mod world;

use std::collections::BTreeSet;

use records::Fields;
use serde_json::json;
use sync::{Change, Clock, DeviceId, Draft, Record, draft::Pen, judge::judge};
use world::{change, pack, record_id};

fn pen(number: u64) -> Pen {
    Pen { device: DeviceId(9), number, clock: Clock::new(99, 0, DeviceId(9)), author: "officer9".into() }
}

fn fields(values: serde_json::Value) -> Fields {
    serde_json::from_value(values).unwrap()
}

#[test]
fn only_what_differs_is_said_and_emptied_is_null() {
    let record =
        Record::from(&Change { set: fields(json!({"a": "old", "b": "stays"})), ..change(1, 1, 10, 0, "a", "") });
    let mut draft = Draft::of(&record);
    assert!(!draft.is_touched());
    assert_eq!(draft.change(&pack(), pen(1)), None);
    draft.now.remove("a");
    let said = draft.change(&pack(), pen(1)).unwrap();
    assert_eq!(said.set, fields(json!({"a": null})));
    assert_eq!(said.seen["a"], BTreeSet::from([record.made]));
    assert!(!said.seen.contains_key("b"));
}

#[test]
fn sets_are_said_member_by_member() {
    let mut draft = Draft::new(record_id(0), "note", fields(json!({"tags": ["x", "y"]})));
    let said = draft.change(&pack(), pen(1)).unwrap();
    assert_eq!(said.add["tags"].len(), 2);
    draft = Draft::of(&Record::from(&said));
    draft.now.insert("tags".into(), json!(["y", "z"]));
    let said = draft.change(&pack(), pen(2)).unwrap();
    assert_eq!((said.add["tags"].clone(), said.remove["tags"].clone()), (["z".into()].into(), ["x".into()].into()));
    assert!(said.set.is_empty());
}

#[test]
fn a_value_that_arrived_while_the_form_was_open_is_concurrent_not_overwritten() {
    let mut record = Record::from(&change(1, 1, 10, 0, "a", "first"));
    let mut draft = Draft::of(&record);
    draft.now.insert("a".into(), "mine".into());
    let theirs = Change { seen: draft.seen.clone(), ..change(2, 1, 50, 0, "a", "theirs") };
    record.apply(&theirs);
    record.apply(&draft.change(&pack(), pen(1)).unwrap());
    assert_eq!(record.text("a").as_deref(), Some("mine"));
    assert_eq!(record.losers("a").into_iter().map(|(_, w)| w.value).collect::<Vec<_>>(), ["theirs"]);
}

#[test]
fn the_judge_names_the_reason() {
    let check = |change: Change, current: Option<&Record>| {
        let verdict = judge(&pack(), &change, current, &world::context("officer1"));
        verdict.err().and_then(|p| p.first().map(|p| p.code.clone())).unwrap_or_default()
    };
    let good = change(1, 1, 10, 0, "a", "fine");
    assert_eq!(check(good.clone(), None), "");
    assert_eq!(check(Change { kind: "ghost".into(), ..good.clone() }, None), "unknown_kind");
    assert_eq!(check(Change { kind: "secret".into(), ..good.clone() }, None), "forbidden");
    assert_eq!(check(change(2, 1, 10, 0, "a", "fine"), None), "author");
    assert_eq!(check(Change { set: Fields::new(), ..good.clone() }, None), "empty");
    assert_eq!(check(change(1, 1, 10, 0, "a", &"x".repeat(300_000)), None), "too_large");
    let other = Record::from(&Change { kind: "secret".into(), ..good.clone() });
    assert_eq!(check(good.clone(), Some(&other)), "kind");
    let mut facts = pack();
    facts.kinds.get_mut("note").unwrap().nature = records::pack::Nature::Fact;
    let current = Record::from(&good);
    let again = change(1, 2, 20, 0, "a", "corrected");
    let code =
        |change| judge(&facts, &change, Some(&current), &world::context("officer1")).err().map(|p| p[0].code.clone());
    assert_eq!(code(again.clone()).as_deref(), Some("why"));
    assert_eq!(code(Change { why: Some("写错了".into()), ..again }), None);
}
