//! Hybrid logical clock: wall time that never runs backwards past what it has seen.
//!
//! Source: Kulkarni et al., "Logical Physical Clocks", 2014. A wrong wall clock never stops work (design, rule 7): a
//! stamp from the future is taken in as it is and everything after it stays in order.

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

impl Clock {
    /// The moment `millis`.`counter` at `device`; `millis` beyond [`MAX_MILLIS`] is cut to it.
    pub fn new(millis: u64, counter: u16, device: DeviceId) -> Self {
        Self((u128::from(millis.min(MAX_MILLIS)) << 80) | (u128::from(counter) << 64) | u128::from(device.0))
    }

    /// Wall milliseconds since 1970 UTC, as the writing device believed.
    pub fn millis(self) -> u64 {
        (self.0 >> 80) as u64
    }

    /// The device that wrote.
    pub fn device(self) -> DeviceId {
        DeviceId(self.0 as u64)
    }

    /// The next moment at `device`, after `self` and not before the wall clock's `now` (milliseconds).
    pub fn tick(self, now: u64, device: DeviceId) -> Self {
        let (millis, counter) = (self.millis(), (self.0 >> 64) as u16);
        if now.min(MAX_MILLIS) > millis {
            Self::new(now, 0, device)
        } else if let Some(counter) = counter.checked_add(1) {
            Self::new(millis, counter, device)
        } else {
            Self::new(millis + 1, 0, device)
        }
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
