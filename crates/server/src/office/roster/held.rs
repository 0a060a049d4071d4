//! Files in memory, and imports under way.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicU32},
    },
    time::Duration,
};

use export::roster::{Choices, Sheet};
use sync::wire::{Roster, RosterState};
use tokio::sync::OwnedMutexGuard;
use uuid::Uuid;

/// How long a file is held, in milliseconds.
const HELD: u64 = 60 * 60 * 1000;
/// How long the turn is waited for.
const PATIENCE: Duration = Duration::from_secs(1);
/// Most files held: the oldest makes room.
const MOST: usize = 4;

/// The desk's memory.
#[derive(Debug, Default)]
pub struct Rosters {
    held: Mutex<HashMap<Uuid, Held>>,
    jobs: Mutex<HashMap<Uuid, Arc<Job>>>,
    /// Held by the one import (or taking back) that is under way: two that plan over the same register could each make
    /// the same person.
    turn: Arc<tokio::sync::Mutex<()>>,
    /// Held by the one file that is being read: two at once take twice the room.
    reading: Arc<tokio::sync::Mutex<()>>,
}

/// An uploaded file.
#[derive(Clone, Debug)]
pub(super) struct Held {
    pub file: String,
    pub account: String,
    pub at: u64,
    pub sheets: Arc<Vec<Sheet>>,
    /// The sheet and the choices it was last planned with: what is imported.
    pub choices: Option<(usize, Choices)>,
}

/// An import, or a taking back, under way.
#[derive(Debug, Default)]
pub(super) struct Job {
    /// Records written so far.
    pub done: AtomicU32,
    /// It is to stop after its batch.
    pub stop: AtomicBool,
}

impl Held {
    /// It in the words of the wire.
    pub fn roster(&self, id: Uuid) -> Roster {
        let Self { file, account, at, .. } = self.clone();
        let (state, counts, kept) = (RosterState::Uploaded, None, Vec::new());
        Roster { id, file, account, at, state, done: 0, total: 0, refused: 0, counts, kept }
    }
}

impl Rosters {
    /// Holds a file; those held too long, and the oldest of too many, are forgotten.
    pub(super) fn hold(&self, id: Uuid, held: Held, now: u64) {
        let mut all = lock(&self.held);
        all.retain(|_, held| now.saturating_sub(held.at) < HELD);
        while all.len() >= MOST {
            let Some(oldest) = all.iter().min_by_key(|(id, held)| (held.at, **id)).map(|(id, _)| *id) else { break };
            all.remove(&oldest);
        }
        all.insert(id, held);
    }

    /// A file that is held.
    pub(super) fn held(&self, id: Uuid, now: u64) -> Option<Held> {
        lock(&self.held).get(&id).filter(|held| now.saturating_sub(held.at) < HELD).cloned()
    }

    /// Notes what a file was planned with.
    pub(super) fn choose(&self, id: Uuid, sheet: usize, choices: Choices) {
        if let Some(held) = lock(&self.held).get_mut(&id) {
            held.choices = Some((sheet, choices));
        }
    }

    /// Forgets a file.
    pub(super) fn forget(&self, id: Uuid) {
        lock(&self.held).remove(&id);
    }

    /// What is under way for a roster.
    pub(super) fn job(&self, id: Uuid) -> Option<Arc<Job>> {
        lock(&self.jobs).get(&id).cloned()
    }

    /// The turn, if it can be had shortly: one that is over needs a moment to give it back.
    pub(super) async fn turn(&self) -> Option<OwnedMutexGuard<()>> {
        tokio::time::timeout(PATIENCE, self.turn.clone().lock_owned()).await.ok()
    }

    /// The turn to read a file, until what comes back is dropped.
    pub(in crate::office) async fn reading(&self) -> OwnedMutexGuard<()> {
        self.reading.clone().lock_owned().await
    }

    /// Begins something for a roster; it is under way until what comes back is dropped, also by a panic.
    pub(super) fn begin(self: &Arc<Self>, id: Uuid, turn: OwnedMutexGuard<()>) -> Underway {
        let job = Arc::new(Job::default());
        lock(&self.jobs).insert(id, job.clone());
        Underway { job, id, rosters: self.clone(), _turn: turn }
    }
}

/// Something under way for a roster, with the turn that is held for it.
pub(super) struct Underway {
    /// Its progress.
    pub job: Arc<Job>,
    id: Uuid,
    rosters: Arc<Rosters>,
    _turn: OwnedMutexGuard<()>,
}

impl Drop for Underway {
    fn drop(&mut self) {
        lock(&self.rosters.jobs).remove(&self.id);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
