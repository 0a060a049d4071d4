//! The loss alarm: what the device knows of itself outside the database.
//!
//! A browser that finds its database damaged razes it and opens an empty one without a word. So the device's identity
//! and last number are also written beside it, and the office knows them too.

use serde::{Deserialize, Serialize};
use sync::DeviceId;

use super::Numbers;

/// The name it has in the browser's other storage.
pub const KEY: &str = "linli.device";

/// What was written beside the database, always after the database had it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mirror {
    /// The device.
    pub device: DeviceId,
    /// The last change number that was durable.
    pub last: u64,
}

/// What an opened store and its mirror say together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// A device that has never been here, or has never written: goes on under this identity if there is one.
    New(Option<DeviceId>),
    /// All is as it was left.
    Same(Numbers),
    /// The store has lost changes: its last number, and the last one known.
    Lost(u64, u64),
}

/// Compares the two. A missing mirror is no alarm: the database is what counts.
pub fn compare(numbers: Option<Numbers>, mirror: Option<Mirror>) -> Verdict {
    match (numbers, mirror) {
        (None, Some(mirror)) if mirror.last > 0 => Verdict::Lost(0, mirror.last),
        (None, mirror) => Verdict::New(mirror.map(|m| m.device)),
        (Some(here), Some(mirror)) if mirror.device == here.device && mirror.last > here.last => {
            Verdict::Lost(here.last, mirror.last)
        }
        (Some(here), _) => Verdict::Same(here),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEVICE: DeviceId = DeviceId(7);

    fn numbers(last: u64) -> Option<Numbers> {
        Some(Numbers { device: DEVICE, last })
    }

    fn mirror(last: u64) -> Option<Mirror> {
        Some(Mirror { device: DEVICE, last })
    }

    #[test]
    fn an_empty_store_is_an_alarm_only_if_something_was_written() {
        assert_eq!(compare(None, None), Verdict::New(None));
        assert_eq!(compare(None, mirror(0)), Verdict::New(Some(DEVICE)));
        assert_eq!(compare(None, mirror(12)), Verdict::Lost(0, 12));
    }

    #[test]
    fn a_store_that_went_back_in_time_is_an_alarm() {
        assert_eq!(compare(numbers(9), mirror(12)), Verdict::Lost(9, 12));
    }

    #[test]
    fn a_crash_between_the_store_and_its_mirror_is_none() {
        assert_eq!(compare(numbers(12), mirror(11)), Verdict::Same(numbers(12).unwrap()));
        assert_eq!(compare(numbers(12), None), Verdict::Same(numbers(12).unwrap()));
        let other = Some(Mirror { device: DeviceId(8), last: 40 });
        assert_eq!(compare(numbers(0), other), Verdict::Same(numbers(0).unwrap()));
    }
}
