//! Settled work, kept out of the way for a time, and taken back into the log when the server turns out to have lost it.
//!
//! Rows lie in an area of their own, which opening does not read, under keys that say when: so old ones are found without
//! being read either.

use std::collections::{BTreeMap, BTreeSet};

use sync::{
    Change,
    engine::Checkpoint,
    history::{History, KEEP_ACTS, KEEP_MILLIS},
    wire::Cursor,
};

use super::{Batch, Entry, Fate, Filed, Mind, Row, Store, StoreError, here::key, row, shelf::Area};

/// What happens to the log in one transaction.
#[derive(Default)]
pub(super) struct Recall {
    /// Rows of the log as they will be, those that leave it too.
    rows: BTreeMap<u64, Row>,
    /// Keys in [`Area::Settled`] that go back to the log.
    back: Vec<String>,
    /// Numbers that wait again.
    again: BTreeSet<u64>,
    history: Option<History>,
    /// Files that are brought again.
    files: Vec<Filed>,
}

impl Recall {
    /// Whether something changes that nobody else may have.
    pub(super) fn moves(&self) -> bool {
        !self.rows.is_empty()
    }

    /// Gives further rows their fate; those that wait again may get theirs in the same transaction.
    pub(super) fn mark(&mut self, rows: BTreeMap<u64, Row>, fate: impl Fn(&Entry) -> Option<Fate>) {
        for (number, row) in rows {
            self.rows.entry(number).or_insert(row);
        }
        for entry in self.rows.values_mut().flat_map(|row| &mut row.entries) {
            if let Some(fate) = fate(entry) {
                self.again.remove(&entry.change.number);
                entry.fate = fate;
            }
        }
    }

    /// The changes that wait again.
    pub(super) fn waits(&self) -> Vec<Change> {
        let entries = self.rows.values().flat_map(|row| &row.entries);
        entries.filter(|e| self.again.contains(&e.change.number)).map(|e| e.change.clone()).collect()
    }

    pub(super) fn remember(self, mind: &mut Mind) {
        mind.log.extend(self.rows);
        mind.log.retain(|_, row| !row.is_settled());
        mind.files.extend(self.files.into_iter().map(|filed| (filed.key(), filed)));
        mind.history = self.history.or(mind.history.take());
    }
}

impl Batch {
    /// With the log and the history as they will be.
    pub(super) fn recall(&mut self, recall: &Recall) {
        self.rows(&recall.rows);
        recall.back.iter().for_each(|key| self.delete(Area::Settled, key));
        recall.files.iter().for_each(|filed| self.filed(filed));
        recall.history.iter().for_each(|history| self.document(key::HISTORY, history));
    }
}

impl Store {
    /// What `next` means for settled and refused work: all of it waits again when it is of another history than the one in
    /// which that was decided. Refused work too: the new history has no quarantine that holds it.
    pub(super) async fn recall(&self, next: Option<&Cursor>, is_round_end: bool) -> Result<Recall, StoreError> {
        let Some(next) = next else { return Ok(Recall::default()) };
        let known = self.mind.borrow().history.clone();
        let met = Some(History::at(next)).filter(|met| Some(met) != known.as_ref());
        if !History::is_lost(known.as_ref(), next, is_round_end) {
            let history = met.filter(|_| is_round_end || known.is_none());
            return Ok(Recall { history, ..Recall::default() });
        }
        let waits = |entry: &Entry| matches!(entry.fate, Fate::Settled | Fate::Refused(_)).then_some(Fate::Waiting);
        let files = self.files().into_iter().map(|filed| Filed { sent: None, ..filed }).collect();
        let mut recall = Recall { history: met, rows: self.marked(waits), files, ..Recall::default() };
        for entry in self.mind.borrow().log.values().flat_map(|row| &row.entries).filter(|e| waits(e).is_some()) {
            recall.again.insert(entry.change.number);
        }
        for (key, mut row) in self.settled().await? {
            row.entries.iter_mut().for_each(|entry| entry.fate = Fate::Waiting);
            recall.again.extend(row.entries.iter().map(|entry| entry.change.number));
            recall.rows.insert(row.number(), row);
            recall.back.push(key);
        }
        Ok(recall)
    }

    /// Adds to the batch what becomes of settled work: rows that leave the log are kept, as far as the tablet may hold what
    /// they say; old ones and those of a lost right or of someone erased go.
    pub(super) async fn keep_settled(
        &self,
        batch: &mut Batch,
        recall: &Recall,
        checkpoint: &Checkpoint,
    ) -> Result<(), StoreError> {
        let erased: BTreeSet<_> = checkpoint.records.iter().filter(|r| r.is_erased()).map(|r| r.id).collect();
        let may_hold = |entry: &Entry| {
            let is_readable = checkpoint.readable.iter().any(|bucket| bucket.kind() == entry.change.kind);
            is_readable && !erased.contains(&entry.change.record)
        };
        let mut fresh = Vec::new();
        for row in recall.rows.values().filter(|row| row.is_settled()) {
            let mut row = row.clone();
            row.entries.retain(may_hold);
            if !row.entries.is_empty() {
                fresh.push((format!("{:015}-{}", checkpoint.now, row::key(row.number())), row));
            }
        }
        if !(checkpoint.revoked.is_empty() && erased.is_empty()) {
            for (key, mut row) in self.settled().await? {
                let before = row.entries.len();
                row.entries.retain(may_hold);
                match row.entries.len() {
                    0 => batch.delete(Area::Settled, key),
                    left if left < before => batch.put(Area::Settled, key, row.to_bytes()),
                    _ => {}
                }
            }
        }
        if !fresh.is_empty() {
            let oldest = format!("{:015}", checkpoint.now.saturating_sub(KEEP_MILLIS));
            let old = self.shelf.keys(Area::Settled).await?;
            let surplus = (old.len() + fresh.len()).saturating_sub(KEEP_ACTS);
            let goes = |(place, key): &(usize, String)| *place < surplus || *key < oldest;
            old.into_iter().enumerate().filter(goes).for_each(|(_, key)| batch.delete(Area::Settled, key));
            fresh.into_iter().for_each(|(key, row)| batch.put(Area::Settled, key, row.to_bytes()));
        }
        Ok(())
    }

    /// Rows in [`Area::Settled`]; what cannot be read is left where it is.
    async fn settled(&self) -> Result<Vec<(String, Row)>, StoreError> {
        let all = self.shelf.all(Area::Settled).await?.into_iter();
        let ring = self.ring.borrow();
        let read = |key: &str, bytes| Row::from_bytes(&ring.open(Area::Settled, key, bytes).ok()?).ok();
        Ok(all.filter_map(|(key, bytes)| read(&key, bytes).map(|row| (key, row))).collect())
    }
}
