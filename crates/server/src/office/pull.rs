//! Records out: what changed since a cursor, of the buckets a session may read, and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use sync::{
    Bucket, DeviceId,
    wire::{Cursor, Manifest, PAGE, Receipt, SCHEMA, SyncResponse},
};

use super::{Author, Office, audit::By};
use crate::db::{Fault, ReadTransaction};

/// A reader with a longer tail than this gets blocks: they are smaller and quicker than pages.
pub const FAR: u64 = 5 * PAGE as u64;
/// About the most bytes of records in one page, as JSON.
const PAGE_BYTES: usize = 4 * 1024 * 1024;

/// What a session asks of a pull.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The device, for its last number.
    pub device: DeviceId,
    /// How far it has read.
    pub cursor: Option<Cursor>,
    /// Buckets it wants whole.
    pub refetch: Vec<Bucket>,
}

impl Office {
    /// The answer to a sync request whose changes have been pushed: the next page, or whole buckets as blocks when the
    /// device is new, far behind, of another history, newly allowed to see something, or found a checksum wrong.
    pub async fn pull(&self, who: &Author, asked: Asked, receipts: Vec<Receipt>) -> Result<SyncResponse, Fault> {
        let mut tx = self.store.begin_read(self.community).await?;
        let community = tx.community().await?;
        self.hear(&community.print).await?;
        let (pack, print) = self.in_force();
        let scope = Bucket::scope(&pack, &who.post, &who.account);
        let mut answer = SyncResponse {
            receipts,
            records: Vec::new(),
            next: Cursor {
                epoch: community.epoch.clone(),
                seq: community.head,
                scope: name(scope.iter()),
                schema: SCHEMA,
            },
            more: false,
            revoked: Vec::new(),
            device_revoked: false,
            blocks: None,
            sums: BTreeMap::new(),
            last_number: tx.last_number(asked.device).await?,
            now: self.now(),
            behind: self.behind(),
            pack: pack.version,
            pack_print: print.to_string(),
        };
        let before = tx.held(asked.device).await?;
        // A cursor beyond the head is of a history that this database has lost, whatever it calls itself.
        let known = |c: &Cursor| c.epoch == community.epoch && c.seq <= community.head && c.schema == SCHEMA;
        let had = asked.cursor.as_ref().map(|c| buckets(&c.scope)).unwrap_or_default();
        answer.revoked = had.iter().filter(|b| !scope.iter().any(|s| s.kind() == b.kind())).cloned().collect();
        let cursor = asked.cursor.filter(known);
        let wanted = match &cursor {
            None => scope.clone(),
            Some(cursor) => {
                let held: Vec<Bucket> = scope.iter().filter(|b| had.contains(*b)).cloned().collect();
                if far(&mut tx, &held, cursor.seq).await? {
                    scope.clone()
                } else {
                    let wants = |b: &&Bucket| !had.contains(*b) || asked.refetch.contains(*b);
                    scope.iter().filter(wants).cloned().collect()
                }
            }
        };
        if !wanted.is_empty() {
            drop(tx);
            let (seq, blocks) = self.snapshots(&wanted, !asked.refetch.is_empty()).await?;
            // The other buckets stay where the cursor was; what comes twice does no harm.
            let covers_all = wanted.len() == scope.len();
            answer.next.seq = cursor.filter(|_| !covers_all).map_or(seq, |c| c.seq.min(seq));
            // The device stores this cursor with the blocks, before it has destroyed what it may no longer hold. While the
            // lost buckets stay in the cursor's scope, the next answer names them again.
            answer.next.scope = name(scope.iter().chain(&answer.revoked));
            self.note_held(asked.device, before, &answer.next.scope).await?;
            answer.blocks = Some(Manifest { buckets: wanted, blocks });
            answer.more = true;
            return Ok(answer);
        }
        let from = cursor.map_or(0, |c| c.seq);
        page(&mut tx, &scope, from, &mut answer).await?;
        drop(tx);
        self.note_held(asked.device, before, &answer.next.scope).await?;
        let read = answer.records.iter().map(|record| (Bucket::of(&pack, &record.kind), 1));
        self.note_read(By::of(who, asked.device), read).await?;
        Ok(answer)
    }
}

/// One page after `from`, and at the last one the checksums of the same moment.
async fn page(tx: &mut ReadTransaction, scope: &[Bucket], from: u64, answer: &mut SyncResponse) -> Result<(), Fault> {
    let mut tail = tx.tail(scope, from, PAGE + 1, PAGE_BYTES).await?;
    let last = tail.get(PAGE - 1).or(tail.last()).map_or(from, |(seq, _)| *seq);
    tail.truncate(PAGE);
    let mut left = 0;
    for bucket in scope {
        left += tx.count_after(bucket, last).await?;
    }
    answer.more = left > 0;
    if answer.more {
        answer.next.seq = last;
    } else {
        for bucket in scope {
            answer.sums.insert(bucket.clone(), tx.bucket(bucket).await?.sum);
        }
    }
    answer.records = tail.into_iter().map(|(_, record)| record).collect();
    Ok(())
}

async fn far(tx: &mut ReadTransaction, held: &[Bucket], seq: u64) -> Result<bool, Fault> {
    let mut tail = 0;
    for bucket in held {
        tail += tx.count_after(bucket, seq).await?;
    }
    Ok(tail > FAR)
}

/// A scope as a cursor carries it: the buckets' names, sorted. The server keeps no list of who holds what; a device that
/// lies about it only harms itself, for whatever it may not read is not sent.
fn name<'a>(scope: impl Iterator<Item = &'a Bucket>) -> String {
    let names: BTreeSet<&str> = scope.map(|b| b.0.as_str()).collect();
    names.into_iter().collect::<Vec<_>>().join(" ")
}

pub(super) fn buckets(scope: &str) -> BTreeSet<Bucket> {
    scope.split(' ').filter(|name| name.contains('/')).map(|name| Bucket(name.into())).collect()
}
