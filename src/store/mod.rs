//! The tablet's store: what the user wrote (`log`), the office's records (`blocks`), how far they were read (`meta`), forms
//! half filled (`drafts`), photos and papers on their way (`files`).
//!
//! A [`Store`] means something by what it keeps; a [`shelf::Shelf`] under it only keeps bytes: IndexedDB in the browser,
//! memory in tests, one contract over both. What is small (log, manifest, numbers) is also held in memory, equal to the
//! shelf, so that every write is worked out first and then done in one short transaction.

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet, HashSet},
    rc::Rc,
};

use async_lock::Mutex;
use futures_util::future::try_join4;
use records::{Pack, Problem, RecordId};
use serde::de::DeserializeOwned;
use sync::{
    Change, Clock,
    block::BlockId,
    engine::Staged,
    history::History,
    wire::{Cursor, Me},
};

mod act;
mod batch;
mod checkpoint;
mod compact;
mod draft;
mod fault;
mod file;
mod here;
pub mod indexed;
pub mod memory;
pub mod mirror;
mod parcel;
mod protect;
mod row;
pub mod seal;
mod settled;
pub mod shelf;
pub mod vault;
mod withdraw;

pub use batch::Batch;
pub use draft::{Kept, SealedDraft};
pub use fault::StoreError;
pub use file::Filed;
pub use here::{Held, Here, Numbers};
pub use row::{Entry, Fate, Row};
pub use withdraw::{BELIEVED, LEASE, Met};

use here::key;
use seal::{Key, Ring};
use shelf::{Area, Shelf};

/// An open store. Only the tab that writes has one.
pub struct Store {
    shelf: Rc<dyn Shelf>,
    ring: RefCell<Ring>,
    /// Writes take turns: each is worked out from what the one before left.
    turn: Mutex<()>,
    mind: RefCell<Mind>,
}

/// What is small and always at hand; changed only after the shelf has it.
#[derive(Default)]
struct Mind {
    numbers: Option<Numbers>,
    here: Here,
    staged: Option<Staged>,
    /// Rows with a change that is not settled.
    log: BTreeMap<u64, Row>,
    /// Keys of rows that could not be read.
    unreadable: Vec<String>,
    me: Option<Me>,
    owner: Option<String>,
    pack: Option<Pack>,
    drafts: BTreeMap<String, Kept>,
    files: BTreeMap<String, Filed>,
    history: Option<History>,
    clock: Clock,
    /// When the office was last met.
    met: Option<Met>,
}

impl Store {
    /// Reads what is small; blocks wait for [`Store::blocks`].
    ///
    /// # Errors
    /// What is kept cannot be read at all. A single row, draft or pack that cannot is left where it is, untouched.
    pub async fn open(shelf: Rc<dyn Shelf>) -> Result<Self, StoreError> {
        Self::unlock(shelf, None).await
    }

    /// The same with the person's own key, for a store that someone has signed in to.
    ///
    /// # Errors
    /// [`StoreError::Locked`] when it is not the key.
    pub async fn unlock(shelf: Rc<dyn Shelf>, own: Option<Key>) -> Result<Self, StoreError> {
        let all = |area| shelf.all(area);
        let (meta, log, drafts, filed) =
            try_join4(all(Area::Meta), all(Area::Log), all(Area::Drafts), all(Area::Filed)).await?;
        let meta: BTreeMap<_, _> = meta.into_iter().collect();
        let mut ring = Ring::new(own);
        let keys = Documents { ring: &ring, meta: &meta }.get(key::KEYS)?;
        ring.take(keys.unwrap_or_default());
        let document = Documents { ring: &ring, meta: &meta };
        let mut mind = Mind {
            numbers: document.get(key::NUMBERS)?,
            here: document.get(key::HERE)?.unwrap_or_default(),
            staged: document.get(key::STAGED)?,
            me: document.get(key::ME)?,
            owner: document.get(key::OWNER)?,
            // One that cannot be read any more is fetched again at the next sync.
            pack: document.get(key::PACK).ok().flatten(),
            history: document.get(key::HISTORY)?,
            clock: document.get(key::CLOCK)?.unwrap_or_default(),
            met: document.get(key::MET).ok().flatten(),
            ..Mind::default()
        };
        for (key, bytes) in log {
            match ring.open(Area::Log, &key, bytes).and_then(|bytes| Row::from_bytes(&bytes)) {
                Ok(row) => drop(mind.log.insert(row.number(), row)),
                Err(_) => mind.unreadable.push(key),
            }
        }
        if let Some(numbers) = &mut mind.numbers {
            let known = mind.log.values().flat_map(|row| &row.entries).map(|e| e.change.number);
            let unreadable = mind.unreadable.iter().filter_map(|key| key.parse().ok());
            numbers.last = known.chain(unreadable).max().unwrap_or(0).max(numbers.last);
        }
        if let Some(staged) = &mut mind.staged {
            let stored: BTreeSet<BlockId> = shelf.keys(Area::Blocks).await?.into_iter().map(BlockId).collect();
            staged.have =
                staged.manifest.blocks.iter().map(|b| b.id.clone()).filter(|id| stored.contains(id)).collect();
        }
        for (key, bytes) in drafts {
            let kept = ring.open(Area::Drafts, &key, bytes).and_then(|bytes| here::read(&key, &bytes));
            if let Ok(kept) = kept {
                mind.drafts.insert(key, kept);
            }
        }
        for (key, bytes) in filed {
            let filed = ring.open(Area::Filed, &key, bytes).and_then(|bytes| here::read(&key, &bytes));
            if let Ok(filed) = filed {
                mind.files.insert(key, filed);
            }
        }
        Ok(Self { shelf, ring: RefCell::new(ring), turn: Mutex::new(()), mind: RefCell::new(mind) })
    }

    /// The device and its last number; `None` in an empty store.
    pub fn numbers(&self) -> Option<Numbers> {
        self.mind.borrow().numbers
    }

    /// The last moment given out, even if what it stamped is not here any more: the next one comes after it.
    pub fn clock(&self) -> Clock {
        self.mind.borrow().clock
    }

    /// Who is signed in.
    pub fn me(&self) -> Option<Me> {
        self.mind.borrow().me.clone()
    }

    /// The account whose records are here, also while it is signed out.
    pub fn owner(&self) -> Option<String> {
        self.mind.borrow().owner.clone()
    }

    /// The last good pack.
    pub fn pack(&self) -> Option<Pack> {
        self.mind.borrow().pack.clone()
    }

    /// How far the office's records were read; `None` before the first sync is complete.
    pub fn cursor(&self) -> Option<Cursor> {
        self.mind.borrow().here.cursor.clone()
    }

    /// The manifest.
    pub fn here(&self) -> Here {
        self.mind.borrow().here.clone()
    }

    /// Whether a block is in the manifest.
    pub fn holds(&self, key: &str) -> bool {
        self.mind.borrow().here.blocks.iter().any(|held| held.key == key)
    }

    /// A first sync that broke off.
    pub fn staged(&self) -> Option<Staged> {
        self.mind.borrow().staged.clone()
    }

    /// Changes that wait for the office, by number.
    pub fn queue(&self) -> Vec<Change> {
        self.entries(|entry| (entry.fate == Fate::Waiting).then(|| entry.change.clone()))
    }

    /// When the oldest of them was written, milliseconds since 1970 UTC by the tablet's clock.
    pub fn waiting_since(&self) -> Option<u64> {
        let waits = |row: &&Row| row.entries.iter().any(|entry| entry.fate == Fate::Waiting);
        self.mind.borrow().log.values().filter(waits).map(|row| row.at).min()
    }

    /// When the office was last met, in the same measure; noted once an hour.
    pub fn met(&self) -> Option<u64> {
        self.contact().map(|contact| contact.office)
    }

    /// The records those are of.
    pub fn waiting(&self) -> HashSet<RecordId> {
        self.entries(|entry| (entry.fate == Fate::Waiting).then_some(entry.change.record)).into_iter().collect()
    }

    /// Changes the office refused and nobody mended or set aside yet.
    pub fn refused(&self) -> Vec<(Change, Vec<Problem>)> {
        self.entries(|entry| match &entry.fate {
            Fate::Refused(problems) => Some((entry.change.clone(), problems.clone())),
            _ => None,
        })
    }

    /// Changes the office refused and their author gave up: they can be taken up again.
    pub fn given_up(&self) -> Vec<(Change, Vec<Problem>)> {
        self.entries(|entry| match &entry.fate {
            Fate::GivenUp(problems) => Some((entry.change.clone(), problems.clone())),
            _ => None,
        })
    }

    /// Every row in which something is not settled, oldest first.
    pub fn log(&self) -> Vec<Row> {
        self.mind.borrow().log.values().cloned().collect()
    }

    /// How many rows of the log could not be read; they stay where they are.
    pub fn unreadable(&self) -> usize {
        self.mind.borrow().unreadable.len()
    }

    fn entries<T>(&self, f: impl Fn(&Entry) -> Option<T>) -> Vec<T> {
        self.mind.borrow().log.values().flat_map(|row| &row.entries).filter_map(f).collect()
    }

    /// The opened bytes of some blocks, in the order asked; `None` for those that are missing or damaged.
    pub async fn blocks(&self, keys: Vec<String>) -> Result<Vec<Option<Vec<u8>>>, StoreError> {
        let found = self.shelf.some(Area::Blocks, keys.clone()).await?;
        let ring = self.ring.borrow();
        let open = |(key, bytes): (String, Option<Vec<u8>>)| ring.open(Area::Blocks, &key, bytes?).ok();
        Ok(keys.into_iter().zip(found).map(open).collect())
    }

    /// Lets go of the database; later writes answer [`StoreError::Closed`]. A write under way is finished first.
    pub async fn close(&self) {
        let _turn = self.turn.lock().await;
        self.shelf.close();
    }

    /// Writes, then remembers. The caller holds the turn.
    async fn commit(&self, batch: Batch, remember: impl FnOnce(&mut Mind)) -> Result<(), StoreError> {
        let write = self.ring.borrow_mut().seal(batch);
        self.shelf.write(write).await?;
        self.ring.borrow_mut().saved();
        remember(&mut self.mind.borrow_mut());
        Ok(())
    }
}

/// The documents of `meta`, as they were read.
struct Documents<'a> {
    ring: &'a Ring,
    meta: &'a BTreeMap<String, Vec<u8>>,
}

impl Documents<'_> {
    fn get<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, StoreError> {
        let Some(bytes) = self.meta.get(key) else { return Ok(None) };
        here::read(key, &self.ring.open(Area::Meta, key, bytes.clone())?).map(Some)
    }
}
