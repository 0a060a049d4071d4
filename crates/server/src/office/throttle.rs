//! Slows the guessing of passwords: so many failures within a window, then a wait, which ends by itself.
//!
//! A device that has been signed in to the account before is counted for itself: a stranger who guesses makes strangers
//! wait, never the tablet its owner holds. All other attempts are counted by account and by network address; the latter
//! generously, for a whole office sits behind one. In memory: a restart forgives, which is what an office with a forgotten
//! password does first anyway.

use std::{
    collections::{HashMap, VecDeque},
    net::IpAddr,
    sync::{Mutex, PoisonError},
};

use sync::DeviceId;

/// Failures within [`WINDOW`] after which an account, or a device of its own, waits.
const FAILURES: usize = 10;
/// Failures within [`WINDOW`] after which an address waits.
const OF_ADDRESS: usize = 60;
/// Milliseconds a failure is remembered.
const WINDOW: u64 = 5 * 60 * 1000;
/// Names remembered at most; guessing over names must not fill the memory.
const NAMES: usize = 10_000;

/// Who tries to sign in.
#[derive(Clone, Debug)]
pub(super) struct Attempt<'a> {
    pub account: &'a str,
    /// The device, when it was signed in to this account before.
    pub known: Option<DeviceId>,
    pub address: Option<IpAddr>,
}

/// Recent failures.
#[derive(Debug, Default)]
pub(super) struct Throttle {
    /// By name, whether or not there is such an account.
    accounts: Failures,
    devices: Failures,
    addresses: Failures,
}

impl Throttle {
    /// Seconds to wait at `now`, if one has to; otherwise counts the attempt, as failed until [`Throttle::forgive`]:
    /// attempts made at the same moment must not all pass.
    pub(super) fn attempt(&self, who: &Attempt<'_>, now: u64) -> Result<(), u64> {
        if let Some(device) = who.known {
            return self.devices.attempt(&own(who.account, device), FAILURES, now);
        }
        if let Some(address) = who.address {
            self.addresses.attempt(&network(address), OF_ADDRESS, now)?;
        }
        self.accounts.attempt(who.account, FAILURES, now)
    }

    /// The right password was given: account and device start afresh, and the address has one failure less.
    pub(super) fn forgive(&self, who: &Attempt<'_>) {
        if let Some(device) = who.known {
            return self.devices.forget(&own(who.account, device));
        }
        self.accounts.forget(who.account);
        if let Some(address) = who.address {
            self.addresses.take_back(&network(address));
        }
    }
}

fn own(account: &str, device: DeviceId) -> String {
    format!("{account} {device}")
}

/// Whoever has one address of version 6 has all of its network.
pub fn network(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("{:x?}", &address.segments()[..4]),
    }
}

/// When each name failed lately.
#[derive(Debug, Default)]
struct Failures(Mutex<HashMap<String, VecDeque<u64>>>);

impl Failures {
    fn attempt(&self, name: &str, most: usize, now: u64) -> Result<(), u64> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let old = |at: &u64| now.saturating_sub(*at) >= WINDOW;
        if all.len() >= NAMES && !all.contains_key(name) {
            all.retain(|_, attempts| attempts.back().is_some_and(|at| !old(at)));
            if all.len() >= NAMES {
                return Err(WINDOW / 1000);
            }
        }
        let attempts = all.entry(name.to_owned()).or_default();
        while attempts.front().is_some_and(old) {
            attempts.pop_front();
        }
        if attempts.len() >= most {
            let first = attempts.front().copied().unwrap_or(now);
            return Err((WINDOW.saturating_sub(now.saturating_sub(first))).div_ceil(1000).max(1));
        }
        attempts.push_back(now);
        Ok(())
    }

    fn forget(&self, name: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(name);
    }

    fn take_back(&self, name: &str) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(attempts) = all.get_mut(name) {
            attempts.pop_back();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_failures_in_five_minutes_are_enough() {
        let failures = Failures::default();
        for n in 0..10 {
            assert_eq!(failures.attempt("wang", FAILURES, n * 1000), Ok(()));
        }
        let last = failures.attempt("wang", FAILURES, 10_000);
        assert_eq!(last, Err(290), "until the first failure is five minutes old");
        assert_eq!(failures.attempt("li", FAILURES, 10_000), Ok(()), "another account is not concerned");
        assert_eq!(failures.attempt("wang", FAILURES, 300_000), Ok(()));
        failures.forget("wang");
        assert_eq!(failures.attempt("wang", FAILURES, 300_001), Ok(()));
    }

    #[test]
    fn guessing_over_names_does_not_fill_the_memory() {
        let failures = Failures::default();
        for n in 0..NAMES {
            failures.attempt(&n.to_string(), FAILURES, 0).unwrap();
        }
        assert!(failures.attempt("one more", FAILURES, 0).is_err());
        assert_eq!(failures.attempt("one more", FAILURES, WINDOW), Ok(()), "old names are forgotten");
    }

    #[test]
    fn a_network_of_version_six_is_one_address() {
        let of = |text: &str| network(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:10.0.0.1"), of("10.0.0.1"));
    }
}
