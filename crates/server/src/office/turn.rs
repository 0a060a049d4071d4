//! What takes long and much memory, papers above all: one at a time, beside everything else, and no longer than somebody
//! waits for it.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::spawn_blocking,
    time::timeout,
};

use super::Office;
use crate::db::{Fault, Passing};

/// How long a paper waits for those before it: so that it can still be made within its request's time.
const QUEUE: Duration = Duration::from_secs(15);

/// The right to work on a paper. Dropped, what still works for it ends as soon as it notices, and the next one begins then.
pub struct Turn(Arc<Work>);

struct Work {
    _permit: OwnedSemaphorePermit,
    is_given_up: AtomicBool,
}

/// Tells work whether anyone still waits for it.
#[derive(Clone, Default)]
pub(super) struct GivenUp(Option<Arc<Work>>);

impl GivenUp {
    pub(super) fn is_so(&self) -> bool {
        self.0.as_ref().is_some_and(|work| work.is_given_up.load(Ordering::Relaxed))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.is_given_up.store(true, Ordering::Relaxed);
    }
}

impl Turn {
    /// Works beside the server's own threads. The turn is not over before the work is, even when nobody waits any more.
    ///
    /// # Errors
    /// The work broke off.
    pub async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
        let held = self.0.clone();
        let done = spawn_blocking(move || {
            let done = work();
            drop(held);
            done
        });
        done.await.map_err(|e| Fault::damaged("paper", e))
    }

    pub(super) fn given_up(&self) -> GivenUp {
        GivenUp(Some(self.0.clone()))
    }
}

/// Who waits for a turn.
pub(super) fn turns() -> Arc<Semaphore> {
    Arc::new(Semaphore::new(1))
}

impl Office {
    /// Waits for the turn to work on a paper.
    ///
    /// # Errors
    /// Others take too long.
    pub async fn turn(&self) -> Result<Turn, Fault> {
        let busy = || Fault::NotNow(Passing::Busy, "other papers are being made".into());
        let permit = timeout(QUEUE, self.turns.clone().acquire_owned()).await.map_err(|_| busy())?;
        Ok(Turn(Arc::new(Work { _permit: permit.map_err(|_| busy())?, is_given_up: AtomicBool::new(false) })))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use records::Pack;

    use super::*;
    use crate::db::Place;

    #[tokio::test]
    async fn work_that_nobody_waits_for_ends_and_the_next_begins_then() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::Folder(folder.path().to_owned());
        let office = Arc::new(Office::found(place, "测试社区", Pack::community(), Arc::new(|| 1)).await.unwrap());
        let turn = office.turn().await.unwrap();
        let given_up = turn.given_up();
        let (begun, begins) = std::sync::mpsc::channel();
        let work = tokio::spawn(async move {
            let work = move || {
                begun.send(()).unwrap();
                while !given_up.is_so() {
                    std::thread::yield_now();
                }
            };
            turn.run(work).await
        });
        tokio::task::spawn_blocking(move || begins.recv()).await.unwrap().unwrap();
        let next = tokio::spawn({
            let office = office.clone();
            async move { office.turn().await }
        });
        // As a request's future is, when its client goes away.
        work.abort();
        next.await.unwrap().expect("the work before it ends");
        let _held = office.turn().await.unwrap();
        tokio::time::pause();
        let waited = office.turn().await.map(drop);
        assert_eq!(waited.unwrap_err().passing(), Some(Passing::Busy), "who waits too long is told so");
    }
}
