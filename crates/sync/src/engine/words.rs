//! What the shell and the engine say to each other: events in, effects out, and the status between two of them.

use std::collections::{BTreeMap, BTreeSet};

use super::Failure;
use crate::{
    Bucket, Change, Record,
    block::BlockId,
    wire::{Checksum, Cursor, Manifest, Receipt, SyncRequest, SyncResponse},
};

/// What the shell tells the engine. `Answered`, `Fetched`, `Stored`, `Verified` and `Failed` answer an effect; the others
/// come when they come.
#[derive(Clone, Debug)]
pub enum Event {
    /// The store is open and holds this.
    Opened {
        /// How far it has read.
        cursor: Option<Cursor>,
        /// Changes without a settled verdict, by any author.
        queue: Vec<Change>,
        /// A first sync that broke off: what was to come and which of its blocks are stored already.
        staged: Option<Staged>,
    },
    /// This account is signed in and its session is believed to be good.
    SignedIn {
        /// Account name.
        account: String,
    },
    /// Nobody is signed in.
    SignedOut,
    /// These changes are durable in the log.
    Saved(Vec<Change>),
    /// While keeping an effect the store found the server's history to be another one than that in which these changes were
    /// settled or refused: they wait again, durably. Comes before that effect's `Stored`.
    Recalled(Vec<Change>),
    /// Now may be a good time: the network is back, the app was opened, the timer rang, someone pressed the button.
    Wake,
    /// The answer to [`Effect::Send`].
    Answered(Box<SyncResponse>),
    /// The blocks of [`Effect::Fetch`] are stored, relaxed.
    Fetched,
    /// [`Effect::Store`], [`Effect::Stage`] or [`Effect::Switch`] is durable and shown.
    Stored,
    /// The answer to [`Effect::Verify`]: buckets whose checksum differs.
    Verified(Vec<Bucket>),
    /// The effect under way failed.
    Failed(Failure),
}

/// What the engine asks of the shell.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Ask the server; answer `Answered` or `Failed`.
    Send(Box<SyncRequest>),
    /// Keep this manifest before its blocks are fetched, so that a first sync resumes where it broke off; `Stored`.
    Stage(Staged),
    /// Fetch these blocks and store them beside those in use; `Fetched` or `Failed`.
    Fetch(Vec<BlockId>),
    /// Put the staged blocks in use, in one transaction with the cursor; `Stored` or `Failed`.
    Switch(Staged),
    /// A checkpoint: keep all of it in one transaction; `Stored` or `Failed`.
    Store(Checkpoint),
    /// Compare these checksums with the book's own; `Verified`.
    Verify(BTreeMap<Bucket, Checksum>),
    /// Wake me after so many milliseconds; replaces an earlier timer.
    Timer(u64),
    /// The pack in force at the server has this version: fetch it if it is not ours.
    Pack(u32),
    /// The server knows more changes of this device than the device does: its store was lost.
    Alarm {
        /// The server's last number of this device.
        server: u64,
        /// The device's own last number.
        device: u64,
    },
}

/// A manifest on its way to being used.
#[derive(Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Staged {
    /// What is replaced by which blocks.
    pub manifest: Manifest,
    /// The cursor once it is.
    pub next: Cursor,
    /// Blocks stored already.
    #[serde(skip)]
    pub have: BTreeSet<BlockId>,
}

/// What one transaction keeps at the end of a round.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Checkpoint {
    /// Records as the server has them now.
    pub records: Vec<Record>,
    /// Own changes whose effect is among what was pulled: they wait no longer. The store keeps them for a time, to give
    /// them back to a server that was restored from a backup older than they are ([`crate::history`]).
    pub settled: Vec<u64>,
    /// Own changes the server refused: to be marked in the log, with the reasons; they stay.
    pub refused: Vec<Receipt>,
    /// Buckets to destroy.
    pub revoked: Vec<Bucket>,
    /// The new cursor.
    pub next: Option<Cursor>,
    /// The buckets that may be held now: own settled changes of others are not kept either.
    pub readable: Vec<Bucket>,
    /// The server's wall clock, milliseconds since 1970 UTC; 0 when the server was not asked.
    pub now: u64,
}

impl Checkpoint {
    /// Whether it brings nothing but a cursor.
    pub(super) fn is_nothing(&self) -> bool {
        self.records.is_empty() && self.settled.is_empty() && self.refused.is_empty() && self.revoked.is_empty()
    }
}

/// What the screen may truthfully say.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Status {
    /// Changes on this device without the server's receipt.
    pub waiting: usize,
    /// Of those, changes by accounts other than the one signed in.
    pub others: usize,
    /// What is being done.
    pub phase: Phase,
    /// When a round last ended with everything equal, milliseconds since 1970 UTC by the device's clock.
    pub last: Option<u64>,
}

/// What the engine is doing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// The store is not open yet.
    #[default]
    Closed,
    /// Nothing to do, or nothing that can be done now.
    Resting,
    /// A round is under way.
    Working,
    /// Whole buckets are arriving: blocks here, blocks in all.
    Filling {
        /// Blocks stored.
        done: usize,
        /// Blocks in the manifest.
        total: usize,
    },
    /// The last round did not get through, for this reason; it will be tried again.
    Paused(Failure),
    /// Someone must sign in before anything moves.
    SignIn,
}
