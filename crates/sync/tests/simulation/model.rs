//! The same world, small enough to look at *every* order of events: two tablets, one office, two records, a line that
//! loses, delays and doubles, power cuts, a disk that fails, and one restore. stateright walks all states that can be
//! reached within the bounds, running the real engine at each step.
//!
//! From each of them the world must come to rest as promised once the line is good again: that is stronger than coming to
//! rest in the end on every path, and needs no fairness.

use std::{
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
    time::{Duration, Instant},
};

use stateright::{Checker, Model, Property};
use sync::engine::Effect;

use crate::{
    act::Act,
    promise,
    story::World,
    world::{
        device::{Device, Line, Luck},
        office::Office,
    },
};

/// What each tablet saves, in order: both write the first record's same field, the second writes another record too.
const SAVES: [&[(u8, bool)]; 2] = [&[(0, true)], &[(0, true), (1, false)]];
/// Troubles in one history: lost or doubled messages, power cuts and failing writes together.
const TROUBLES: u8 = 1;

/// Several times what it takes on two cores that others use too.
const PATIENCE: Duration = Duration::from_secs(400);

/// Milliseconds: somewhat more than a year.
const YEAR: u64 = 366 * 86_400_000;

/// The bounds.
struct Small {
    /// The second tablet's clock is a year ahead, and somebody pushes a change with nearly the largest stamp there is, from
    /// when on another server with another clock answers. In such a world nothing is restored, and each tablet saves once.
    wrong: bool,
}

/// Where the world stands.
#[derive(Clone, Debug)]
struct Moment {
    world: Arc<World>,
    saves: [usize; 2],
    troubles: u8,
    /// Whether the hostile change has come, and another server taken over.
    strange: bool,
    /// What broke on the way here.
    broken: Option<String>,
    /// Hash of all that matters: how the engines and disks stand, what is under way, what the office has.
    print: u64,
}

impl Moment {
    fn new(world: World, saves: [usize; 2], troubles: u8, strange: bool, broken: Option<String>) -> Self {
        let mut hasher = DefaultHasher::new();
        let mut is = |part: &dyn std::fmt::Debug| format!("{part:?}").hash(&mut hasher);
        for device in &world.devices {
            let clocks = (device.clock, device.wall);
            is(&(&device.engine, &device.disk, &device.todo, &device.inbox, clocks, &device.allowed));
        }
        is(&(world.office.essence(), &world.mail));
        is(&(saves, troubles, strange, &broken));
        Self { world: Arc::new(world), saves, troubles, strange, broken, print: hasher.finish() }
    }
}

impl PartialEq for Moment {
    fn eq(&self, other: &Self) -> bool {
        self.print == other.print
    }
}

impl Hash for Moment {
    fn hash<H: Hasher>(&self, to: &mut H) {
        to.write_u64(self.print);
    }
}

/// Whether the next thing the tablet does concerns nobody but itself.
fn is_alone(device: &Device) -> bool {
    let next = device.todo.front().filter(|_| device.inbox.is_none());
    next.is_some_and(|effect| !matches!(effect, Effect::Send(_) | Effect::Fetch(_)))
}

/// Whether a round would do anything.
fn has_news(device: &Device, office: &Office) -> bool {
    let has_read = device.disk.cursor.as_ref().is_some_and(|c| c.epoch == office.epoch && c.seq == office.ledger.head);
    !has_read || !device.disk.log.is_empty() || !device.is_resting()
}

fn is_trouble(act: &Act) -> bool {
    match act {
        Act::Work { line, luck, .. } => *line != Line::Good || luck.cut || luck.store_fails,
        Act::Crash { .. } => true,
        _ => false,
    }
}

impl Model for Small {
    type State = Moment;
    type Action = Act;

    fn init_states(&self) -> Vec<Moment> {
        let mut world = World::new(2);
        world.office.stale = 0;
        if self.wrong {
            world.devices[1].wall += YEAR;
        }
        vec![Moment::new(world, [0, 0], 0, false, None)]
    }

    fn actions(&self, moment: &Moment, acts: &mut Vec<Act>) {
        let fine = Luck::default();
        // What a tablet does by itself is seen by nobody else: whether others move before or after it is one and the same,
        // so they move after.
        let alone = moment.world.devices.iter().position(is_alone);
        for (device, tablet) in moment.world.devices.iter().enumerate() {
            if alone.is_some_and(|alone| alone != device) {
                continue;
            }
            let saves = if self.wrong { &SAVES[device][..1] } else { SAVES[device] };
            if let Some((record, field)) = saves.get(moment.saves[device]) {
                acts.push(Act::Save { device, record: *record, field: *field, value: device as u8 + 1, cut: false });
            }
            if tablet.todo.is_empty() && tablet.inbox.is_none() {
                // A round in which nothing is to be said or heard changes nothing.
                if has_news(tablet, &moment.world.office) {
                    acts.push(Act::Wake { device });
                }
                continue;
            }
            let lines = [Line::Good, Line::LostAnswer, Line::Late, Line::Echo];
            for line in lines.into_iter().take(if alone.is_some() { 1 } else { lines.len() }) {
                acts.push(Act::Work { device, line, luck: fine });
            }
            acts.push(Act::Work { device, line: Line::Good, luck: Luck { cut: true, ..fine } });
            acts.push(Act::Work { device, line: Line::Good, luck: Luck { store_fails: true, ..fine } });
        }
        if alone.is_some() {
            acts.retain(|act| !is_trouble(act) || moment.troubles < TROUBLES);
            return;
        }
        acts.extend((0..moment.world.mail.len()).map(|which| Act::Mail { which: which as u8 }));
        if self.wrong && !moment.strange {
            acts.push(Act::Hostile { record: 0, counter: 0 });
        }
        // A backup of nothing and a restore that loses nothing are left out: the first is like a new office, the second like
        // a mere change of epoch, which the stories have.
        let office = &moment.world.office;
        match &office.backup {
            _ if self.wrong => {}
            None if office.ledger.head > 0 => acts.push(Act::Backup),
            Some(backup) if office.restored == 0 && office.ledger.head > backup.head => acts.push(Act::Restore),
            _ => {}
        }
        acts.retain(|act| !is_trouble(act) || moment.troubles < TROUBLES);
    }

    fn next_state(&self, moment: &Moment, act: Act) -> Option<Moment> {
        let mut world = World::clone(&moment.world);
        let (mut saves, troubles) = (moment.saves, moment.troubles + u8::from(is_trouble(&act)));
        if let Act::Save { device, .. } = act {
            saves[device] += 1;
        }
        let mut strange = moment.strange;
        if let Act::Hostile { .. } = act {
            strange = true;
            world.office.now -= 4 * 60_000;
        }
        let broken = world.act(act).and_then(|()| promise::held(&world)).and_then(|()| promise::once(&world)).err();
        Some(Moment::new(world, saves, troubles, strange, broken))
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("no save is lost, no effect is made twice", |_, moment: &Moment| {
                moment.broken.as_ref().inspect(|broken| println!("{broken}")).is_none()
            }),
            Property::always("once the line is good, all arrives and everyone agrees", |_, moment: &Moment| {
                // Where nothing is under way; every other state leads to such a one over a good line.
                if moment.world.devices.iter().any(|d| !d.todo.is_empty() || d.inbox.is_some()) {
                    return true;
                }
                let mut world = World::clone(&moment.world);
                let end = world.settle().and_then(|()| promise::kept(&world));
                end.inspect_err(|broken| println!("{broken}")).is_ok()
            }),
            Property::sometimes(
                "something is given back after a restore, or a stamp put back",
                |small: &Self, moment: &Moment| {
                    let office = &moment.world.office;
                    if small.wrong {
                        !office.ledger.stamps.is_empty()
                    } else {
                        office.restored > 0 && moment.world.given_back > 0
                    }
                },
            ),
            Property::sometimes("both tablets' writes stand beside each other", |_, moment: &Moment| {
                moment.world.office.ledger.records.values().any(|(_, record)| record.disputed().next().is_some())
            }),
        ]
    }
}

#[test]
fn every_order_of_events_in_a_small_world_keeps_the_promises() {
    walk(Small { wrong: false });
}

#[test]
fn wrong_clocks_other_servers_and_stamps_from_the_future_keep_them_too() {
    walk(Small { wrong: true });
}

fn walk(small: Small) {
    let _cores = crate::CORES.lock().unwrap_or_else(|broken| broken.into_inner());
    let began = Instant::now();
    let checker = small.checker().threads(2).timeout(PATIENCE).spawn_bfs().join();
    let (all, different) = (checker.state_count(), checker.unique_state_count());
    println!("model: {different} different states of {all}, {} deep, {:.1?}", checker.max_depth(), began.elapsed());
    checker.assert_properties();
    assert!(began.elapsed() < PATIENCE, "the time ran out before every state was seen");
}
