//! The store on IndexedDB, by `indexed_db_futures`; the only module that names it.
//!
//! Its transactions roll back unless committed, and requests go out when they are built: so a write builds all its puts,
//! commits, and only then looks at what came of it. Nothing foreign is awaited in between.

use std::{cell::RefCell, rc::Rc};

use indexed_db_futures::{
    Build, BuildPrimitive,
    database::Database,
    error::{DomException, Error, OpenDbError, UnexpectedDataError},
    prelude::QuerySource,
    transaction::{TransactionDurability, TransactionMode, TransactionOptions},
    typed_array::{Uint8Array, Uint8ArraySlice},
};
use wasm_bindgen_futures::spawn_local;

use super::{
    StoreError,
    shelf::{Answer, Area, Shelf, Step, Write},
};

/// One step of the schema's history.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Upgrade {
    /// Makes new areas.
    Make(&'static [Area]),
    /// Empties areas whose form has changed; what was in them is fetched or typed anew. The log is left alone even if it
    /// is named: what the user wrote outlives every version.
    Renew(&'static [Area]),
}

/// The schema's history; the database's version is its length. Steps are only ever appended.
pub const UPGRADES: &[Upgrade] =
    &[Upgrade::Make(&Area::FIRST), Upgrade::Make(&[Area::Settled]), Upgrade::Make(&[Area::Files, Area::Filed])];

impl Upgrade {
    fn apply(self, database: &Database) -> Result<(), Error> {
        let (areas, is_renewed) = match self {
            Self::Make(areas) => (areas, false),
            Self::Renew(areas) => (areas, true),
        };
        for area in areas.iter().filter(|area| !is_renewed || **area != Area::Log) {
            if is_renewed {
                database.delete_object_store(area.name())?;
            }
            database.create_object_store(area.name()).build()?;
        }
        Ok(())
    }
}

/// An open database.
pub struct Indexed {
    database: Rc<RefCell<Option<Database>>>,
}

impl Indexed {
    /// Opens the database called `name`, upgrading it if needed. `on_taken` is called when the browser takes it away:
    /// a newer version of the app wants to upgrade it, or the user cleared this site's data.
    ///
    /// # Errors
    /// [`StoreError::Newer`] when a newer version of the app was here before.
    pub async fn open(name: &str, on_taken: impl FnOnce() + 'static) -> Result<Self, StoreError> {
        Self::open_with(name, UPGRADES, on_taken).await
    }

    /// The same with another history, for tests of upgrades.
    pub async fn open_with(
        name: &str,
        upgrades: &'static [Upgrade],
        on_taken: impl FnOnce() + 'static,
    ) -> Result<Self, StoreError> {
        let version = u32::try_from(upgrades.len()).unwrap_or(u32::MAX);
        let opening = Database::open(name)
            .with_version(version)
            .with_on_blocked(|_| Ok(()))
            .with_on_upgrade_needed(move |event, database| {
                let old = event.old_version() as usize;
                upgrades.iter().skip(old).try_for_each(|upgrade| upgrade.apply(&database))
            })
            .build();
        let database = match opening {
            Ok(opening) => opening.await.map_err(unopened)?,
            Err(error) => return Err(unopened(error)),
        };
        let indexed = Self { database: Rc::new(RefCell::new(Some(database))) };
        indexed.watch(on_taken);
        Ok(indexed)
    }

    /// Deletes the database called `name`, as if it had never been.
    ///
    /// # Errors
    /// The browser's.
    pub async fn raze(name: &str) -> Result<(), StoreError> {
        Database::delete_by_name(name).map_err(unopened)?.await.map_err(failing)
    }

    /// Without this an old tab blocks the upgrade for ever.
    fn watch(&self, on_taken: impl FnOnce() + 'static) {
        let database = self.database.clone();
        let Some(mut changes) = database.borrow().as_ref().and_then(|d| d.version_changes().ok()) else { return };
        spawn_local(async move {
            changes.recv().await;
            if let Some(database) = database.borrow_mut().take() {
                database.close();
                on_taken();
            }
        });
    }

    fn database(&self) -> Result<Database, StoreError> {
        self.database.borrow().clone().ok_or(StoreError::Closed)
    }
}

impl Shelf for Indexed {
    fn all(&self, area: Area) -> Answer<'_, Vec<(String, Vec<u8>)>> {
        Box::pin(async move {
            let database = self.database()?;
            let transaction = database.transaction(area.name()).build().map_err(failing)?;
            let store = transaction.object_store(area.name()).map_err(failing)?;
            // Both in one transaction and in the order of keys, so they belong together one by one.
            let keys = store.get_all_keys::<String>().primitive().map_err(failing)?;
            let values = store.get_all::<Uint8Array>().primitive().map_err(failing)?;
            let (keys, values) = (keys.await.map_err(failing)?, values.await.map_err(failing)?);
            keys.zip(values).map(|(key, value)| Ok((key.map_err(failing)?, value.map_err(failing)?.into()))).collect()
        })
    }

    fn keys(&self, area: Area) -> Answer<'_, Vec<String>> {
        Box::pin(async move {
            let database = self.database()?;
            let transaction = database.transaction(area.name()).build().map_err(failing)?;
            let store = transaction.object_store(area.name()).map_err(failing)?;
            let keys = store.get_all_keys::<String>().primitive().map_err(failing)?.await.map_err(failing)?;
            keys.map(|key| key.map_err(failing)).collect()
        })
    }

    fn some(&self, area: Area, keys: Vec<String>) -> Answer<'_, Vec<Option<Vec<u8>>>> {
        Box::pin(async move {
            let database = self.database()?;
            let transaction = database.transaction(area.name()).build().map_err(failing)?;
            let store = transaction.object_store(area.name()).map_err(failing)?;
            let asked: Result<Vec<_>, Error> =
                keys.iter().map(|key| store.get::<Uint8Array, _, _>(key.as_str()).primitive()).collect();
            let mut found = Vec::with_capacity(keys.len());
            for request in asked.map_err(failing)? {
                found.push(request.await.map_err(failing)?.map(Into::into));
            }
            Ok(found)
        })
    }

    fn write(&self, write: Write) -> Answer<'_, ()> {
        Box::pin(async move {
            match put(&self.database()?, &write).await {
                Ok(()) => Ok(()),
                Err(error) => Err(why(error)),
            }
        })
    }

    fn close(&self) {
        if let Some(database) = self.database.borrow_mut().take() {
            database.close();
        }
    }
}

impl Drop for Indexed {
    fn drop(&mut self) {
        // A `Database` does not close when it is dropped, and an open one blocks upgrades.
        self.close();
    }
}

async fn put(database: &Database, write: &Write) -> Result<(), Error> {
    let durability = if write.strict { TransactionDurability::Strict } else { TransactionDurability::Relaxed };
    let mut areas: Vec<Area> = write.steps.iter().map(Step::area).collect();
    areas.sort();
    areas.dedup();
    if areas.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = areas.iter().map(|area| area.name()).collect();
    let transaction = database
        .transaction(names.as_slice())
        .with_mode(TransactionMode::Readwrite)
        .with_options(TransactionOptions::new().with_durability(durability))
        .build()?;
    // Errors of single requests abort the transaction, so the commit tells of them.
    for step in &write.steps {
        match step {
            Step::Put(area, key, sealed) => {
                let store = transaction.object_store(area.name())?;
                drop(store.put(Uint8ArraySlice::new(sealed.bytes())).with_key(key.clone()).primitive()?);
            }
            Step::Delete(area, key) => {
                let store = transaction.object_store(area.name())?;
                drop(store.delete(key.clone()).primitive()?);
            }
            Step::Clear(area, from, to) => {
                let store = transaction.object_store(area.name())?;
                drop(store.delete(from.clone()..=to.clone()).primitive()?);
            }
        }
    }
    transaction.commit().await
}

/// The library reports a full disk only as "aborted", and browsers no longer tell by their estimate how much room there is.
/// A transaction that nobody aborts and that asks for nothing impossible has found no room.
fn why(error: Error) -> StoreError {
    let quota = matches!(&error, Error::DomException(e) if web_sys::DomException::from(e.clone()).name() == "QuotaExceededError");
    let aborted = matches!(
        &error,
        Error::MissingData(UnexpectedDataError::TransactionAborted) | Error::DomException(DomException::AbortError(_))
    );
    if quota || aborted { StoreError::Full } else { failing(error) }
}

fn failing(error: impl std::fmt::Display) -> StoreError {
    StoreError::Failing(error.to_string())
}

fn unopened(error: OpenDbError) -> StoreError {
    match &error {
        OpenDbError::Base(Error::DomException(e))
            if web_sys::DomException::from(e.clone()).name() == "VersionError" =>
        {
            StoreError::Newer
        }
        _ => failing(error),
    }
}
