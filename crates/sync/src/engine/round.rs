//! A round: what has come in, and what of it is kept together at its end.

use std::collections::{BTreeMap, BTreeSet};

use super::{Checkpoint, Staged};
use crate::{
    Bucket, Record,
    wire::{Checksum, Cursor, Receipt, SyncResponse, Verdict},
};

/// What has come in since the last checkpoint.
#[derive(Clone, Debug, Default)]
pub(super) struct Round {
    records: Vec<Record>,
    /// By the number of the change.
    pub(super) receipts: BTreeMap<u64, Receipt>,
    /// Answers to requests that brought changes.
    pub(super) batches: usize,
    revoked: BTreeSet<Bucket>,
    pub(super) sums: BTreeMap<Bucket, Checksum>,
    /// The cursor reached by pages not stored yet.
    pub(super) reached: Option<Cursor>,
    pub(super) refetch: Vec<Bucket>,
    pub(super) refetched: bool,
    /// The server's history that the receipts, records and revoked buckets here speak of.
    epoch: Option<String>,
    /// The server's wall clock at its last answer.
    now: u64,
}

impl Round {
    /// A round that asks for these buckets whole.
    pub(super) fn refetching(buckets: Vec<Bucket>) -> Self {
        Self { refetch: buckets, refetched: true, ..Self::default() }
    }

    /// The same round from its beginning.
    pub(super) fn again(round: &Self) -> Self {
        Self { refetched: round.refetched, ..Self::default() }
    }

    /// Whether it has read further than `stored`, the cursor kept last.
    pub(super) fn is_ahead_of(&self, stored: Option<&Cursor>) -> bool {
        self.reached.is_some() && self.reached.as_ref() != stored
    }

    /// Takes in an answer to a request with the changes numbered `sent`, in order; whole buckets to be fetched if it names any.
    pub(super) fn take(&mut self, answer: SyncResponse, sent: &[u64]) -> Option<Staged> {
        if self.epoch.as_ref().is_some_and(|epoch| *epoch != answer.next.epoch) {
            // The server was restored in the middle of this round: what the lost history accepted, this one may not have.
            (self.receipts, self.records) = Default::default();
            self.revoked.clear();
        }
        self.epoch = Some(answer.next.epoch.clone());
        self.now = answer.now;
        self.batches += usize::from(!sent.is_empty());
        let fresh = answer.receipts.into_iter().filter(|r| sent.binary_search(&r.number).is_ok());
        self.receipts.extend(fresh.map(|r| (r.number, r)));
        // A right may be taken away between two pages: what the earlier one brought goes too.
        self.records.retain(|r| !answer.revoked.iter().any(|bucket| bucket.kind() == r.kind.as_str()));
        self.revoked.extend(answer.revoked);
        self.sums = answer.sums;
        if let Some(manifest) = answer.blocks {
            // What pages of this round said is older than the blocks, or comes again after them.
            let replaced: BTreeSet<&str> = manifest.buckets.iter().map(Bucket::kind).collect();
            self.records.retain(|r| !replaced.contains(r.kind.as_str()));
            // And a right given back meanwhile is no longer taken away.
            self.revoked.retain(|bucket| !replaced.contains(bucket.kind()));
            return Some(Staged { manifest, next: answer.next, have: BTreeSet::new() });
        }
        self.records.extend(answer.records);
        self.reached = Some(answer.next);
        None
    }

    /// What is kept at the end of the pulling part, all of it at once; `stored` is the cursor kept last.
    pub(super) fn checkpoint(&mut self, stored: Option<&Cursor>) -> Checkpoint {
        let next = self.reached.take().or_else(|| stored.cloned());
        let seq = next.as_ref().map_or(0, |c| c.seq);
        let (mut settled, mut refused) = (Vec::new(), Vec::new());
        for receipt in std::mem::take(&mut self.receipts).into_values() {
            match receipt.verdict {
                // Not pulled yet: it stays, is sent again, gets the same receipt.
                Verdict::Accepted { seq: effect } if effect > seq => {}
                Verdict::Accepted { .. } => settled.push(receipt.number),
                Verdict::Refused { .. } => refused.push(receipt),
            }
        }
        let records = std::mem::take(&mut self.records);
        let revoked = std::mem::take(&mut self.revoked).into_iter().collect();
        let readable = self.sums.keys().cloned().collect();
        Checkpoint { records, settled, refused, revoked, next, readable, now: self.now }
    }
}
