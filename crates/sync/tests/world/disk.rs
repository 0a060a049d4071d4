//! What a crash leaves of a tablet: the app's store in a few maps. The real one is held to the same promises by its own
//! contract, over memory and over IndexedDB.

use std::collections::{BTreeMap, BTreeSet};

use records::Problem;
use sync::{
    Change, Clock, Record, RecordId,
    block::{self, BlockId},
    contact::Contact,
    engine::{Checkpoint, Staged},
    history::{History, KEEP_MILLIS},
    wire::{Cursor, Verdict},
};

#[derive(Clone, Debug, Default)]
pub struct Disk {
    pub cursor: Option<Cursor>,
    /// Whose records these are.
    pub owner: String,
    /// Changes that wait.
    pub log: BTreeMap<u64, Change>,
    pub refused: BTreeMap<u64, (Change, Vec<Problem>)>,
    /// Settled changes that can still be given back, with the server's time of it.
    pub kept: BTreeMap<u64, (u64, Change)>,
    pub history: Option<History>,
    pub records: BTreeMap<RecordId, Record>,
    pub staged: Option<Staged>,
    pub blocks: BTreeMap<BlockId, Vec<u8>>,
    pub last_number: u64,
    /// The last moment given out.
    pub clock: Clock,
    /// The office's clock and the tablet's when both last spoke.
    pub contact: Option<Contact>,
    /// Settled changes that were let go by the rules; the test's own notes.
    pub excused: BTreeSet<u64>,
}

impl Disk {
    /// As `Store::switch`: what the store answers is what waits again.
    pub fn switch(&mut self, staged: &Staged) -> Vec<Change> {
        for bucket in &staged.manifest.buckets {
            self.records.retain(|_, r| r.kind != bucket.kind());
        }
        for block in &staged.manifest.blocks {
            for record in block::decode(&self.blocks[&block.id]).unwrap() {
                self.take(record);
            }
        }
        self.staged = None;
        self.blocks.clear();
        self.cursor = Some(staged.next.clone());
        self.recall(&staged.next, false)
    }

    /// As `Store::checkpoint`.
    pub fn checkpoint(&mut self, checkpoint: Checkpoint) -> Vec<Change> {
        let kinds: BTreeSet<&str> = checkpoint.revoked.iter().map(|bucket| bucket.kind()).collect();
        self.records.retain(|_, record| !kinds.contains(record.kind.as_str()));
        checkpoint.records.into_iter().for_each(|r| self.take(r));
        let next = checkpoint.next.as_ref().filter(|_| checkpoint.now > 0);
        let recalled = next.map(|next| self.recall(next, true)).unwrap_or_default();
        for number in checkpoint.settled {
            if let Some(change) = self.log.remove(&number) {
                self.kept.insert(number, (checkpoint.now, change));
            }
        }
        for receipt in checkpoint.refused {
            if let (Some(change), Verdict::Refused { problems }) = (self.log.remove(&receipt.number), receipt.verdict) {
                self.refused.insert(receipt.number, (change, problems));
            }
        }
        let oldest = checkpoint.now.saturating_sub(KEEP_MILLIS);
        if checkpoint.now > 0 {
            let readable: BTreeSet<&str> = checkpoint.readable.iter().map(|bucket| bucket.kind()).collect();
            self.let_go(|at, change| at < oldest || !readable.contains(change.kind.as_str()));
        }
        self.cursor = checkpoint.next;
        recalled.into_iter().filter(|change| self.log.contains_key(&change.number)).collect()
    }

    /// As `Store::sign_in`: another account starts without records.
    pub fn belong_to(&mut self, account: &str) {
        if self.owner != account {
            self.owner = account.into();
            (self.cursor, self.staged) = (None, None);
            self.records.clear();
            self.blocks.clear();
            self.let_go(|_, _| true);
        }
    }

    fn recall(&mut self, next: &Cursor, is_round_end: bool) -> Vec<Change> {
        let is_lost = History::is_lost(self.history.as_ref(), next, is_round_end);
        if is_lost || is_round_end || self.history.is_none() {
            self.history = Some(History::at(next));
        }
        if !is_lost {
            return Vec::new();
        }
        let kept = std::mem::take(&mut self.kept).into_values().map(|(_, change)| change);
        let refused = std::mem::take(&mut self.refused).into_values().map(|(change, _)| change);
        let recalled: Vec<Change> = kept.chain(refused).collect();
        self.log.extend(recalled.iter().map(|change| (change.number, change.clone())));
        recalled
    }

    fn let_go(&mut self, goes: impl Fn(u64, &Change) -> bool) {
        let gone: Vec<u64> = self.kept.iter().filter(|(_, (at, c))| goes(*at, c)).map(|(number, _)| *number).collect();
        for number in gone {
            self.kept.remove(&number);
            self.excused.insert(number);
        }
    }

    fn take(&mut self, record: Record) {
        match self.records.get_mut(&record.id) {
            Some(mine) => mine.join(record),
            None => drop(self.records.insert(record.id, record)),
        }
    }
}
