//! The office's clock, which may be wrong as well: then nothing is refused by it, and it is said.

use std::sync::atomic::Ordering;

use sync::{
    Clock,
    clock::{MAX_LEAD, Reception},
    wire::ZONE,
};

use super::Office;

const HOUR: u64 = 3_600_000;
/// How far ahead of what an office whose clock is wrong knows for certain a tablet is believed.
const YEAR: u64 = 366 * 24 * HOUR;

impl Office {
    /// The office, told a moment that lies behind us whatever its clock says: when the program was built, when something in
    /// the database was written.
    #[must_use]
    pub fn no_earlier_than(self, millis: u64) -> Self {
        self.floor.fetch_max(millis, Ordering::Relaxed);
        self
    }

    /// Milliseconds since 1970 UTC.
    pub fn now(&self) -> u64 {
        (self.clock)()
    }

    /// By how many milliseconds the clock is behind at least, when it is certain that it is; else 0. Two servers over one
    /// database may differ a little.
    pub fn behind(&self) -> u64 {
        let behind = self.floor.load(Ordering::Relaxed).saturating_sub(self.now());
        if behind > HOUR { behind } else { 0 }
    }

    /// The civil date where the community is.
    pub fn today(&self) -> jiff::civil::Date {
        date(self.moment())
    }

    /// The date to hold against what a change stamped `clock` says: an office that knows its clock to be wrong asks the
    /// tablet's.
    pub(super) fn today_of(&self, clock: Clock) -> jiff::civil::Date {
        let at_least = self.moment();
        date(if self.behind() > 0 { clock.millis().clamp(at_least, at_least + YEAR) } else { at_least })
    }

    /// What stamps of changes are held against that a device sent when its clock read `sent_at`.
    pub(super) fn reception(&self, sent_at: Option<u64>) -> Reception {
        let lead = if self.behind() > 0 { YEAR } else { MAX_LEAD };
        Reception { now: self.moment(), sent_at, lead }
    }

    /// What time it is, as far as is known: `now`, or what it is at least.
    pub(super) fn moment(&self) -> u64 {
        self.now() + self.behind()
    }
}

/// A moment for people to read.
pub fn spoken(millis: u64) -> String {
    let second = i64::try_from(millis / 1000).unwrap_or(0);
    jiff::Timestamp::from_second(second).map_or_else(|_| millis.to_string(), |at| at.to_string())
}

/// The civil date where the community is.
pub fn date(millis: u64) -> jiff::civil::Date {
    let second = i64::try_from(millis / 1000).unwrap_or(0);
    let offset = jiff::tz::Offset::from_seconds(i32::from(ZONE) * 60).unwrap_or(jiff::tz::Offset::UTC);
    jiff::Timestamp::from_second(second).map_or(jiff::civil::date(1970, 1, 1), |at| offset.to_datetime(at).date())
}
