//! Who writes next: the device's clock and change numbers. Both only ever go up.

use sync::{Clock, DeviceId, draft::Pen};

/// The device's clock and last number. Copied for an act, and put back only when the act is durable: a number is used
/// up together with its change, or not at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Counter {
    device: DeviceId,
    /// The last number given out.
    pub last: u64,
    /// The latest clock seen anywhere.
    clock: Clock,
}

impl Counter {
    /// A device that has given out `last`.
    pub fn new(device: DeviceId, last: u64) -> Self {
        Self { device, last, clock: Clock::default() }
    }

    /// The device.
    pub fn device(&self) -> DeviceId {
        self.device
    }

    /// Takes in a moment of one's own that is not settled: the next act comes after it, whatever the wall clock says.
    pub fn see_given(&mut self, clock: Clock) {
        self.clock = self.clock.max(clock);
    }

    /// The same for a moment given out before, or seen in a record; as far as it can be true at `now`.
    pub fn see_moment(&mut self, clock: Clock, now: u64) {
        self.clock = self.clock.max(clock.capped(now));
    }

    /// Whether it has given out what cannot be true at `now`.
    pub fn is_ahead(&self, now: u64) -> bool {
        self.clock.is_ahead(now)
    }

    /// Comes down to what can be true at `now`, once nothing here bears a later moment.
    pub fn come_down(&mut self, now: u64) {
        self.clock = self.clock.capped(now);
    }

    /// The later of both: what a save used up and what a sync saw meanwhile.
    pub fn join(&mut self, other: Self) {
        self.last = self.last.max(other.last);
        self.clock = self.clock.max(other.clock);
    }

    /// The pen for the next change, at `now` (milliseconds since 1970 UTC).
    pub fn next(&mut self, now: u64, author: &str) -> Pen {
        self.last += 1;
        self.clock = self.clock.tick(now, self.device).numbered(self.last);
        Pen { device: self.device, number: self.last, clock: self.clock, author: author.into() }
    }
}

#[cfg(test)]
mod tests {
    use sync::{Change, Record};

    use super::*;

    #[test]
    fn numbers_and_clocks_go_up_even_when_the_wall_clock_goes_back() {
        let mut counter = Counter::new(DeviceId(3), 40);
        let one = counter.next(1_000_000, "li");
        let two = counter.next(5, "li");
        assert_eq!((one.number, two.number), (41, 42));
        assert!(one.clock < two.clock);
    }

    #[test]
    fn an_act_comes_after_everything_the_writer_could_see() {
        let mut counter = Counter::new(DeviceId(3), 0);
        let far = Clock::new(9_000_000, 4, DeviceId(8));
        let change = Change {
            device: DeviceId(8),
            number: 1,
            clock: far,
            author: "wang".into(),
            record: Default::default(),
            kind: "note".into(),
            set: Default::default(),
            add: Default::default(),
            remove: Default::default(),
            seen: Default::default(),
            why: None,
            mends: None,
            schema: 1,
            more: Default::default(),
        };
        counter.see_moment(Record::from(&change).touched(), 9_000_000);
        assert!(counter.next(1_000, "li").clock > far);
        // One that cannot be true is not followed, but for some minutes.
        let mut careful = Counter::new(DeviceId(3), 0);
        careful.see_moment(Clock::new(u64::MAX, u16::MAX, DeviceId(u64::MAX)), 1_000);
        assert!(!careful.is_ahead(1_000) && careful.next(1_000, "li").clock.millis() <= 1_001);
        // One's own are kept to as long as a change bears them, and no longer.
        careful.see_given(change.clock);
        assert!(careful.is_ahead(1_000) && careful.next(1_000, "li").clock > far);
        careful.come_down(1_000);
        assert!(!careful.is_ahead(1_000));
    }

    #[test]
    fn an_act_that_failed_uses_up_no_number() {
        let counter = Counter::new(DeviceId(3), 7);
        let mut trial = counter;
        trial.next(1, "li");
        assert_eq!(counter.last, 7);
    }
}
