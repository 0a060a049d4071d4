//! Settled work, kept out of the way for a time, and taken back into the log when the server turns out to have lost it.
//!
//! What was settled at one checkpoint lies together, a lot, in an area of its own which opening does not read, under a key
//! that says when and how many acts: so old ones are found without being read either.

use std::collections::{BTreeMap, BTreeSet};

use sync::{
    Change,
    engine::Checkpoint,
    history::{History, KEEP_ACTS, KEEP_MILLIS},
    wire::Cursor,
};

use super::{Batch, Entry, Fate, Filed, Mind, Row, Store, StoreError, batch::json, here::key, row, shelf::Area};

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
    pub(super) fn recall(&mut self, recall: &Recall, mind: &Mind) {
        mind.lay(&recall.rows, self);
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
        for (key, rows) in self.settled().await? {
            for mut row in rows {
                row.entries.iter_mut().for_each(|entry| entry.fate = Fate::Waiting);
                recall.again.extend(row.entries.iter().map(|entry| entry.change.number));
                recall.rows.insert(row.number(), row);
            }
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
        let held = |rows: Vec<Row>| -> Vec<Row> {
            let keep = |mut row: Row| {
                row.entries.retain(may_hold);
                (!row.entries.is_empty()).then_some(row)
            };
            rows.into_iter().filter_map(keep).collect()
        };
        if !(checkpoint.revoked.is_empty() && erased.is_empty()) {
            for (key, rows) in self.settled().await? {
                let left = held(rows.clone());
                // Those that go back to the log leave here as they are.
                if left == rows || recall.back.contains(&key) {
                    continue;
                }
                batch.delete(Area::Settled, &*key);
                if !left.is_empty() {
                    batch.put(Area::Settled, lot_key(key.get(..MOMENT).unwrap_or_default(), &left), json(&left));
                }
            }
        }
        let fresh = held(recall.rows.values().filter(|row| row.is_settled()).cloned().collect());
        if !fresh.is_empty() {
            let oldest = moment(checkpoint.now.saturating_sub(KEEP_MILLIS));
            let mut room = KEEP_ACTS.saturating_sub(fresh.len());
            for key in self.shelf.keys(Area::Settled).await?.into_iter().rev() {
                let fits = *key >= *oldest && acts(&key) <= room;
                room = if fits { room - acts(&key) } else { 0 };
                if !fits {
                    batch.delete(Area::Settled, key);
                }
            }
            batch.put(Area::Settled, lot_key(&moment(checkpoint.now), &fresh), json(&fresh));
        }
        Ok(())
    }

    /// The lots in [`Area::Settled`]; what cannot be read is left where it is.
    async fn settled(&self) -> Result<Vec<(String, Vec<Row>)>, StoreError> {
        let all = self.shelf.all(Area::Settled).await?.into_iter();
        let ring = self.ring.borrow();
        let read = |key: &str, bytes| lot(&ring.open(Area::Settled, key, bytes).ok()?);
        Ok(all.filter_map(|(key, bytes)| read(&key, bytes).map(|rows| (key, rows))).collect())
    }
}

/// Characters of a key that say when.
const MOMENT: usize = 15;

/// Milliseconds by the server's clock, so that texts sort as times do.
fn moment(millis: u64) -> String {
    format!("{millis:0MOMENT$}")
}

/// The key of a lot: when it was settled, its first number, how many acts.
fn lot_key(moment: &str, rows: &[Row]) -> String {
    format!("{moment}-{}-{}", row::key(rows.first().map_or(0, Row::number)), rows.len())
}

/// How many acts lie under a key. Older programs kept each under its own, which does not say.
fn acts(key: &str) -> usize {
    key.split('-').nth(2).and_then(|count| count.parse().ok()).unwrap_or(1)
}

/// The acts of a lot, or the one that an older program kept.
fn lot(bytes: &[u8]) -> Option<Vec<Row>> {
    serde_json::from_slice(bytes).ok().or_else(|| Some(vec![Row::from_bytes(bytes).ok()?]))
}
