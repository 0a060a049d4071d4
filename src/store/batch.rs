//! What one write of the store does, in plain bytes: which key each is to be sealed with is said here, sealing is done
//! when the batch is committed.

use serde::Serialize;

use super::{here::key, shelf::Area};

/// Which key closes a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lock {
    /// None: what must be read before anyone has said a password, and says nothing about anyone.
    Open,
    /// The person's own.
    Own,
    /// That of a kind of records, destroyed with the right to read them.
    Kind(String),
}

/// One step of a batch.
#[derive(Debug)]
pub enum Step {
    /// Keep these bytes, in place of what the key held.
    Put(Area, String, Lock, Vec<u8>),
    /// Forget the key, if it is there.
    Delete(Area, String),
    /// Forget all keys from one to another, these two as well.
    Clear(Area, String, String),
}

/// Steps that become true together or not at all.
#[derive(Debug, Default)]
pub struct Batch {
    /// In order.
    pub steps: Vec<Step>,
    /// Done only when it would survive a power cut; otherwise when the operating system has it.
    pub strict: bool,
}

impl Batch {
    /// An empty batch that must survive a power cut.
    pub fn strict() -> Self {
        Self { steps: Vec::new(), strict: true }
    }

    /// An empty batch of what can be had again.
    pub fn relaxed() -> Self {
        Self::default()
    }

    /// With one more thing kept, under the person's own key.
    pub fn put(&mut self, area: Area, key: impl Into<String>, bytes: Vec<u8>) {
        self.steps.push(Step::Put(area, key.into(), Lock::Own, bytes));
    }

    /// With a block of a kind's records kept, under the kind's key.
    pub fn block(&mut self, key: impl Into<String>, kind: &str, bytes: Vec<u8>) {
        self.steps.push(Step::Put(Area::Blocks, key.into(), Lock::Kind(kind.into()), bytes));
    }

    /// With a document of `meta` kept.
    pub fn document<T: Serialize>(&mut self, key: &str, document: &T) {
        let lock = if key::OPEN.contains(&key) { Lock::Open } else { Lock::Own };
        self.steps.push(Step::Put(Area::Meta, key.into(), lock, json(document)));
    }

    /// With one more key forgotten.
    pub fn delete(&mut self, area: Area, key: impl Into<String>) {
        self.steps.push(Step::Delete(area, key.into()));
    }
}

/// As JSON, so that an older or newer program reads what it knows.
pub fn json<T: Serialize>(document: &T) -> Vec<u8> {
    serde_json::to_vec(document).unwrap_or_default()
}
