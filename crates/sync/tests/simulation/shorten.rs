//! A story that breaks a promise, made shorter while it still breaks one: halves first, then smaller and smaller parts.

use crate::{act::Act, story::play};

/// The shortest form found, and what it breaks.
pub fn shorten(mut acts: Vec<Act>, mut broken: String) -> (Vec<Act>, String) {
    let mut part = acts.len().div_ceil(2);
    while part > 0 {
        let (mut at, mut shorter) = (0, false);
        while at < acts.len() {
            let mut rest = acts.clone();
            rest.drain(at..(at + part).min(rest.len()));
            match play(&rest) {
                Err(again) => (acts, broken, shorter) = (rest, again, true),
                Ok(_) => at += part,
            }
        }
        // At single acts once more as long as that helps: an act may have been needed only by one that is gone now.
        part = if part == 1 && shorter { 1 } else { part / 2 };
    }
    (acts, broken)
}
