//! Hybrid logical clock: wall time that never runs backwards past what it has seen.
//!
//! Source: Kulkarni et al., "Logical Physical Clocks", 2014. A wrong wall clock never stops work (design, rule 7): the office
//! takes in what it stamped, and puts a stamp from the future back to where it belongs ([`Reception`]), so that no stamp that
//! others meet is far ahead of the office's own day.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

/// A device's random identity, 16 hexadecimal digits in JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DeviceId(pub u64);

/// A moment: 48 bits of milliseconds since 1970 UTC, 16 bits of counter, 64 bits of device, so that moments of all
/// devices are totally ordered. 32 hexadecimal digits in JSON.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Clock(u128);

/// The largest wall time a clock can hold, in milliseconds (the year 10889).
pub const MAX_MILLIS: u64 = (1 << 48) - 1;

/// How far ahead of the office's clock a stamp may be, in milliseconds: more than clocks that are looked after differ by.
pub const MAX_LEAD: u64 = 10 * 60_000;

impl Clock {
    /// The moment `millis`.`counter` at `device`; `millis` beyond [`MAX_MILLIS`] is cut to it.
    pub fn new(millis: u64, counter: u16, device: DeviceId) -> Self {
        Self((u128::from(millis.min(MAX_MILLIS)) << 80) | (u128::from(counter) << 64) | u128::from(device.0))
    }

    /// Wall milliseconds since 1970 UTC, as the writing device believed.
    pub fn millis(self) -> u64 {
        (self.0 >> 80) as u64
    }

    fn counter(self) -> u16 {
        (self.0 >> 64) as u16
    }

    /// The device that wrote.
    pub fn device(self) -> DeviceId {
        DeviceId(self.0 as u64)
    }

    /// The next moment at `device`, after `self` and not before the wall clock's `now` (milliseconds).
    pub fn tick(self, now: u64, device: DeviceId) -> Self {
        let (millis, counter) = (self.millis(), self.counter());
        if now.min(MAX_MILLIS) > millis {
            Self::new(now, 0, device)
        } else if millis == MAX_MILLIS {
            // The end of all moments, which nobody who keeps to MAX_LEAD ever sees: it stays there.
            Self::new(millis, counter.saturating_add(1), device).max(self)
        } else if counter < PUT_BACK - 1 {
            Self::new(millis, counter + 1, device)
        } else {
            Self::new(millis + 1, 0, device)
        }
    }

    /// The moment of a device's change of this number: itself, or one soon after that says the number's end in its counter. So no
    /// two changes bear the same moment, also where a clock was put back and what it had stamped is not here any more.
    pub fn numbered(self, number: u64) -> Self {
        let (wanted, counter) = ((number % NUMBERS) as u16, self.counter());
        let numbers = NUMBERS as u16;
        let counter = u32::from(counter) + u32::from((wanted + numbers - counter % numbers) % numbers);
        match u16::try_from(counter).ok().filter(|counter| *counter < PUT_BACK) {
            Some(counter) => Self::new(self.millis(), counter, self.device()),
            None if self.millis() < MAX_MILLIS => Self::new(self.millis() + 1, wanted, self.device()),
            None => self,
        }
    }

    /// Whether it is further ahead of `now` than can be true.
    pub fn is_ahead(self, now: u64) -> bool {
        self.millis() > now.saturating_add(MAX_LEAD)
    }

    /// Itself, or the last moment of `now` if it [`Clock::is_ahead`].
    pub fn capped(self, now: u64) -> Self {
        if self.is_ahead(now) { Self::new(now, u16::MAX, self.device()) } else { self }
    }

    /// As 16 bytes, big end first: sorts as the clock does.
    pub fn to_bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }

    /// From [`Clock::to_bytes`].
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(u128::from_be_bytes(bytes))
    }
}

/// Where the counters of stamps begin that were put back: no device counts so far within a millisecond, also not from such a
/// stamp on, so they are never one that it gave out itself.
const PUT_BACK: u16 = 1 << 15;

/// How many numbers the counter of a stamp tells apart.
const NUMBERS: u64 = 64;

/// What the office knows when changes come in: enough to say when they were written, if the stamp cannot be true.
#[derive(Clone, Copy, Debug)]
pub struct Reception {
    /// The office's clock, milliseconds since 1970 UTC.
    pub now: u64,
    /// The device's clock when it sent them, uncorrected.
    pub sent_at: Option<u64>,
    /// How far a stamp may be ahead of `now`: [`MAX_LEAD`], more when the office has reason to doubt its own clock.
    pub lead: u64,
}

impl Reception {
    /// The stamp that a change stamped `clock` is merged under. `current` is the latest one in its record, `last` the latest
    /// of the device.
    ///
    /// A stamp that can be true stays. One too far ahead is put back by what the device's clock is ahead; where that does not
    /// explain it, since the clock was put right meanwhile or the stamp was made up, it is taken for written now. The
    /// device's changes keep their order.
    pub fn stamp(&self, clock: Clock, current: Option<Clock>, last: Clock) -> Clock {
        // A record that a former clock of the office itself left ahead can still be written to.
        let latest = self.now.saturating_add(self.lead).max(current.map_or(0, Clock::millis));
        if clock.millis() <= latest {
            return clock;
        }
        let explains = |at: &u64| *at <= MAX_MILLIS && clock.millis() <= at.saturating_add(MAX_LEAD);
        let ahead = self.sent_at.filter(explains).map(|at| at.saturating_sub(self.now));
        let written = ahead.and_then(|ahead| clock.millis().checked_sub(ahead)).unwrap_or(self.now).min(self.now);
        let (millis, counter) = match (last.millis(), last.counter()) {
            (millis, _) if written > millis => (written, PUT_BACK),
            (millis, counter) if counter < PUT_BACK => (millis, PUT_BACK),
            (millis, u16::MAX) => (millis + 1, PUT_BACK),
            (millis, counter) => (millis, counter + 1),
        };
        Clock::new(millis, counter, clock.device())
    }
}

/// A text that is not the hexadecimal form of a clock or device.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {digits} lower-case hexadecimal digits, found {found:?}")]
pub struct NotHex {
    digits: usize,
    found: String,
}

fn hex(digits: usize, text: &str) -> Result<u128, NotHex> {
    let wrong = || NotHex { digits, found: text.chars().take(40).collect() };
    if text.len() != digits || !text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f')) {
        return Err(wrong());
    }
    u128::from_str_radix(text, 16).map_err(|_| wrong())
}

macro_rules! hex_form {
    ($name:ident, $digits:literal, $from:expr, $to:expr) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!("{:0", $digits, "x}"), $to(self))
            }
        }

        impl FromStr for $name {
            type Err = NotHex;

            fn from_str(text: &str) -> Result<Self, NotHex> {
                hex($digits, text).map($from)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                std::borrow::Cow::<str>::deserialize(from)?.parse().map_err(D::Error::custom)
            }
        }
    };
}

hex_form!(Clock, 32, Clock, |c: &Clock| c.0);
hex_form!(DeviceId, 16, |n| DeviceId(n as u64), |d: &DeviceId| d.0);
