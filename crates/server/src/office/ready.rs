//! Whether the office can do its work at this moment: its database takes what is written, its tables are those of this
//! program, and there is room for files. It is found out by writing, and no more often than need be.

use std::{
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use tokio::time::timeout;

use super::Office;
use crate::db::{Fault, Passing};

/// How long a trial's success is believed, while the database answers and there is room.
const BELIEVED: Duration = Duration::from_secs(30);
/// How long any answer is: whoever asks often makes no more work than this.
const KEPT: Duration = Duration::from_millis(500);
/// Room of which it is not to be thought that it lasts until the next trial, in bytes.
const SHORT: u64 = 256 * 1024 * 1024;
/// How long a trial may take, its turn to write included.
const PATIENCE: Duration = Duration::from_secs(8);

/// What is known of it.
#[derive(Debug, Default)]
pub(super) struct Readiness {
    /// One at a time finds out.
    last: tokio::sync::Mutex<Last>,
    /// Something was not to be written since.
    is_doubted: AtomicBool,
    /// When something was written last.
    written: Mutex<Option<Instant>>,
}

#[derive(Debug, Default)]
struct Last {
    /// When something was written for a trial, the last time that it was.
    tried: Option<Instant>,
    /// What was said last, and when.
    said: Option<(Instant, Said)>,
}

type Said = Result<(), (Passing, String)>;

impl Readiness {
    /// Hears how a write ended.
    pub(super) fn hear<T>(&self, done: &Result<T, Fault>) {
        match done {
            Ok(_) => *self.written.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now()),
            Err(fault) if fault.is_collision() => {}
            Err(_) => self.is_doubted.store(true, Ordering::Relaxed),
        }
    }

    fn is_written_since(&self, span: Duration) -> bool {
        let written = self.written.lock().unwrap_or_else(PoisonError::into_inner);
        written.is_some_and(|at| at.elapsed() < span)
    }
}

impl Office {
    /// Whether the office can do its work; why not otherwise.
    pub async fn ready(&self) -> Result<(), Fault> {
        let known = &self.readiness;
        let mut last = known.last.lock().await;
        if let Some((at, said)) = &last.said
            && at.elapsed() < KEPT
        {
            return said.clone().map_err(|(passing, why)| Fault::NotNow(passing, why));
        }
        let is_doubted = known.is_doubted.load(Ordering::Relaxed);
        let is_believed = last.tried.is_some_and(|at| at.elapsed() < BELIEVED) && !is_doubted && !self.is_short();
        let done = match timeout(PATIENCE, self.look_and_try(is_believed)).await {
            Ok(done) => done,
            // Somebody writes a great deal, and it goes on.
            Err(_) if known.is_written_since(BELIEVED) && !is_doubted => Ok(()),
            Err(_) => Err(Fault::NotNow(Passing::Busy, "nothing could be written in time".into())),
        };
        if !is_believed {
            last.tried = done.is_ok().then(Instant::now);
        }
        known.is_doubted.store(done.is_err(), Ordering::Relaxed);
        let said: Said = done.as_ref().map(|_| ()).map_err(|f| (f.passing().unwrap_or(Passing::Away), f.to_string()));
        last.said = Some((Instant::now(), said));
        done
    }

    async fn look_and_try(&self, is_believed: bool) -> Result<(), Fault> {
        if !self.store.is_up_to_date().await? {
            return Err(Fault::NotNow(Passing::Away, "the tables are not those of this program".into()));
        }
        if is_believed {
            return Ok(());
        }
        self.store.try_write(self.community).await?;
        match &self.files {
            Some(files) => files.try_write().await,
            None => Ok(()),
        }
    }

    /// Whether there is little room left.
    fn is_short(&self) -> bool {
        let folders = [self.store.folder(), self.files.as_ref().and_then(|files| files.place())];
        folders.into_iter().flatten().filter_map(room).any(|room| room < SHORT)
    }
}

/// Bytes that can still be written where a folder is.
fn room(folder: &Path) -> Option<u64> {
    #[cfg(unix)]
    return rustix::fs::statvfs(folder).ok().map(|found| found.f_bavail.saturating_mul(found.f_frsize));
    #[cfg(not(unix))]
    {
        let _ = folder;
        None
    }
}
