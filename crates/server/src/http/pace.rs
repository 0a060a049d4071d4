//! How often a signed-in device may ask: generously, so that only a loop that went wrong, or a thief with a copied cookie
//! who wants everything at once, ever meets it.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use sync::DeviceId;

/// Requests a rested device may send at once: a first sync of ten years takes some forty.
const AT_ONCE: u32 = 600;
/// Requests a second it may send on and on.
const EACH_SECOND: u32 = 20;
/// Devices remembered; those that have rested are forgotten beyond it.
const DEVICES: usize = 10_000;

/// When each device will have rested (the generic cell rate algorithm: one time a device is all there is to keep).
#[derive(Debug)]
pub struct Pace {
    rested: Mutex<HashMap<(String, DeviceId), Instant>>,
    /// Time after which a device may send one more.
    each: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self::new(EACH_SECOND)
    }
}

impl Pace {
    /// With so many requests a second, at least one.
    pub fn new(each_second: u32) -> Self {
        Self { rested: Mutex::default(), each: Duration::from_secs(1) / each_second.max(1) }
    }

    /// Counts a request of `account` on `device` at `now`; seconds to wait when there were too many.
    pub fn ask(&self, account: &str, device: DeviceId, now: Instant) -> Result<(), u64> {
        let mut all = self.rested.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= DEVICES {
            all.retain(|_, rested| *rested > now);
        }
        let rested = all.entry((account.to_owned(), device)).or_insert(now);
        let next = (*rested).max(now) + self.each;
        let early = next.saturating_duration_since(now + self.each * AT_ONCE);
        if !early.is_zero() {
            return Err(early.as_secs().max(1));
        }
        *rested = next;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_that_asks_too_often_waits_and_others_do_not() {
        let (pace, begin) = (Pace::default(), Instant::now());
        for _ in 0..AT_ONCE {
            assert_eq!(pace.ask("wang", DeviceId(1), begin), Ok(()));
        }
        assert_eq!(pace.ask("wang", DeviceId(1), begin), Err(1));
        assert_eq!(pace.ask("wang", DeviceId(2), begin), Ok(()));
        assert_eq!(pace.ask("li", DeviceId(1), begin), Ok(()));
        assert_eq!(pace.ask("wang", DeviceId(1), begin + pace.each), Ok(()), "one more after a moment");
        assert_eq!(pace.ask("wang", DeviceId(1), begin + pace.each), Err(1), "and only one");
        for _ in 0..AT_ONCE {
            assert_eq!(
                pace.ask("wang", DeviceId(1), begin + pace.each * 2 * AT_ONCE),
                Ok(()),
                "a rest gives all of it back"
            );
        }
    }
}
