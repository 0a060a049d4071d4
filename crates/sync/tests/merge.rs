//! Merging is a join: the order, grouping and repetition of changes never matter, and no concurrent value is lost.

mod world;

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use sync::{Change, Clock, DeviceId, Record, block, change::VOID};

/// Any change of one record, also by devices that do not keep their promises: any clock, any `seen`.
fn change() -> impl Strategy<Value = Change> {
    let clock =
        (0u64..4, 0u16..2, 1u64..4).prop_map(|(millis, counter, device)| Clock::new(millis, counter, DeviceId(device)));
    let field = prop_oneof![Just("a".to_owned()), Just("b".to_owned())];
    let value = prop_oneof![Just(serde_json::Value::Null), (0i64..3).prop_map(Into::into), "[xy]".prop_map(Into::into)];
    let tags =
        proptest::collection::btree_map(Just("tags".to_owned()), proptest::collection::btree_set("[xyz]", 1..3), 0..2);
    let set = proptest::collection::btree_map(field.clone(), value, 0..3);
    let seen = proptest::collection::btree_map(field, proptest::collection::btree_set(clock.clone(), 0..3), 0..3);
    (clock, set, seen, tags.clone(), tags).prop_map(|(clock, set, seen, add, remove)| Change {
        clock,
        set,
        seen,
        add,
        remove,
        ..world::change(clock.device().0, 1, 0, 0, "a", "")
    })
}

/// What a tablet or the office may have of it: one in five times, what an erasure left.
fn state() -> impl Strategy<Value = Record> {
    let erased = (0u8..5, any::<bool>(), 0u64..3);
    (change(), erased).prop_map(|(change, (dice, is_fact, at))| {
        let record = Record::from(&change);
        let mut pack = world::pack();
        if let Some(kind) = pack.kinds.get_mut("note").filter(|_| is_fact) {
            kind.nature = records::pack::Nature::Fact;
        }
        let clock = Clock::new(at, 0, DeviceId(0));
        if dice == 0 { record.erased(&pack, &BTreeSet::new(), clock, "zhu", "1") } else { record }
    })
}

fn merged(changes: &[Change]) -> Record {
    let (first, rest) = changes.split_first().unwrap();
    let mut record = Record::from(first);
    rest.iter().for_each(|c| record.apply(c));
    record
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, ..ProptestConfig::default() })]

    #[test]
    fn joining_is_commutative_associative_and_idempotent(a in state(), b in state(), c in state()) {
        let join = |x: &Record, y: &Record| { let mut z = x.clone(); z.join(y.clone()); z };
        prop_assert_eq!(join(&a, &b), join(&b, &a));
        prop_assert_eq!(join(&join(&a, &b), &c), join(&a, &join(&b, &c)));
        let all = join(&join(&a, &b), &c);
        prop_assert_eq!(join(&all, &all), all.clone());
        prop_assert_eq!(join(&all, &b), all);
    }

    #[test]
    fn any_order_with_repeats_gives_the_same_record(changes in proptest::collection::vec(change(), 1..8), picks in proptest::collection::vec(0usize..8, 0..12)) {
        let mut again: Vec<Change> = picks.iter().filter_map(|i| changes.get(*i).cloned()).collect();
        again.extend(changes.iter().rev().cloned());
        prop_assert_eq!(merged(&again), merged(&changes));
    }

    #[test]
    fn blocks_and_json_give_back_what_they_were_given(changes in proptest::collection::vec(change(), 1..8)) {
        let record = merged(&changes);
        let json = serde_json::to_string(&record).unwrap();
        prop_assert_eq!(&serde_json::from_str::<Record>(&json).unwrap(), &record);
        let block = block::encode([&record, &record]);
        prop_assert_eq!(block::decode(&block).unwrap(), vec![record.clone(), record]);
    }

    #[test]
    fn a_damaged_block_is_an_error_never_a_crash(changes in proptest::collection::vec(change(), 1..4), at in any::<prop::sample::Index>(), bit in 0u8..8, cut in any::<prop::sample::Index>()) {
        let mut bytes = block::encode(&[merged(&changes)]);
        let place = at.index(bytes.len());
        bytes[place] ^= 1 << bit;
        let _ = block::decode(&bytes);
        let _ = block::decode(&bytes[..cut.index(bytes.len())]);
    }

    #[test]
    fn arbitrary_bytes_are_no_block(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
        let mut deflated = vec![1];
        deflated.extend(miniz_oxide::deflate::compress_to_vec(&bytes, 1));
        let _ = block::decode(&bytes);
        let _ = block::decode(&deflated);
    }
}

#[test]
fn the_later_of_two_concurrent_edits_shows_and_the_earlier_is_kept() {
    let first = world::change(1, 1, 10, 0, "a", "one");
    let seen = BTreeMap::from([("a".to_owned(), BTreeSet::from([first.clock]))]);
    let left = Change { seen: seen.clone(), ..world::change(1, 2, 20, 0, "a", "left") };
    let right = Change { seen, ..world::change(2, 1, 30, 0, "a", "right") };
    let record = merged(&[right.clone(), first, left]);
    assert_eq!(record.text("a").as_deref(), Some("right"));
    let losers: Vec<_> = record.losers("a").into_iter().map(|(_, w)| w.value).collect();
    assert_eq!(losers, ["left"], "the replaced value is gone, the concurrent one is kept");

    let both: BTreeSet<Clock> = record.seen_all("a");
    let settled = Change { seen: BTreeMap::from([("a".to_owned(), both)]), ..world::change(2, 2, 40, 0, "a", "left") };
    let mut record = record;
    record.apply(&settled);
    assert_eq!(record.text("a").as_deref(), Some("left"));
    assert_eq!(record.losers("a").len(), 0, "who saw both and chose has settled it");
}

#[test]
fn equal_values_written_concurrently_are_no_conflict() {
    let record = merged(&[world::change(1, 1, 10, 0, "a", "same"), world::change(2, 1, 11, 0, "a", "same")]);
    assert_eq!(record.losers("a").len(), 0);
}

#[test]
fn members_added_and_removed_on_two_devices_merge_one_by_one() {
    let tags = |list: &[&str]| BTreeMap::from([("tags".to_owned(), list.iter().map(|t| (*t).to_owned()).collect())]);
    let base = Change { add: tags(&["x", "y"]), ..world::change(1, 1, 10, 0, "a", "") };
    let adds = Change { add: tags(&["z"]), ..world::change(1, 2, 20, 0, "a", "") };
    let removes = Change { remove: tags(&["x"]), ..world::change(2, 1, 21, 0, "a", "") };
    assert_eq!(merged(&[removes, adds, base]).value("tags"), Some(serde_json::json!(["y", "z"])));
}

#[test]
fn a_void_record_says_so_and_keeps_its_values() {
    let record = merged(&[world::change(1, 1, 10, 0, "a", "kept"), world::change(1, 2, 20, 0, VOID, "记错了")]);
    assert!(record.is_void());
    assert_eq!(record.text("a").as_deref(), Some("kept"));
}

#[test]
fn numbers_words_and_links_survive_a_block() {
    let mut change = world::change(1, 1, 10, 0, "a", "住 3幢2单元501 𠮷");
    let values = [
        ("min", i64::MIN.into()),
        ("max", i64::MAX.into()),
        ("unsigned", u64::MAX.into()),
        ("real", 31.298_886_f64.into()),
        ("link", "0197a5b0-1111-7000-8000-000000000001".into()),
        ("shouting", "0197A5B0-1111-7000-8000-000000000001".into()),
        ("nested", serde_json::json!({"w": 300, "strokes": [[[1, 2], [3, -4]], []], "on": true, "no": null})),
        ("long", "好".repeat(2000).into()),
    ];
    change.set.extend(values.map(|(name, value)| (name.to_owned(), value)));
    let record = Record::from(&change);
    assert_eq!(block::decode(&block::encode([&record])).unwrap(), [record]);
}
