//! Playing a story: acts one after another, what must hold at each of them, and in the end what must hold when the line is
//! good again.

use std::{collections::BTreeMap, iter::Sum, panic::AssertUnwindSafe};

use sync::{
    Change, Clock, DeviceId,
    clock::MAX_MILLIS,
    engine::{Failure, Phase},
    wire::SyncRequest,
};

use crate::{
    act::{Act, DEVICES, PEOPLE, RECORDS},
    promise,
    world::{
        self,
        device::{Device, Line, Luck, Mail},
        office::{NEWEST, OLDEST, Office},
    },
};

const DAY: u64 = 86_400_000;
/// Between two acts, in milliseconds: nobody does two things in one.
const MOMENT: u64 = 5;
/// The device of someone who means no good.
pub const HOSTILE: u64 = 99;

/// The world of a story.
#[derive(Clone, Debug)]
pub struct World {
    /// Milliseconds since the story began.
    passed: u64,
    pub devices: Vec<Device>,
    pub office: Office,
    pub mail: Mail,
    /// Every save the screen called saved, by device and number: outside of anything that can fail.
    pub saved: BTreeMap<(u64, u64), Change>,
    pub given_back: u64,
    /// Somebody gets another post on the way; in such stories there are cases, too, which change hands.
    pub rights_changed: bool,
}

/// What was played, for the count at the end.
#[derive(Clone, Copy, Debug, Default)]
#[allow(dead_code, reason = "printed")]
pub struct Played {
    pub acts: u64,
    pub engine_steps: u64,
    pub saves: u64,
    pub refused: u64,
    pub restores: u64,
    pub given_back: u64,
    pub excused: u64,
}

impl Sum for Played {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |a, b| Self {
            acts: a.acts + b.acts,
            engine_steps: a.engine_steps + b.engine_steps,
            saves: a.saves + b.saves,
            refused: a.refused + b.refused,
            restores: a.restores + b.restores,
            given_back: a.given_back + b.given_back,
            excused: a.excused + b.excused,
        })
    }
}

/// Plays a story to its end; what broke otherwise.
pub fn play(acts: &[Act]) -> Result<Played, String> {
    std::panic::catch_unwind(AssertUnwindSafe(|| {
        let mut world = World::new(DEVICES);
        world.rights_changed = acts.iter().any(|act| matches!(act, Act::Post { .. }));
        for (place, act) in acts.iter().enumerate() {
            world.pass();
            world.act(*act).map_err(|broken| format!("after act {place}, {act:?}: {broken}"))?;
        }
        world.settle()?;
        promise::kept(&world)?;
        Ok(world.played(acts.len()))
    }))
    .unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<String>().cloned();
        Err(text.or(panic.downcast_ref::<&str>().map(|s| (*s).to_owned())).unwrap_or_else(|| "a panic".into()))
    })
}

impl World {
    /// With so many tablets, all new, and an empty office.
    pub fn new(devices: usize) -> Self {
        let devices = (1..=devices as u64).map(Device::new).collect();
        let (mail, saved) = Default::default();
        let mut office = Office::new(world::pack());
        // Two of them may see everything, so that most saves are taken.
        office.posts.extend([(PEOPLE[0].to_owned(), "chief"), (PEOPLE[3].to_owned(), "chief")]);
        Self { devices, office, mail, saved, passed: 0, given_back: 0, rights_changed: false }
    }

    /// Time passes, for all clocks alike, however wrong they are.
    fn pass(&mut self) {
        self.passed += MOMENT;
        self.office.now += MOMENT;
        self.devices.iter_mut().for_each(|device| device.wall += MOMENT);
    }

    /// Lets one thing happen; what broke by it otherwise.
    pub fn act(&mut self, act: Act) -> Result<(), String> {
        match act {
            Act::Save { device, record, field, value, cut } => {
                // Every thirtieth is a text the pack refuses: it must end in quarantine, not in the way.
                let text = if value % 30 == 0 { "长".repeat(10_001) } else { format!("{value}") };
                self.save(device, record, if field { "a" } else { "b" }, text.into(), cut);
            }
            Act::Tag { device, record, tags } => {
                let all = ["x", "y", "z"].into_iter().enumerate();
                let tags: Vec<&str> = all.filter(|(bit, _)| tags >> bit & 1 == 1).map(|(_, tag)| tag).collect();
                self.save(device, record, "tags", tags.into(), false);
            }
            Act::Work { device, line, luck } => self.work(device, line, luck)?,
            Act::Go { device, effects } => {
                for _ in 0..effects {
                    self.work(device, Line::Good, Luck::default())?;
                }
            }
            Act::Wake { device } => self.devices[device].wake(),
            Act::Crash { device } => self.devices[device].crash(),
            Act::Mail { which } if !self.mail.is_empty() => {
                let (account, request) = self.mail.swap_remove(usize::from(which) % self.mail.len());
                // Nobody waits for the answer.
                drop(self.office.sync(request, &account));
            }
            Act::Mail { .. } => {}
            Act::Clock { device, days } => {
                let start = world::NEW_YEAR + self.passed;
                self.devices[device].wall = start.saturating_add_signed(i64::from(days) * DAY as i64);
            }
            Act::SignIn { device, who } => self.devices[device].sign_in(PEOPLE[who]),
            Act::SignOut { device } => self.devices[device].sign_out(),
            Act::Post { who, post } => {
                self.office.posts.insert(PEOPLE[who].into(), post);
            }
            Act::App { device, speaks } => {
                // A new app is a new start.
                self.devices[device].speaks = speaks;
                self.devices[device].crash();
            }
            Act::Erase { record } => self.office.erase(world::record_id(record)),
            Act::Backup => self.office.back_up(),
            Act::Restore => {
                self.office.restore();
                promise::held(self)?;
            }
            Act::Days(days) => self.office.now += u64::from(days) * DAY,
            Act::Most(most, failure) => self.office.most = (usize::from(most), failure),
            Act::Server(minutes) => {
                self.office.now = self.office.now.saturating_add_signed(i64::from(minutes) * 60_000);
            }
            Act::Hostile { record, counter } => self.hostile(record, counter),
        }
        Ok(())
    }

    fn save(&mut self, device: usize, record: u8, field: &str, value: sync::Value, cut: bool) {
        let pack = self.office.pack.clone();
        let kind = match record % RECORDS {
            4 | 8 if self.rights_changed => "case",
            3 | 7 => "secret",
            _ => "note",
        };
        let id = world::record_id(record % RECORDS);
        let value = match (kind, field, value.as_str().and_then(|text| text.parse::<usize>().ok())) {
            ("case", "a", Some(number)) => PEOPLE[number % PEOPLE.len()].into(),
            _ => value,
        };
        if let Some(change) = self.devices[device].save_of(&pack, kind, id, field, value, cut) {
            self.saved.insert((change.device.0, change.number), change);
        }
    }

    /// Whoever it is has an account and says of the time what suits them.
    fn hostile(&mut self, record: u8, counter: u8) {
        let number = self.office.ledger.changes.range((HOSTILE, 0)..).count() as u64 + 1;
        let mut change = world::change(HOSTILE, number, MAX_MILLIS, record, "b", "hostile");
        change.clock = Clock::new(MAX_MILLIS - number, u16::MAX - u16::from(counter), DeviceId(HOSTILE));
        change.record = world::record_id(record % 3);
        let (device, cursor, refetch, changes) = (DeviceId(HOSTILE), None, vec![], vec![change]);
        let request = SyncRequest { device, schema: NEWEST, cursor, refetch, changes, sent_at: Some(u64::MAX) };
        drop(self.office.sync(request, &format!("officer{HOSTILE}")));
    }

    fn work(&mut self, device: usize, line: Line, luck: Luck) -> Result<(), String> {
        let tablet = &mut self.devices[device];
        let before = (tablet.disk.log.len(), tablet.disk.cursor.as_ref().map(|c| c.seq), tablet.disk.history.clone());
        tablet.work_with(&mut self.office, &mut self.mail, line, luck);
        let tablet = &self.devices[device];
        self.given_back += tablet.disk.log.len().saturating_sub(before.0) as u64;
        let after = (tablet.disk.log.len(), tablet.disk.cursor.as_ref().map(|c| c.seq), tablet.disk.history.clone());
        if before != after {
            promise::held(self)?;
        }
        promise::allowed(&self.devices[device])
    }

    /// The line is good, every app is new enough, clocks stay as they are: everyone whose work waits signs in where it
    /// waits, until nobody has anything to do.
    pub fn settle(&mut self) -> Result<(), String> {
        let owners = PEOPLE.iter().enumerate().take(self.devices.len());
        for (place, owner) in owners.clone() {
            self.too_old(place)?;
            self.devices[place].sign_in(owner);
            self.rest(place)?;
            // Others who wrote here, also those whose settled work waits again since a restored server was met.
            for _ in 0..2 * PEOPLE.len() {
                let Some(change) = self.devices[place].disk.log.values().next() else { break };
                let who = change.author.clone();
                self.devices[place].sign_in(&who);
                self.rest(place)?;
            }
        }
        for (place, owner) in owners.clone().chain(owners) {
            self.devices[place].sign_in(owner);
            self.rest(place)?;
        }
        Ok(())
    }

    /// An app too old for the server keeps its queue, and is updated.
    fn too_old(&mut self, place: usize) -> Result<(), String> {
        if self.devices[place].speaks < OLDEST {
            let log = self.devices[place].disk.log.clone();
            self.devices[place].sign_in(PEOPLE[place]);
            // A first sync that was under way is finished or given up first.
            for _ in 0..2 {
                self.run(place)?;
                self.devices[place].wake();
            }
            self.run(place)?;
            let tablet = &self.devices[place];
            if log.iter().any(|(number, change)| tablet.disk.log.get(number) != Some(change))
                || tablet.engine.status().phase != Phase::Paused(Failure::TooOld)
            {
                return Err(format!("device {}: an app too old for the server must keep its queue", tablet.id));
            }
        }
        self.devices[place].speaks = NEWEST;
        self.devices[place].crash();
        Ok(())
    }

    fn run(&mut self, place: usize) -> Result<(), String> {
        for _ in 0..10_000 {
            if self.devices[place].todo.is_empty() && self.devices[place].inbox.is_none() {
                return Ok(());
            }
            self.work(place, Line::Good, Luck::default())?;
        }
        Err(format!("device {} never rests", self.devices[place].id))
    }

    fn rest(&mut self, place: usize) -> Result<(), String> {
        // A round that was under way may end in a pause; the next one may not, unless the line takes less than it brings.
        self.run(place)?;
        for tries in 0..60 {
            if tries > 1 && self.devices[place].is_resting() {
                break;
            }
            self.devices[place].wake();
            self.run(place)?;
        }
        let tablet = &self.devices[place];
        match tablet.is_resting() {
            true => Ok(()),
            false => Err(format!("device {} does not rest: {:?}", tablet.id, tablet.engine.status())),
        }
    }

    fn played(&self, acts: usize) -> Played {
        let refused = |d: &Device| d.disk.refused.len() as u64;
        Played {
            acts: acts as u64,
            engine_steps: self.devices.iter().map(|d| d.steps).sum(),
            saves: self.saved.len() as u64,
            refused: self.devices.iter().map(refused).sum(),
            restores: self.office.restored,
            given_back: self.given_back,
            excused: self.devices.iter().map(|d| d.disk.excused.len() as u64).sum(),
        }
    }
}
