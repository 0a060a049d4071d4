//! Clocks that are wrong: far ahead, behind, put right in the middle, or made up.

mod world;

use world::{
    device::{Device, Line},
    office::Office,
};

/// Runs a tablet's rounds over a good line.
fn round(tablet: &mut Device, office: &mut Office) {
    tablet.wake();
    for _ in 0..1000 {
        tablet.work(office, Line::Good, false);
    }
    assert!(tablet.is_resting());
}

fn shows(tablet: &Device, field: &str) -> Option<sync::Value> {
    tablet.book.get(world::record_id(0)).and_then(|record| record.value(field))
}

const DAY: u64 = 86_400_000;

/// Three tablets that know the same note, at the office's time.
fn three() -> (Vec<Device>, Office, records::Pack) {
    let pack = world::pack();
    let mut office = Office::new(pack.clone());
    let mut tablets: Vec<Device> = (1..=3).map(Device::new).collect();
    tablets[2].save(&pack, world::record_id(0), "a", "1".into());
    for tablet in tablets.iter_mut().rev() {
        round(tablet, &mut office);
    }
    (tablets, office, pack)
}

fn pass(tablets: &mut [Device], office: &mut Office, millis: u64) {
    tablets.iter_mut().for_each(|tablet| tablet.wall += millis);
    office.now += millis;
}

#[test]
fn a_tablet_a_year_ahead_neither_wins_over_a_later_edit_nor_dates_what_others_write() {
    // The clock goes wrong after the last contact; or it was wrong at it and the tablet knows.
    for known in [false, true] {
        for wrong_first in [false, true] {
            let (mut tablets, mut office, pack) = three();
            tablets[0].wall += 366 * DAY;
            if known {
                round(&mut tablets[0], &mut office);
            }
            tablets[0].save(&pack, world::record_id(0), "a", "earlier, wrong clock".into());
            pass(&mut tablets, &mut office, 3_600_000);
            tablets[1].save(&pack, world::record_id(0), "a", "later, right clock".into());
            pass(&mut tablets, &mut office, 3_600_000);
            for at in if wrong_first { [0, 1, 2, 0] } else { [1, 0, 2, 1] } {
                round(&mut tablets[at], &mut office);
            }
            for tablet in &tablets {
                assert_eq!(shows(tablet, "a"), Some("later, right clock".into()), "known {known}, first {wrong_first}");
            }
            let wrote = office.ledger.records[&world::record_id(0)].1.losers("a")[0].0.millis();
            assert_eq!(wrote, world::NEW_YEAR, "what lost is dated when it was written");
            // Nobody is dragged along, the tablet itself neither.
            for (at, tablet) in tablets.iter_mut().enumerate() {
                tablet.save(&pack, world::record_id(9 + at as u8), "a", "new".into());
                let made = tablet.book.get(world::record_id(9 + at as u8)).unwrap().made.millis();
                assert!(made.abs_diff(office.now) <= sync::clock::MAX_LEAD, "{at}: {made}");
            }
        }
    }
}

#[test]
fn edits_one_after_the_other_on_a_wrong_clock_keep_their_order_whenever_the_clock_is_put_right() {
    for right_at in 0..4 {
        let (mut tablets, mut office, pack) = three();
        tablets[0].wall += 366 * DAY;
        for n in 0..3 {
            if n == right_at {
                tablets[0].wall -= 366 * DAY;
            }
            tablets[0].wall += 60_000;
            tablets[0].save(&pack, world::record_id(0), "a", format!("edit {n}").into());
            let tags = if n == 1 { vec!["x"] } else { vec!["y"] };
            tablets[0].save(&pack, world::record_id(0), "tags", tags.into());
            if n == 1 {
                // The answer is lost: the same comes again.
                tablets[0].wake();
                tablets[0].work(&mut office, Line::LostAnswer, false);
            }
        }
        for at in [0, 1, 2] {
            round(&mut tablets[at], &mut office);
            assert_eq!(shows(&tablets[at], "a"), Some("edit 2".into()), "right at {right_at}");
            assert_eq!(shows(&tablets[at], "tags"), Some(vec!["y"].into()), "right at {right_at}");
        }
        let record = &office.ledger.records[&world::record_id(0)].1;
        assert_eq!(record.disputed().count(), 0, "each replaced the one before");
        assert!(record.touched().millis() <= office.now + sync::clock::MAX_LEAD);
    }
}

#[test]
fn a_saturated_clock_makes_nobodys_edits_vanish() {
    let (mut tablets, mut office, pack) = three();
    let mut hostile = world::change(99, 1, sync::clock::MAX_MILLIS, 0, "b", "hostile");
    hostile.clock = sync::Clock::new(sync::clock::MAX_MILLIS, u16::MAX, sync::DeviceId(u64::MAX));
    let changes = vec![hostile];
    let (device, schema, cursor, refetch) = (sync::DeviceId(99), 3, None, vec![]);
    let request = sync::wire::SyncRequest { device, schema, cursor, refetch, changes, sent_at: None };
    let answer = office.sync(request, "officer99").unwrap();
    assert!(matches!(answer.receipts[0].verdict, sync::wire::Verdict::Accepted { .. }), "accepted, with its words");
    round(&mut tablets[0], &mut office);
    for value in ["1", "2", "3"] {
        tablets[0].wall += 1000;
        office.now += 1000;
        tablets[0].save(&pack, world::record_id(0), "b", value.into());
        tablets[0].save(&pack, world::record_id(0), "tags", vec![if value == "2" { "x" } else { "z" }].into());
        round(&mut tablets[0], &mut office);
        round(&mut tablets[1], &mut office);
        assert_eq!(shows(&tablets[1], "b"), Some(value.into()));
    }
    assert_eq!(shows(&tablets[1], "tags"), Some(vec!["z"].into()));
    // An office that let such a stamp in before: the tablet does not go along, and the last edit still stands.
    let mut poisoned = office.ledger.records[&world::record_id(0)].1.clone();
    let mut far = world::change(99, 2, sync::clock::MAX_MILLIS, 0, "b", "far");
    far.clock = sync::Clock::new(sync::clock::MAX_MILLIS, u16::MAX - 1, sync::DeviceId(u64::MAX));
    poisoned.apply(&far);
    office.ledger.head += 1;
    let head = office.ledger.head;
    office.ledger.records.insert(world::record_id(0), (head, poisoned));
    round(&mut tablets[0], &mut office);
    for value in ["4", "5", "6"] {
        tablets[0].save(&pack, world::record_id(0), "b", value.into());
        round(&mut tablets[0], &mut office);
    }
    assert_eq!(shows(&tablets[0], "b"), Some("6".into()));
}
