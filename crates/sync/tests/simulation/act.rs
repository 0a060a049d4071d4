//! What can happen, and how a seed says what does.

use sync::engine::Failure;

use crate::world::device::{Line, Luck};

/// Tablets in every story.
pub const DEVICES: usize = 3;
/// People in every story: the tablets' owners and two more who borrow them.
pub const PEOPLE: [&str; 5] = ["officer1", "officer2", "officer3", "wang", "zhao"];
/// Records that are written to, of both kinds.
pub const RECORDS: u8 = 10;

/// One thing that happens.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Act {
    /// Someone saves a field; power may go before the engine hears of it.
    Save {
        device: usize,
        record: u8,
        field: bool,
        value: u8,
        cut: bool,
    },
    /// Someone chooses labels.
    Tag {
        device: usize,
        record: u8,
        tags: u8,
    },
    /// The tablet goes on with what it is doing.
    Work {
        device: usize,
        line: Line,
        luck: Luck,
    },
    /// It goes on for a while over a good line.
    Go {
        device: usize,
        effects: u8,
    },
    Wake {
        device: usize,
    },
    Crash {
        device: usize,
    },
    /// A late request arrives, whichever it is.
    Mail {
        which: u8,
    },
    Clock {
        device: usize,
        days: i16,
    },
    SignIn {
        device: usize,
        who: usize,
    },
    SignOut {
        device: usize,
    },
    /// A person gets another post.
    Post {
        who: usize,
        post: &'static str,
    },
    /// The tablet's app is of this schema now.
    App {
        device: usize,
        speaks: u16,
    },
    /// What a record says is erased at the office.
    Erase {
        record: u8,
    },
    Backup,
    Restore,
    /// Time passes at the office.
    Days(u8),
    /// The office's line takes only so many changes at once; more of them fail like this.
    Most(u8, Failure),
    /// From here on another server answers, whose clock differs by so many minutes.
    Server(i8),
    /// Somebody pushes a change with the largest clock there is, or nearly.
    Hostile {
        record: u8,
        counter: u8,
    },
}

/// How a request fails that is too large: by the office's own word, or by whatever lies on the way.
const UNREAD: [Failure; 5] =
    [Failure::Refused, Failure::TooLarge, Failure::Offline, Failure::Gateway, Failure::Busy(1)];

/// Numbers from a seed (SplitMix64): the same on every machine.
pub struct Dice(u64);

impl Dice {
    pub fn new(seed: u64) -> Self {
        // Mixed once: seeds beside each other would else be the same numbers, one later.
        let mut dice = Self(seed ^ 0x5851_f42d_4c95_7f2d);
        Self(dice.next().wrapping_add(seed.rotate_left(32)))
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Below `most`.
    fn below(&mut self, most: u64) -> u64 {
        self.next() % most
    }

    fn one_in(&mut self, many: u64) -> bool {
        self.below(many) == 0
    }

    fn of<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len() as u64) as usize]
    }
}

/// A story. Half of them leave out the rarer troubles, so that those which are left get deeper.
pub fn acts(mut dice: Dice, length: usize) -> Vec<Act> {
    let (shares, restores, ages) = (dice.one_in(4), dice.one_in(2), dice.one_in(3));
    let posts = dice.one_in(2);
    let mut acts = Vec::with_capacity(length);
    while acts.len() < length {
        let device = dice.below(DEVICES as u64) as usize;
        let act = match dice.below(100) {
            0..16 => Act::Save {
                device,
                record: dice.below(u64::from(RECORDS)) as u8,
                field: dice.one_in(2),
                value: dice.below(60) as u8,
                cut: dice.one_in(20),
            },
            16..20 => Act::Tag { device, record: dice.below(u64::from(RECORDS)) as u8, tags: dice.below(8) as u8 },
            20..62 => Act::Work { device, line: line(&mut dice), luck: luck(&mut dice) },
            62..70 => Act::Go { device, effects: dice.below(12) as u8 },
            70..82 => Act::Wake { device },
            82..84 => Act::Crash { device },
            84..88 => Act::Mail { which: dice.below(256) as u8 },
            88 => Act::Clock { device, days: dice.of(&[0, 0, 1, -1, 31, 366, -366, -1461, 1461]) },
            89 if shares => Act::SignIn { device, who: dice.below(PEOPLE.len() as u64) as usize },
            90 if shares => Act::SignOut { device },
            89..91 => Act::SignIn { device, who: device },
            91 if posts => Act::Post { who: dice.below(PEOPLE.len() as u64) as usize, post: post(&mut dice) },
            92 if ages => Act::App { device, speaks: dice.below(4) as u16 },
            93 | 94 if restores => Act::Backup,
            95 if restores => Act::Restore,
            96 => Act::Days(if dice.one_in(6) { 20 } else { dice.below(3) as u8 }),
            97 => match dice.below(3) {
                0 => Act::Server(dice.below(9) as i8 - 4),
                1 => Act::Hostile { record: dice.below(u64::from(RECORDS)) as u8, counter: dice.below(3) as u8 },
                _ => Act::Most(dice.of(&[1, 2, 5, 250]), dice.of(&UNREAD)),
            },
            98 if dice.one_in(4) => Act::Erase { record: dice.below(u64::from(RECORDS)) as u8 },
            _ => Act::Wake { device },
        };
        acts.push(act);
    }
    acts
}

fn line(dice: &mut Dice) -> Line {
    match dice.below(20) {
        0 => Line::LostRequest,
        1 | 2 => Line::LostAnswer,
        3 => Line::Doubled,
        4 | 5 => Line::Slow,
        6 => Line::Late,
        7 => Line::Echo,
        8 if dice.one_in(3) => Line::NoSession,
        8 => Line::Busy,
        _ => Line::Good,
    }
}

fn luck(dice: &mut Dice) -> Luck {
    Luck { store_fails: dice.one_in(25), cut: dice.one_in(25) }
}

fn post(dice: &mut Dice) -> &'static str {
    dice.of(&["desk", "chief", "chief", "guest"])
}
