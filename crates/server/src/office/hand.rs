//! Changes that the office itself writes, in someone's name, from a device of its own.

use sync::{Clock, DeviceId, Record, draft::Pen};

use super::Author;

/// One device's hand: numbers and clocks that only go up.
pub(super) struct Hand {
    pub device: DeviceId,
    pub number: u64,
    pub clock: Clock,
    pub author: Author,
}

impl Hand {
    /// The pen for the next change, no earlier than anything its writer looks at.
    pub fn pen(&mut self, now: u64, seen: Option<&Record>) -> Pen {
        self.number += 1;
        let latest = seen.map_or(self.clock, |record| self.clock.max(record.touched()));
        self.clock = latest.tick(now, self.device);
        Pen { device: self.device, number: self.number, clock: self.clock, author: self.author.account.clone() }
    }
}
