//! What a back end of the store must do: keep sealed bytes under names, and change many of them at once or none.

use std::{future::Future, pin::Pin};

use super::{StoreError, seal::Sealed};

/// The kinds of things kept apart. Their names, and all keys in them, hold nothing personal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Area {
    /// What the user wrote: one row an act, keyed by the act's first change number.
    Log,
    /// Blocks of records, keyed by a hash of their bytes.
    Blocks,
    /// Cursor and manifest, numbers, account, pack.
    Meta,
    /// Forms half filled.
    Drafts,
    /// Acts that are settled, kept for a time to be given back to a server that lost them: a value a checkpoint, keyed by when,
    /// number and how many.
    Settled,
    /// Bytes of photos and papers, keyed by a hash of whose and which.
    Files,
    /// What is known of each of them, under the same key.
    Filed,
}

impl Area {
    /// Those of the first version of the database.
    pub const FIRST: [Self; 4] = [Self::Log, Self::Blocks, Self::Meta, Self::Drafts];

    /// All of them.
    pub const ALL: [Self; 7] =
        [Self::Log, Self::Blocks, Self::Meta, Self::Drafts, Self::Settled, Self::Files, Self::Filed];

    /// Its name in the database.
    pub fn name(self) -> &'static str {
        match self {
            Self::Log => "log",
            Self::Blocks => "blocks",
            Self::Meta => "meta",
            Self::Drafts => "drafts",
            Self::Settled => "settled",
            Self::Files => "files",
            Self::Filed => "filed",
        }
    }
}

/// One step of a write.
#[derive(Debug)]
pub enum Step {
    /// Keep these bytes, in place of what the key held.
    Put(Area, String, Sealed),
    /// Forget the key, if it is there.
    Delete(Area, String),
    /// Forget all keys from one to another, these two as well.
    Clear(Area, String, String),
}

impl Step {
    /// The area it touches.
    pub fn area(&self) -> Area {
        match self {
            Self::Put(area, ..) | Self::Delete(area, _) | Self::Clear(area, ..) => *area,
        }
    }
}

/// Steps that become true together or not at all. Holds finished bytes only: nothing is computed, sealed or awaited
/// inside a transaction, since most browsers end it then.
#[derive(Debug, Default)]
pub struct Write {
    /// In order.
    pub steps: Vec<Step>,
    /// Done only when it would survive a power cut; otherwise when the operating system has it.
    pub strict: bool,
}

/// A back end's answer, some time later.
pub type Answer<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + 'a>>;

/// A back end. Knows nothing of records.
pub trait Shelf {
    /// All keys of an area in order, with their bytes.
    fn all(&self, area: Area) -> Answer<'_, Vec<(String, Vec<u8>)>>;

    /// All keys of an area, in order.
    fn keys(&self, area: Area) -> Answer<'_, Vec<String>>;

    /// The bytes of some keys, in the order asked.
    fn some(&self, area: Area, keys: Vec<String>) -> Answer<'_, Vec<Option<Vec<u8>>>>;

    /// Carries out a write: all of it or nothing.
    fn write(&self, write: Write) -> Answer<'_, ()>;

    /// Lets go: later calls answer [`StoreError::Closed`].
    fn close(&self);
}
