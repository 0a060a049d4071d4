//! The connection to the database. Browsers take it away in the background (an iPad ends the process that keeps it): then it is
//! opened anew. What it was opened for the first time is never made anew here: an empty database in its place is a loss.

use std::{
    cell::{Cell, RefCell},
    future::Future,
    pin::pin,
    rc::Rc,
};

use async_lock::Mutex;
use futures_util::future::{Either, select};
use indexed_db_futures::{
    Build,
    database::Database,
    error::{Error, OpenDbError},
    internals::SystemRepr,
};
use wasm_bindgen_futures::spawn_local;

use super::{StoreError, Upgrade, failing, name_of};
use crate::platform;

/// How long opening anew may take, in milliseconds.
const OPENING: u32 = 8_000;

pub struct Connection {
    name: String,
    upgrades: &'static [Upgrade],
    database: RefCell<Option<Database>>,
    on_taken: RefCell<Option<Box<dyn FnOnce()>>>,
    /// Who finds it broken takes turns: the first opens it anew.
    turn: Mutex<()>,
}

impl Connection {
    pub async fn open(
        name: &str,
        upgrades: &'static [Upgrade],
        on_taken: impl FnOnce() + 'static,
    ) -> Result<Rc<Self>, StoreError> {
        let database = opened(name, upgrades, None).await?;
        let connection = Rc::new(Self {
            name: name.into(),
            upgrades,
            database: RefCell::new(Some(database.clone())),
            on_taken: RefCell::new(Some(Box::new(on_taken))),
            turn: Mutex::default(),
        });
        connection.watch(database);
        Ok(connection)
    }

    pub fn database(&self) -> Result<Database, StoreError> {
        self.database.borrow().clone().ok_or(StoreError::Closed)
    }

    /// Another connection in place of one that failed, if nobody has opened one since.
    pub async fn renewed(self: &Rc<Self>, broken: &Database) -> Result<Database, StoreError> {
        let _turn = self.turn.lock().await;
        let now = self.database()?;
        if now.as_sys() != broken.as_sys() {
            return Ok(now);
        }
        now.close();
        let is_empty = Rc::new(Cell::new(false));
        let opening = in_time(OPENING, opened(&self.name, self.upgrades, Some(is_empty.clone()))).await;
        let new = opening.unwrap_or_else(|| Err(StoreError::Failing("the database does not open again".into())))?;
        if is_empty.get() {
            // Its data was cleared. What was just made goes, so that the next start sees what it is.
            new.close();
            let _ = raze(&self.name).await;
            self.is_taken();
            return Err(StoreError::Closed);
        }
        if self.database.borrow().is_none() {
            new.close();
            return Err(StoreError::Closed);
        }
        *self.database.borrow_mut() = Some(new.clone());
        self.watch(new.clone());
        Ok(new)
    }

    /// Without this an old tab blocks the upgrade for ever.
    fn watch(self: &Rc<Self>, database: Database) {
        let Ok(mut changes) = database.version_changes() else { return };
        let connection = Rc::downgrade(self);
        spawn_local(async move {
            changes.recv().await;
            let Some(connection) = connection.upgrade() else { return };
            let is_ours = connection.database().is_ok_and(|now| now.as_sys() == database.as_sys());
            if is_ours {
                connection.is_taken();
            }
        });
    }

    fn is_taken(&self) {
        self.close();
        let on_taken = self.on_taken.borrow_mut().take();
        if let Some(on_taken) = on_taken {
            on_taken();
        }
    }

    pub fn close(&self) {
        if let Some(database) = self.database.borrow_mut().take() {
            database.close();
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // A `Database` does not close when it is dropped, and an open one blocks upgrades.
        self.close();
    }
}

/// Opens, and upgrades if needed. Where `is_empty` is given nothing is made: it says that there was nothing to open.
async fn opened(
    name: &str,
    upgrades: &'static [Upgrade],
    is_empty: Option<Rc<Cell<bool>>>,
) -> Result<Database, StoreError> {
    let version = u32::try_from(upgrades.len()).unwrap_or(u32::MAX);
    let opening = Database::open(name)
        .with_version(version)
        .with_on_blocked(|_| Ok(()))
        .with_on_upgrade_needed(move |event, database| match is_empty {
            Some(is_empty) => {
                is_empty.set(true);
                Ok(())
            }
            None => {
                let old = event.old_version() as usize;
                upgrades.iter().skip(old).try_for_each(|upgrade| upgrade.apply(&database))
            }
        })
        .build();
    match opening {
        Ok(opening) => opening.await.map_err(unopened),
        Err(error) => Err(unopened(error)),
    }
}

/// Deletes a database, as if it had never been.
pub async fn raze(name: &str) -> Result<(), StoreError> {
    Database::delete_by_name(name).map_err(unopened)?.await.map_err(failing)
}

/// What comes of it within so many milliseconds.
pub async fn in_time<T>(millis: u32, work: impl Future<Output = T>) -> Option<T> {
    match select(pin!(work), pin!(platform::sleep(millis))).await {
        Either::Left((done, _)) => Some(done),
        Either::Right(_) => None,
    }
}

fn unopened(error: OpenDbError) -> StoreError {
    match &error {
        OpenDbError::Base(Error::DomException(e)) if name_of(e) == "VersionError" => StoreError::Newer,
        _ => failing(error),
    }
}
