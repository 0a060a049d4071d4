//! The store on IndexedDB, by `indexed_db_futures`; the only module that names it.
//!
//! Its transactions roll back unless committed, and requests go out when they are built: so a write builds all its puts,
//! commits, and only then looks at what came of it. Nothing foreign is awaited in between.
//!
//! What fails but for want of room, or never ends, is tried once more over another connection. A write may have come through
//! all the same: its bytes are looked for first, and since sealing never makes the same bytes twice, bytes found are its own.

use std::{collections::BTreeMap, future::Future, rc::Rc};

use indexed_db_futures::{
    Build, BuildPrimitive,
    database::Database,
    error::{DomException, Error},
    internals::SystemRepr,
    prelude::QuerySource,
    transaction::{TransactionDurability, TransactionMode, TransactionOptions},
    typed_array::{Uint8Array, Uint8ArraySlice},
};
use wasm_bindgen::JsCast;
use web_sys::IdbTransaction;

use super::{
    StoreError,
    shelf::{Answer, Area, Shelf, Step, Write},
};
use crate::platform;

mod connection;
use connection::{Connection, in_time};

/// How long a write may take, and reading, in milliseconds: many times what the slowest tablet takes.
const WRITING: u32 = 8_000;
const READING: u32 = 60_000;
/// Less room than this is none.
const ROOM: u64 = 2_000_000;

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
    connection: Rc<Connection>,
}

impl Indexed {
    /// Opens the database called `name`, upgrading it if needed. `on_taken` is called when the browser takes it away for good:
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
        Ok(Self { connection: Connection::open(name, upgrades, on_taken).await? })
    }

    /// Deletes the database called `name`, as if it had never been.
    ///
    /// # Errors
    /// The browser's.
    pub async fn raze(name: &str) -> Result<(), StoreError> {
        connection::raze(name).await
    }

    /// Reads, once more over another connection where the first one fails or never answers.
    async fn read<T, F>(&self, work: impl Fn(Database) -> F) -> Result<T, StoreError>
    where
        F: Future<Output = Result<T, Error>>,
    {
        let database = self.connection.database()?;
        if let Some(Ok(found)) = in_time(READING, work(database.clone())).await {
            return Ok(found);
        }
        let database = self.connection.renewed(&database).await?;
        match in_time(READING, work(database)).await {
            Some(found) => found.map_err(failing),
            None => Err(StoreError::Failing("the database does not answer".into())),
        }
    }
}

impl Shelf for Indexed {
    fn all(&self, area: Area) -> Answer<'_, Vec<(String, Vec<u8>)>> {
        Box::pin(self.read(move |database| async move {
            let transaction = database.transaction(area.name()).build()?;
            let store = transaction.object_store(area.name())?;
            // Both in one transaction and in the order of keys, so they belong together one by one.
            let keys = store.get_all_keys::<String>().primitive()?;
            let values = store.get_all::<Uint8Array>().primitive()?;
            let (keys, values) = (keys.await?, values.await?);
            keys.zip(values).map(|(key, value)| Ok((key?, value?.into()))).collect()
        }))
    }

    fn keys(&self, area: Area) -> Answer<'_, Vec<String>> {
        Box::pin(self.read(move |database| async move {
            let transaction = database.transaction(area.name()).build()?;
            let keys = transaction.object_store(area.name())?.get_all_keys::<String>().primitive()?.await?;
            keys.collect()
        }))
    }

    fn some(&self, area: Area, keys: Vec<String>) -> Answer<'_, Vec<Option<Vec<u8>>>> {
        let keys = Rc::new(keys);
        Box::pin(self.read(move |database| some(database, area, keys.clone())))
    }

    fn write(&self, write: Write) -> Answer<'_, ()> {
        Box::pin(async move {
            let database = self.connection.database()?;
            match put(&database, &write).await {
                Ok(()) => return Ok(()),
                Err(StoreError::Full) => return Err(StoreError::Full),
                Err(error) => gloo::console::warn!(error.to_string()),
            }
            let database = self.connection.renewed(&database).await?;
            match in_time(WRITING, is_kept(&database, &write)).await {
                Some(Ok(true)) => Ok(()),
                _ => put(&database, &write).await,
            }
        })
    }

    fn close(&self) {
        self.connection.close();
    }
}

async fn some(database: Database, area: Area, keys: Rc<Vec<String>>) -> Result<Vec<Option<Vec<u8>>>, Error> {
    let transaction = database.transaction(area.name()).build()?;
    let store = transaction.object_store(area.name())?;
    let asked: Result<Vec<_>, Error> =
        keys.iter().map(|key| store.get::<Uint8Array, _, _>(key.as_str()).primitive()).collect();
    let mut found = Vec::with_capacity(keys.len());
    for request in asked? {
        found.push(request.await?.map(Into::into));
    }
    Ok(found)
}

/// Whether all that a write leaves is there. One that clears is done again instead of looked for.
async fn is_kept(database: &Database, write: &Write) -> Result<bool, Error> {
    let mut left: BTreeMap<Area, BTreeMap<&str, Option<&[u8]>>> = BTreeMap::new();
    for step in &write.steps {
        let (key, bytes) = match step {
            Step::Put(_, key, sealed) => (key, Some(sealed.bytes())),
            Step::Delete(_, key) => (key, None),
            Step::Clear(..) => return Ok(false),
        };
        left.entry(step.area()).or_default().insert(key, bytes);
    }
    for (area, left) in left {
        let keys = left.keys().map(|key| (*key).to_owned()).collect();
        let found = some(database.clone(), area, Rc::new(keys)).await?;
        if found.iter().map(Option::as_deref).ne(left.into_values()) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Writes, in time.
async fn put(database: &Database, write: &Write) -> Result<(), StoreError> {
    let mut under_way = None;
    let failed = match in_time(WRITING, sent(database, write, &mut under_way)).await {
        Some(Ok(())) => return Ok(()),
        Some(Err(error)) => Some(error),
        None => {
            // One that never ends would hold up all that come after it. It may be ending just now.
            let _ = under_way.as_ref().map(IdbTransaction::abort);
            None
        }
    };
    // What the library calls aborted has its reason in the transaction.
    let reason = under_way.and_then(|transaction| transaction.error());
    let is_quota = |name: &str| name == "QuotaExceededError";
    let is_said = matches!(&failed, Some(Error::DomException(e)) if is_quota(&name_of(e)));
    if is_said || reason.as_ref().is_some_and(|reason| is_quota(&reason.name())) {
        return Err(StoreError::Full);
    }
    let is_full = platform::room().await.is_some_and(|(used, quota)| quota.saturating_sub(used) < ROOM);
    let why = || failed.map_or_else(|| "the transaction never ended".to_owned(), |error| error.to_string());
    if is_full { Err(StoreError::Full) } else { Err(StoreError::Failing(why())) }
}

async fn sent(database: &Database, write: &Write, under_way: &mut Option<IdbTransaction>) -> Result<(), Error> {
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
    *under_way = Some(transaction.as_sys().clone().unchecked_into());
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

fn name_of(exception: &DomException) -> String {
    web_sys::DomException::from(exception.clone()).name()
}

fn failing(error: impl std::fmt::Display) -> StoreError {
    StoreError::Failing(error.to_string())
}
