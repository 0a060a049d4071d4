//! The store's twin in memory: the same promises as far as a process lives. For tests on the host, and for a browser
//! that gives a page no database at all would be a lie, so it is never used there.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
    rc::Rc,
};

use super::{
    StoreError,
    shelf::{Answer, Area, Shelf, Step, Write},
};

type Areas = BTreeMap<Area, BTreeMap<String, Vec<u8>>>;

/// A disk in memory; clones are the same disk, so that a test can "reopen" it.
#[derive(Clone, Debug, Default)]
pub struct Memory {
    areas: Rc<RefCell<Areas>>,
    closed: Rc<Cell<bool>>,
    /// What the next write answers instead of writing.
    failing: Rc<RefCell<Option<StoreError>>>,
}

impl Memory {
    /// An empty disk.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same disk, opened anew.
    pub fn reopen(&self) -> Self {
        Self { areas: self.areas.clone(), closed: Rc::default(), failing: self.failing.clone() }
    }

    /// Puts bytes under a key behind the store's back, as someone with the disk in hand can.
    pub fn put_back(&self, area: Area, key: &str, bytes: Vec<u8>) {
        self.areas.borrow_mut().entry(area).or_default().insert(key.into(), bytes);
    }

    /// Makes the next write fail as a full or broken disk does.
    pub fn fail_next(&self, error: StoreError) {
        *self.failing.borrow_mut() = Some(error);
    }

    fn answer<'a, T: 'a>(&'a self, f: impl FnOnce(&Areas) -> T + 'a) -> Answer<'a, T> {
        Box::pin(async move { if self.closed.get() { Err(StoreError::Closed) } else { Ok(f(&self.areas.borrow())) } })
    }
}

impl Shelf for Memory {
    fn all(&self, area: Area) -> Answer<'_, Vec<(String, Vec<u8>)>> {
        self.answer(move |areas| {
            areas.get(&area).into_iter().flatten().map(|(key, bytes)| (key.clone(), bytes.clone())).collect()
        })
    }

    fn keys(&self, area: Area) -> Answer<'_, Vec<String>> {
        self.answer(move |areas| areas.get(&area).into_iter().flatten().map(|(key, _)| key.clone()).collect())
    }

    fn some(&self, area: Area, keys: Vec<String>) -> Answer<'_, Vec<Option<Vec<u8>>>> {
        self.answer(move |areas| keys.iter().map(|key| areas.get(&area)?.get(key).cloned()).collect())
    }

    fn write(&self, write: Write) -> Answer<'_, ()> {
        Box::pin(async move {
            if self.closed.get() {
                return Err(StoreError::Closed);
            }
            if let Some(error) = self.failing.borrow_mut().take() {
                return Err(error);
            }
            let mut areas = self.areas.borrow_mut();
            for step in write.steps {
                match step {
                    Step::Put(area, key, bytes) => {
                        areas.entry(area).or_default().insert(key, bytes.bytes().to_vec());
                    }
                    Step::Delete(area, key) => {
                        areas.entry(area).or_default().remove(&key);
                    }
                    Step::Clear(area, from, to) => {
                        areas.entry(area).or_default().retain(|key, _| !(&from..=&to).contains(&key));
                    }
                }
            }
            Ok(())
        })
    }

    fn close(&self) {
        self.closed.set(true);
    }
}
