//! Several tablets and an office, with messages lost, doubled and cut, disks failing, power going, clocks off by years.
//!
//! Whatever happens: once the line is good again every save is at the office exactly once or in quarantine with its
//! reason, queues are empty, and every tablet holds the same as the office.

mod world;

use proptest::prelude::*;
use sync::{
    RecordId,
    engine::{Effect, Engine, Event, Failure, Phase, Staged},
    wire::{BlockRef, Cursor, MAX_CHANGES, MAX_PUSH_BYTES, Manifest, SyncRequest},
};
use world::{
    device::{Device, Line},
    office::Office,
};

#[derive(Clone, Debug)]
enum Act {
    Save { device: usize, record: u8, field: bool, value: u8 },
    Tag { device: usize, record: u8, tags: Vec<bool> },
    Work { device: usize, line: Line, store_fails: bool },
    Wake { device: usize },
    Crash { device: usize },
    Clock { device: usize, years: i8 },
}

fn act(devices: usize) -> impl Strategy<Value = Act> {
    let device = 0..devices;
    let line = prop_oneof![
        6 => Just(Line::Good),
        1 => Just(Line::LostRequest),
        2 => Just(Line::LostAnswer),
        1 => Just(Line::Doubled)
    ];
    prop_oneof![
        4 => (device.clone(), 0u8..6, any::<bool>(), 0u8..250)
            .prop_map(|(device, record, field, value)| Act::Save { device, record, field, value }),
        1 => (device.clone(), 0u8..6, proptest::collection::vec(any::<bool>(), 3))
            .prop_map(|(device, record, tags)| Act::Tag { device, record, tags }),
        12 => (device.clone(), line, proptest::bool::weighted(0.05))
            .prop_map(|(device, line, store_fails)| Act::Work { device, line, store_fails }),
        3 => device.clone().prop_map(|device| Act::Wake { device }),
        1 => device.clone().prop_map(|device| Act::Crash { device }),
        1 => (device, -3i8..4).prop_map(|(device, years)| Act::Clock { device, years }),
    ]
}

fn play(acts: &[Act], devices: usize) {
    let mut office = Office::new(world::pack());
    let pack = world::pack();
    let mut tablets: Vec<Device> = (1..=devices as u64).map(Device::new).collect();
    let mut saved = 0;
    for act in acts {
        match act {
            Act::Save { device, record, field, value } => {
                let tablet = &mut tablets[*device];
                let before = tablet.disk.last_number;
                let field = if *field { "a" } else { "b" };
                // Every fiftieth is a text the pack refuses: it must end in quarantine, not in the way.
                let value = if value % 50 == 0 { "长".repeat(10_001) } else { format!("{value}") };
                tablet.save(&pack, world::record_id(*record), field, value.into());
                saved += tablet.disk.last_number - before;
            }
            Act::Tag { device, record, tags } => {
                let tablet = &mut tablets[*device];
                let before = tablet.disk.last_number;
                let tags: Vec<&str> =
                    ["x", "y", "z"].into_iter().zip(tags).filter(|(_, on)| **on).map(|(t, _)| t).collect();
                tablet.save(&pack, world::record_id(*record), "tags", tags.into());
                saved += tablet.disk.last_number - before;
            }
            Act::Work { device, line, store_fails } => tablets[*device].work(&mut office, *line, *store_fails),
            Act::Wake { device } => tablets[*device].wake(),
            Act::Crash { device } => tablets[*device].crash(),
            Act::Clock { device, years } => {
                let year = 365 * 86_400_000i64;
                tablets[*device].wall = world::NEW_YEAR.saturating_add_signed(i64::from(*years) * year);
            }
        }
    }
    settle(&mut tablets, &mut office);
    let refused =
        office.ledger.changes.values().filter(|(_, v)| matches!(v, sync::wire::Verdict::Refused { .. })).count() as u64;
    assert_eq!(office.ledger.changes.len() as u64, saved, "every save is at the office, once");
    assert_eq!(office.ledger.effects + refused, saved, "an accepted change took effect once, a refused one not at all");
    assert_eq!(office.refetches, 0, "checksums mend damage; nothing here is damaged");
    for tablet in &tablets {
        assert_eq!(tablet.engine.status().waiting, 0, "device {} still has a queue", tablet.id);
        assert_eq!(tablet.alarms, 0, "no store was lost");
        assert!(tablet.disk.log.is_empty());
        for (seq, record) in office.ledger.records.values() {
            let held = tablet.disk.records.get(&record.id);
            assert_eq!(held, Some(record), "device {} differs at sequence {seq}", tablet.id);
        }
        assert_eq!(tablet.disk.records.len(), office.ledger.records.len());
        let refused = |verdict: &sync::wire::Verdict| matches!(verdict, sync::wire::Verdict::Refused { .. });
        let there =
            office.ledger.changes.iter().filter(|((d, _), (_, v))| *d == tablet.id && refused(v)).map(|((_, n), _)| n);
        assert!(there.eq(tablet.disk.refused.keys()), "what is in quarantine there stays readable here");
    }
}

/// The line is good, clocks stay as they are; everyone syncs until nobody has anything to do.
fn settle(tablets: &mut [Device], office: &mut Office) {
    for _ in 0..3 {
        for tablet in tablets.iter_mut() {
            tablet.wake();
            for _ in 0..10_000 {
                if tablet.todo.is_empty() {
                    break;
                }
                tablet.work(office, Line::Good, false);
            }
            assert!(tablet.todo.is_empty(), "device {} never rests", tablet.id);
            assert_eq!(tablet.engine.status().phase, Phase::Resting, "device {}", tablet.id);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, max_shrink_iters: 20_000, ..ProptestConfig::default() })]

    #[test]
    fn whatever_the_line_does_everything_arrives_once_and_everywhere(acts in proptest::collection::vec(act(3), 1..120)) {
        play(&acts, 3);
    }
}

#[test]
fn an_answer_lost_after_the_commit_makes_no_duplicate() {
    let save = |device, value| Act::Save { device, record: 1, field: true, value };
    let work = |line| Act::Work { device: 0, line, store_fails: false };
    play(
        &[work(Line::Good), work(Line::Good), save(0, 1), work(Line::LostAnswer), Act::Crash { device: 0 }, save(0, 2)],
        1,
    );
}

#[test]
fn a_damaged_bucket_is_noticed_by_its_checksum_and_fetched_whole() {
    let mut office = Office::new(world::pack());
    let mut tablet = Device::new(1);
    for n in 0..5 {
        tablet.save(&world::pack(), world::record_id(n), "a", "kept".into());
    }
    settle(std::slice::from_mut(&mut tablet), &mut office);
    tablet.disk.records.remove(&world::record_id(3));
    tablet.crash();
    settle(std::slice::from_mut(&mut tablet), &mut office);
    assert_eq!(office.refetches, 1);
    assert_eq!(tablet.disk.records.len(), 5);
}

#[test]
fn a_store_that_lost_its_log_is_noticed() {
    let mut office = Office::new(world::pack());
    let mut tablet = Device::new(1);
    tablet.save(&world::pack(), world::record_id(1), "a", "kept".into());
    settle(std::slice::from_mut(&mut tablet), &mut office);
    tablet.disk = Default::default();
    tablet.crash();
    settle(std::slice::from_mut(&mut tablet), &mut office);
    assert_eq!(tablet.alarms, 1, "the server knows number 1 of a device that never gave it out");
}

#[test]
fn a_restored_office_gets_back_what_its_backup_lacked() {
    let mut office = Office::new(world::pack());
    let mut tablets = [Device::new(1), Device::new(2)];
    tablets[0].save(&world::pack(), world::record_id(1), "a", "before".into());
    settle(&mut tablets, &mut office);
    office.back_up();
    tablets[0].save(&world::pack(), world::record_id(1), "a", "after".into());
    tablets[1].save(&world::pack(), world::record_id(2), "b", "long".repeat(3000).into());
    settle(&mut tablets, &mut office);
    let before = office.ledger.clone();
    assert!(tablets.iter().all(|tablet| tablet.engine.status().waiting == 0 && tablet.disk.log.is_empty()));
    office.restore();
    settle(&mut tablets, &mut office);
    assert!(office.ledger.changes.keys().eq(before.changes.keys()), "the refused one is in quarantine again too");
    let records = |ledger: &world::office::Ledger| ledger.records.values().map(|(_, r)| r.clone()).collect::<Vec<_>>();
    assert_eq!(records(&office.ledger), records(&before));
    assert!(tablets.iter().all(|tablet| tablet.disk.records.values().eq(records(&before).iter())));
}

#[test]
fn a_right_lost_between_two_pages_leaves_nothing_of_the_first() {
    let mut office = Office::new(world::pack());
    office.posts.insert("officer1".into(), "chief");
    let mut tablet = Device::new(1);
    settle(std::slice::from_mut(&mut tablet), &mut office);
    // Two tablets' worth of news, so that it comes in pages.
    let mut other = Device::new(2);
    office.posts.insert("officer2".into(), "chief");
    settle(std::slice::from_mut(&mut other), &mut office);
    for n in 0..8 {
        let kind = if n == 0 { "secret" } else { "note" };
        other.save_of(&world::pack(), kind, world::record_id(n), "a", "news".into(), false);
    }
    settle(std::slice::from_mut(&mut other), &mut office);
    tablet.wake();
    tablet.work(&mut office, Line::Good, false);
    office.posts.insert("officer1".into(), "desk");
    settle(std::slice::from_mut(&mut tablet), &mut office);
    assert_eq!(tablet.disk.records.len(), 7);
    assert!(tablet.disk.records.values().all(|record| record.kind == "note"));
}

#[test]
fn blocks_in_the_middle_of_a_round_leave_no_page_behind() {
    let mut office = Office::new(world::pack());
    let (mut tablet, mut other) = (Device::new(1), Device::new(2));
    settle(std::slice::from_mut(&mut tablet), &mut office);
    for n in 0..8 {
        other.save(&world::pack(), world::record_id(n), "a", "news".into());
    }
    settle(std::slice::from_mut(&mut other), &mut office);
    tablet.wake();
    tablet.work(&mut office, Line::Good, false);
    // A page has come in, and is kept at the end of the round. A new right brings blocks before that, then the line goes.
    office.posts.insert("officer1".into(), "chief");
    for line in [Line::Good, Line::Good, Line::Good, Line::LostAnswer] {
        tablet.work(&mut office, line, false);
    }
    settle(std::slice::from_mut(&mut tablet), &mut office);
    assert_eq!(tablet.disk.records.len(), 8);
    assert_eq!(office.refetches, 0, "not by the checksum: nothing was passed over");
}

/// Syncs to the end over a good line: how many changes each checkpoint settles.
fn settled(tablet: &mut Device, office: &mut Office) -> Vec<usize> {
    let mut settled = Vec::new();
    while let Some(effect) = tablet.todo.front() {
        if let Effect::Store(checkpoint) = effect {
            settled.push(checkpoint.settled.len());
        }
        tablet.work(office, Line::Good, false);
    }
    settled
}

#[test]
fn what_waits_is_kept_at_once_over_a_line_that_holds_and_batch_by_batch_after_one_that_broke() {
    // Pages as a real office has them, and so small that several come for each batch.
    [1000, 200].into_iter().for_each(kept_over_a_line);
}

fn kept_over_a_line(page: usize) {
    let mut office = Office::new(world::pack());
    (office.page, office.far) = (page, 5000);
    let mut tablet = Device::new(1);
    settle(std::slice::from_mut(&mut tablet), &mut office);
    let away = |tablet: &mut Device, records: std::ops::Range<u128>| {
        tablet.engine.step(tablet.wall, 7, Event::SignedOut);
        records.for_each(|n| tablet.save(&world::pack(), RecordId::from_u128(n + 1), "a", "away".into()));
        tablet.crash();
    };
    away(&mut tablet, 0..1200);
    assert_eq!(settled(&mut tablet, &mut office), [1200]);
    away(&mut tablet, 1200..2600);
    tablet.work(&mut office, Line::Good, false);
    tablet.work(&mut office, Line::LostAnswer, false);
    tablet.wake();
    let kept = settled(&mut tablet, &mut office);
    assert_eq!(kept[0], MAX_CHANGES / 2, "half of what the line broke with, and kept before anything else is risked");
    assert_eq!((kept.iter().sum(), kept.len()), (1400, 3), "then more and more at once");
    assert_eq!(office.ledger.changes.len(), 2600);
}

/// Runs a tablet to its next rest or pause; the requests with changes that it made, each by its number of changes.
fn pushed(tablet: &mut Device, office: &mut Office) -> Vec<usize> {
    let mut pushed = Vec::new();
    while let Some(effect) = tablet.todo.front() {
        if let Effect::Send(request) = effect {
            pushed.push(request.changes.len());
        }
        tablet.work(office, Line::Good, false);
    }
    pushed.retain(|changes| *changes > 0);
    pushed
}

/// A tablet that was away and wrote so much, and its office.
fn back_with(saves: u128) -> (Device, Office) {
    let (mut office, mut tablet) = (Office::new(world::pack()), Device::new(1));
    (office.page, office.far) = (1000, 5000);
    settle(std::slice::from_mut(&mut tablet), &mut office);
    tablet.sign_out();
    tablet.account = "officer1".into();
    (0..saves).for_each(|n| tablet.save(&world::pack(), RecordId::from_u128(n + 1), "a", "入户走访".repeat(20).into()));
    tablet.crash();
    (tablet, office)
}

#[test]
fn work_gets_through_a_line_that_lets_no_large_request_pass() {
    use Failure::{Busy, Gateway, Offline, Refused, Server, Strange, TooLarge};
    for failure in [Offline, TooLarge, Gateway, Busy(0), Server, Strange, Refused] {
        let (mut tablet, mut office) = back_with(400);
        office.most = (7, failure);
        let mut requests = Vec::new();
        while tablet.engine.status().waiting > 0 {
            tablet.wake();
            requests.extend(pushed(&mut tablet, &mut office));
            assert!(requests.len() < 200, "{failure:?}: {requests:?}");
        }
        assert_eq!((office.ledger.changes.len(), tablet.disk.refused.len()), (400, 0), "{failure:?}");
        // Then the line is a good one again, and takes what it is given.
        office.most.0 = MAX_CHANGES;
        for n in 1000..1400 {
            tablet.save(&world::pack(), RecordId::from_u128(n), "a", "走访".into());
        }
        (0..9).for_each(|_| {
            tablet.wake();
            pushed(&mut tablet, &mut office);
        });
        for n in 2000..2300 {
            tablet.engine.step(tablet.wall, 7, Event::SignedOut);
            tablet.save(&world::pack(), RecordId::from_u128(n), "a", "走访".into());
        }
        tablet.event(Event::SignedIn { account: "officer1".into() });
        assert_eq!(pushed(&mut tablet, &mut office)[0], 300, "{failure:?}: all at once again");
    }
}

#[test]
fn one_change_that_is_too_large_for_what_lies_on_the_way_waits_and_is_not_called_unreadable() {
    let (mut tablet, mut office) = back_with(3);
    office.most = (0, Failure::TooLarge);
    assert_eq!(pushed(&mut tablet, &mut office), [3, 1]);
    assert_eq!(tablet.engine.status().phase, Phase::Paused(Failure::TooLarge));
    assert_eq!((tablet.engine.status().waiting, tablet.disk.refused.len()), (3, 0));
}

#[test]
fn what_no_size_could_help_makes_no_request_smaller() {
    let (mut tablet, mut office) = back_with(400);
    for failure in [Failure::NoNetwork, Failure::SignIn, Failure::Forbidden, Failure::TooOld, Failure::TooNew] {
        office.most = (0, failure);
        tablet.event(Event::SignedIn { account: "officer1".into() });
        assert_eq!(pushed(&mut tablet, &mut office), [400], "{failure:?}");
    }
}

#[test]
fn a_full_request_with_all_around_it_stays_below_what_proxies_let_pass() {
    let mut engine = Engine::new(sync::DeviceId(u64::MAX), 0);
    engine.step(0, 0, Event::SignedIn { account: "officer1".into() });
    let long = |length: usize| "x".repeat(length);
    let cursor = Cursor { epoch: long(100), seq: u64::MAX, scope: long(4096), schema: u16::MAX };
    // The smallest and the largest that there are; the first ones fill a request by their number.
    for text in [1, 900, 3000, 200_000] {
        let queue = (1..3000u64).map(|n| world::change(1, n, u64::from(u32::MAX), 1, "a", &long(text))).collect();
        let mut engine = engine.clone();
        let effects = engine.step(0, 0, Event::Opened { cursor: Some(cursor.clone()), queue, staged: None });
        let [Effect::Send(request)] = &effects[..] else { panic!("{effects:?}") };
        let refetch: Vec<_> = (0..256).map(|n| sync::Bucket(format!("restricted/{n}{}", long(80)))).collect();
        let whole = serde_json::to_vec(&SyncRequest { refetch, ..(**request).clone() }).unwrap().len();
        assert!(whole < 1024 * 1024, "{whole} bytes");
        assert!(text < 900 || whole > MAX_PUSH_BYTES / 2 || request.changes.len() == MAX_CHANGES, "{whole} bytes");
    }
}

#[test]
fn blocks_too_are_fetched_in_smaller_lots_over_a_line_that_breaks() {
    let block = |n: u8| BlockRef {
        id: sync::block::BlockId::of(&[n]),
        bucket: sync::Bucket("open/note".into()),
        bytes: 1,
        records: 1,
    };
    let manifest = Manifest { buckets: vec![], blocks: (0..100).map(block).collect() };
    let next = Cursor { epoch: "e".into(), seq: 1, scope: "open/note".into(), schema: 1 };
    let staged = Staged { manifest, next, have: Default::default() };
    let mut engine = Engine::new(sync::DeviceId(1), 0);
    engine.step(0, 0, Event::SignedIn { account: "officer1".into() });
    let asked = |effects: Vec<Effect>| match &effects[..] {
        [Effect::Fetch(ids)] => ids.len(),
        other => panic!("{other:?}"),
    };
    let mut lots = Vec::new();
    for failure in [Failure::Offline, Failure::NoNetwork, Failure::Gateway] {
        let opened = Event::Opened { cursor: None, queue: vec![], staged: Some(staged.clone()) };
        lots.push(asked(engine.step(0, 0, opened)));
        engine.step(0, 0, Event::Failed(failure));
    }
    let opened = Event::Opened { cursor: None, queue: vec![], staged: Some(staged) };
    lots.push(asked(engine.step(0, 0, opened)));
    lots.push(asked(engine.step(0, 0, Event::Fetched)));
    assert_eq!(lots, [16, 8, 8, 4, 8]);
}
