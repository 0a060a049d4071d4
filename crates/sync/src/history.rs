//! What a tablet keeps of its settled work, so that a server restored from a backup gets back what the backup lacks.
//!
//! A settled change is at the server, and in everyone's records. But a server can be put back to an older backup: then it
//! has lost the change, and tablets that read its records anew lose the effect. So each tablet keeps its own settled
//! changes for a time, out of the way. When it meets another history they wait again; pushing is idempotent, so the
//! server answers those it still has with the verdict it gave.

use serde::{Deserialize, Serialize};

use crate::wire::Cursor;

/// How long a settled change is kept, in milliseconds by the *server's* clock: two weeks, so that a backup a few days old
/// and a tablet that comes by once a week are both covered. Not by the tablet's clock, and not by the hybrid one: a single
/// tablet with a wrong year would throw away what all others keep.
pub const KEEP_MILLIS: u64 = 14 * 86_400_000;
/// Most acts kept, the oldest go first: about 5 MB, a busy officer's month.
pub const KEEP_ACTS: usize = 5_000;

/// The server's history as a device last met it: lives longer than a cursor, which is forgotten when someone else signs in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct History {
    /// [`Cursor::epoch`].
    pub epoch: String,
    /// How far it was read at the end of a round.
    pub seq: u64,
}

impl History {
    /// After a round that ended at `next`.
    pub fn at(next: &Cursor) -> Self {
        Self { epoch: next.epoch.clone(), seq: next.seq }
    }

    /// Whether what was settled under `known` has to be given back to the server that leads to `next`: it is of another
    /// epoch, or at the end of a whole round its head has gone back, as after a database file copied back by hand. In the
    /// middle of a round a head may be behind: blocks are as old as the snapshot they were made from.
    pub fn is_lost(known: Option<&Self>, next: &Cursor, is_round_end: bool) -> bool {
        known.is_some_and(|known| known.epoch != next.epoch || (is_round_end && next.seq < known.seq))
    }
}
