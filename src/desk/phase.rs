//! What the desk tells a screen: plain data, no handle to anything.

use records::{Problem, Text};
use sync::{Change, Draft};

use crate::store::StoreError;

/// Which screen is due.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Phase {
    /// The store is being opened.
    #[default]
    Opening,
    /// Nobody is signed in here.
    SignedOut,
    /// The records are here and sealed: a password opens them.
    Locked,
    /// The first sync is under way; [`Desk::status`](super::Desk::status) says when it pauses, and why.
    Filling {
        /// Blocks stored.
        done: usize,
        /// Blocks in all; 0 while it is not known.
        total: usize,
    },
    /// The records that are needed most are open; [`Desk::is_whole`](super::Desk::is_whole) says when all are.
    Ready,
    /// Another tab of this browser is the one that writes.
    OtherTab,
    /// The office has taken the device out of use: what is left on it is being handed in.
    Leaving,
    /// The tablet's store is not the one we left.
    Lost(Alarm),
    /// The tablet's store cannot be opened.
    Broken {
        /// Why, and what to do.
        why: Text,
        /// It will not get better by itself: the last resort is to give it up.
        for_good: bool,
    },
}

impl Alarm {
    /// Whether another machine writes under this device's identity, or an older copy of the store was put back: nothing is missing
    /// here, for what the office knows beyond it was never written in this store.
    pub fn is_copy(self) -> bool {
        self.at_office && self.here > 0
    }
}

impl Phase {
    /// That of a store that cannot be opened.
    pub fn broken(error: &StoreError) -> Self {
        let for_good = matches!(error, StoreError::Failing(_) | StoreError::Damaged(_));
        Self::Broken { why: error.opening(), for_good }
    }
}

/// The store is not the only one of this device, or not the whole: the browser emptied it, or it was copied to another machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alarm {
    /// Number of the last change in the store; 0 when it is empty.
    pub here: u64,
    /// Number of the last change known to have been written.
    pub known: u64,
    /// The office has them all up to `known`, so nothing that was sent is gone.
    pub at_office: bool,
}

/// A change that the office did not take, kept until its author mends it or sets it aside.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// The change as it was sent.
    pub change: Change,
    /// Why, in both languages.
    pub problems: Vec<Problem>,
}

/// A form half filled.
#[derive(Clone, Debug, PartialEq)]
pub struct DraftHead {
    /// `new/<kind>` with an optional `/<record>`, `edit/<record>`, or `mend/<number>`.
    pub key: String,
    /// What is in it.
    pub draft: Draft,
    /// When it was last touched, milliseconds since 1970 UTC.
    pub at: u64,
}

/// What the browser says about this origin's storage.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct StorageFacts {
    /// The browser promised not to empty it on its own.
    pub persisted: bool,
    /// Bytes used, where the browser says.
    pub used: Option<u64>,
}
