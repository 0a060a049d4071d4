//! Slows the guessing of passwords: so many failures an account within a window, then a wait.
//!
//! By account and not by address: a whole office sits behind one address. In memory: a restart forgives, which is what
//! an office with a forgotten password does first anyway.

use std::{
    collections::{HashMap, VecDeque},
    sync::{Mutex, PoisonError},
};

/// Failures within [`WINDOW`] after which the account waits.
const FAILURES: usize = 10;
/// Milliseconds a failure is remembered.
const WINDOW: u64 = 5 * 60 * 1000;
/// Names remembered at most; guessing over names must not fill the memory.
const NAMES: usize = 10_000;

/// Recent failures by account name, whether or not there is such an account.
#[derive(Debug, Default)]
pub(super) struct Throttle(Mutex<HashMap<String, VecDeque<u64>>>);

impl Throttle {
    /// Seconds this account has to wait at `now`, if it has to; otherwise counts an attempt, as failed until
    /// [`Throttle::forgive`]: attempts made at the same moment must not all pass.
    pub(super) fn attempt(&self, account: &str, now: u64) -> Result<(), u64> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let old = |at: &u64| now.saturating_sub(*at) >= WINDOW;
        if all.len() >= NAMES && !all.contains_key(account) {
            all.retain(|_, attempts| attempts.back().is_some_and(|at| !old(at)));
            if all.len() >= NAMES {
                return Err(WINDOW / 1000);
            }
        }
        let attempts = all.entry(account.to_owned()).or_default();
        while attempts.front().is_some_and(old) {
            attempts.pop_front();
        }
        if attempts.len() >= FAILURES {
            let first = attempts.front().copied().unwrap_or(now);
            return Err((WINDOW.saturating_sub(now.saturating_sub(first))).div_ceil(1000).max(1));
        }
        attempts.push_back(now);
        Ok(())
    }

    /// The right password was given: the account starts afresh.
    pub(super) fn forgive(&self, account: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(account);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_failures_in_five_minutes_are_enough() {
        let throttle = Throttle::default();
        for n in 0..10 {
            assert_eq!(throttle.attempt("wang", n * 1000), Ok(()));
        }
        assert_eq!(throttle.attempt("wang", 10_000), Err(290), "until the first failure is five minutes old");
        assert_eq!(throttle.attempt("li", 10_000), Ok(()), "another account is not concerned");
        assert_eq!(throttle.attempt("wang", 300_000), Ok(()));
        throttle.forgive("wang");
        assert_eq!(throttle.attempt("wang", 300_001), Ok(()));
    }

    #[test]
    fn guessing_over_names_does_not_fill_the_memory() {
        let throttle = Throttle::default();
        for n in 0..NAMES {
            throttle.attempt(&n.to_string(), 0).unwrap();
        }
        assert!(throttle.attempt("one more", 0).is_err());
        assert_eq!(throttle.attempt("one more", WINDOW), Ok(()), "old names are forgotten");
    }
}
