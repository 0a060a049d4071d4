//! Tablets whose stores are copied while work waits in them, each copy going on under the same identity. As the app does, one that
//! hears of the other takes an identity of its own and sends all that waits. Nothing is lost, nothing comes in twice.

mod world;

use std::collections::BTreeMap;

use sync::{
    Change, Clock, Record, RecordId,
    wire::{NUMBER_REUSED, Verdict},
};
use world::{
    device::{Device, Line},
    office::Office,
    pack, record_id,
};

const STORIES: u64 = 300;
const LENGTH: usize = 120;
const MACHINES: usize = 4;

/// Numbers from a seed (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, most: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % most
    }
}

struct Story {
    office: Office,
    machines: Vec<Device>,
    saved: BTreeMap<(RecordId, Clock), Change>,
    identities: u64,
    now: u64,
    renamed: u64,
}

impl Story {
    fn new() -> Self {
        let mut office = Office::new(pack());
        office.may_be_copied = true;
        let now = world::NEW_YEAR;
        Self { office, machines: vec![Device::new(1)], saved: BTreeMap::new(), identities: 1, now, renamed: 0 }
    }

    fn save(&mut self, machine: usize, record: u64, value: u64) {
        // No two machines write in the same millisecond.
        self.now += 1;
        self.office.now = self.now;
        self.machines.iter_mut().for_each(|machine| machine.wall = self.now);
        let (pack, id) = (self.office.pack.clone(), record_id(record as u8));
        let change = self.machines[machine].save_of(&pack, "note", id, "a", format!("{value}").into(), value == 7);
        self.saved.extend(change.map(|change| ((change.record, change.clock), change)));
    }

    fn work(&mut self, machine: usize, line: Line) {
        let device = &mut self.machines[machine];
        device.work(&mut self.office, line, false);
        let is_reused = device.disk.refused.values().any(|(_, problems)| problems[0].code == NUMBER_REUSED);
        if device.alarms > 0 || is_reused {
            self.identities += 1;
            self.renamed += 1;
            device.alarms = 0;
            device.start_again(self.identities);
        }
    }

    fn settle(&mut self) {
        for _ in 0..4 {
            for machine in 0..self.machines.len() {
                self.machines[machine].sign_in("officer1");
                for _ in 0..400 {
                    self.work(machine, Line::Good);
                }
                self.machines[machine].wake();
            }
        }
        for machine in 0..self.machines.len() {
            for _ in 0..400 {
                self.work(machine, Line::Good);
            }
        }
    }

    fn check(&self, seed: u64) {
        let ledger = &self.office.ledger;
        let accepted: Vec<&Change> = ledger
            .changes
            .values()
            .filter(|(_, verdict)| matches!(verdict, Verdict::Accepted { .. }))
            .map(|(change, _)| change)
            .collect();
        let mut moments: Vec<_> = accepted.iter().map(|change| (change.record, change.clock)).collect();
        moments.sort();
        moments.dedup();
        assert_eq!(moments.len(), accepted.len(), "seed {seed}: a save came in twice");
        assert_eq!(ledger.effects, accepted.len() as u64, "seed {seed}");
        for ((record, clock), change) in &self.saved {
            let is_there = accepted.iter().any(|there| there.says_the_same(change));
            assert!(is_there, "seed {seed}: the save of {record} at {clock} is not at the office");
        }
        for device in &self.machines {
            assert!(
                device.disk.log.is_empty() && device.disk.refused.is_empty(),
                "seed {seed}: device {} still waits",
                device.id
            );
            let here: Vec<&Record> = device.disk.records.values().collect();
            let there: Vec<&Record> = ledger.records.values().map(|(_, record)| record).collect();
            assert_eq!(here, there, "seed {seed}: device {}", device.id);
        }
    }
}

#[test]
fn copies_of_a_tablet_lose_nothing_and_bring_nothing_twice() {
    let mut renamed = 0;
    for seed in 1..=STORIES {
        let (mut dice, mut story) = (Dice(seed), Story::new());
        for _ in 0..LENGTH {
            let machine = dice.below(story.machines.len() as u64) as usize;
            match dice.below(20) {
                0..5 => story.save(machine, dice.below(5), dice.below(40)),
                5 if story.machines.len() < MACHINES => story.machines.push(story.machines[machine].clone()),
                6 => story.machines[machine].crash(),
                7 | 8 => story.machines[machine].wake(),
                9 => story.work(machine, Line::LostAnswer),
                10 => story.work(machine, Line::LostRequest),
                _ => story.work(machine, Line::Good),
            }
        }
        story.settle();
        story.check(seed);
        renamed += story.renamed;
    }
    assert!(renamed > STORIES, "copies met: {renamed}");
}
