//! What the office says: records in blocks, a first sync that can break off, and the checkpoint that ends a round.

use std::collections::{BTreeMap, BTreeSet};

use records::{Pack, Problem, RecordId};
use sync::{
    Bucket, Change, Record,
    block::{self, BlockId},
    engine::{Checkpoint, Staged},
    wire::Verdict,
};

use super::{
    Batch, Entry, Fate, Held, Here, Store, StoreError,
    here::{MAX_BYTES, key},
    shelf::Area,
};

/// A block ready to be kept.
pub struct Fresh {
    held: Held,
    bytes: Vec<u8>,
}

/// Records as blocks, bucket by bucket, to be made before any transaction.
pub fn blocks(pack: &Pack, records: &[Record]) -> Vec<Fresh> {
    let mut kinds: BTreeMap<&str, Vec<&Record>> = BTreeMap::new();
    records.iter().for_each(|record| kinds.entry(&record.kind).or_default().push(record));
    let mut fresh = Vec::new();
    for (kind, records) in kinds {
        let bucket = Bucket::of(pack, kind);
        records.chunks(block::RECORDS).for_each(|records| split(&bucket, records, &mut fresh));
    }
    fresh
}

fn split(bucket: &Bucket, records: &[&Record], fresh: &mut Vec<Fresh>) {
    let bytes = block::encode(records.iter().copied());
    if bytes.len() > MAX_BYTES && records.len() > 1 {
        let (one, two) = records.split_at(records.len() / 2);
        split(bucket, one, fresh);
        return split(bucket, two, fresh);
    }
    let (records, length) = (records.len() as u32, bytes.len() as u32);
    let held = Held { key: BlockId::of(&bytes).0, bucket: bucket.clone(), records, bytes: length };
    fresh.push(Fresh { held, bytes });
}

impl Here {
    /// With these blocks beside those in use.
    fn extend(&mut self, fresh: &[Fresh]) {
        let new = fresh.iter().map(|f| &f.held).filter(|held| !self.blocks.iter().any(|b| b.key == held.key));
        let new: Vec<Held> = new.cloned().collect();
        self.blocks.extend(new);
    }

    fn keys(&self) -> BTreeSet<&str> {
        self.blocks.iter().map(|held| held.key.as_str()).collect()
    }
}

impl Batch {
    fn fresh(&mut self, fresh: Vec<Fresh>) {
        fresh.into_iter().for_each(|f| self.block(f.held.key, f.held.bucket.kind(), f.bytes));
    }

    /// Switches the manifest and forgets blocks that are in use no longer.
    pub(super) fn switch(&mut self, old: &Here, new: &Here) {
        let keep = new.keys();
        old.keys().into_iter().filter(|key| !keep.contains(key)).for_each(|key| self.delete(Area::Blocks, key));
        self.document(key::HERE, new);
    }
}

impl Store {
    /// Keeps all of a checkpoint or nothing. Strict when something leaves the log by it. Answers with the changes that
    /// wait again, because the server has lost the history in which they were settled or refused.
    ///
    /// # Errors
    /// The shelf's; then nothing of it is kept.
    pub async fn checkpoint(&self, pack: &Pack, checkpoint: &Checkpoint) -> Result<Vec<Change>, StoreError> {
        let _turn = self.turn.lock().await;
        let mut fresh = blocks(pack, &checkpoint.records);
        let (worn, left) = self.without_erased(pack, &checkpoint.records).await?;
        fresh.extend(left);
        let refused: BTreeMap<u64, &Vec<Problem>> = checkpoint
            .refused
            .iter()
            .filter_map(|receipt| match &receipt.verdict {
                Verdict::Refused { problems } => Some((receipt.number, problems)),
                Verdict::Accepted { .. } => None,
            })
            .collect();
        let settled: BTreeSet<u64> = checkpoint.settled.iter().copied().collect();
        let met = checkpoint.next.as_ref().filter(|_| checkpoint.now > 0);
        let mut recall = self.recall(met, true).await?;
        let fate = |entry: &Entry| {
            let number = entry.change.number;
            if settled.contains(&number) {
                return Some(Fate::Settled);
            }
            refused.get(&number).map(|problems| Fate::Refused((*problems).clone()))
        };
        recall.mark(self.marked(fate), fate);
        let old = self.here();
        let mut new = old.clone();
        new.cursor = checkpoint.next.clone();
        // By kind: a block may carry the name its bucket had under an older pack.
        new.blocks.retain(|held| !checkpoint.revoked.iter().any(|bucket| bucket.kind() == held.bucket.kind()));
        new.blocks.retain(|held| !worn.contains(&held.key));
        self.ring.borrow_mut().forget(checkpoint.revoked.iter().map(Bucket::kind));
        new.extend(&fresh);
        let mut batch =
            Batch { strict: recall.moves() || !checkpoint.revoked.is_empty() || !worn.is_empty(), ..Batch::default() };
        batch.fresh(fresh);
        batch.switch(&old, &new);
        if checkpoint.now > 0 {
            self.keep_settled(&mut batch, &recall, checkpoint).await?;
        }
        batch.recall(&recall, &self.mind.borrow());
        let waits = recall.waits();
        self.commit(batch, |mind| {
            mind.here = new;
            recall.remember(mind);
        })
        .await?;
        Ok(waits)
    }

    /// Blocks in use that still say what was erased by these records, and what else they say as new ones.
    async fn without_erased(
        &self,
        pack: &Pack,
        records: &[Record],
    ) -> Result<(BTreeSet<String>, Vec<Fresh>), StoreError> {
        let erased = || records.iter().filter(|record| record.is_erased());
        let ids: BTreeSet<RecordId> = erased().map(|record| record.id).collect();
        let kinds: BTreeSet<&str> = erased().map(|record| record.kind.as_str()).collect();
        let held = self.here().blocks.into_iter().filter(|held| kinds.contains(held.bucket.kind()));
        let keys: Vec<String> = held.map(|held| held.key).collect();
        let (mut worn, mut stay) = (BTreeSet::new(), Vec::new());
        if keys.is_empty() {
            return Ok((worn, stay));
        }
        for (key, bytes) in keys.iter().zip(self.blocks(keys.clone()).await?) {
            // One that cannot be read says nothing any more; checksums find it.
            let Some(block) = bytes.and_then(|bytes| block::decode(&bytes).ok()) else { continue };
            if block.iter().any(|record| ids.contains(&record.id) && !record.is_erased()) {
                worn.insert(key.clone());
                let rest: Vec<Record> = block.into_iter().filter(|record| !ids.contains(&record.id)).collect();
                stay.extend(blocks(pack, &rest));
            }
        }
        Ok((worn, stay))
    }

    /// Keeps what a first sync will fetch; blocks of an earlier one that broke off and are not in it go. Those that are
    /// need not be fetched again: their names are hashes of what is in them.
    pub async fn stage(&self, staged: &Staged) -> Result<(), StoreError> {
        let stored = self.shelf.keys(Area::Blocks).await?;
        let _turn = self.turn.lock().await;
        let mut batch = Batch::relaxed();
        let here = self.here();
        let keep: BTreeSet<&str> =
            here.keys().into_iter().chain(staged.manifest.blocks.iter().map(|b| b.id.0.as_str())).collect();
        stored.iter().filter(|key| !keep.contains(key.as_str())).for_each(|key| batch.delete(Area::Blocks, key));
        batch.document(key::STAGED, staged);
        let named = staged.manifest.blocks.iter().map(|block| &block.id);
        let have = named.filter(|id| stored.contains(&id.0)).cloned().collect();
        self.commit(batch, |mind| mind.staged = Some(Staged { have, ..staged.clone() })).await
    }

    /// Those of these blocks that are not stored yet.
    pub fn missing(&self, mut ids: Vec<BlockId>) -> Vec<BlockId> {
        ids.retain(|id| !self.mind.borrow().staged.as_ref().is_some_and(|staged| staged.have.contains(id)));
        ids
    }

    /// Keeps fetched blocks beside those in use.
    pub async fn keep_blocks(&self, blocks: Vec<(BlockId, Vec<u8>)>) -> Result<(), StoreError> {
        let mut batch = Batch::relaxed();
        let ids: Vec<BlockId> = blocks.iter().map(|(id, _)| id.clone()).collect();
        let _turn = self.turn.lock().await;
        {
            let mind = self.mind.borrow();
            let offered = mind.staged.iter().flat_map(|staged| &staged.manifest.blocks);
            let kinds: BTreeMap<&BlockId, &str> = offered.map(|block| (&block.id, block.bucket.kind())).collect();
            // What no manifest names will not be used.
            blocks.into_iter().for_each(|(id, bytes)| batch.block(&*id.0, kinds.get(&id).unwrap_or(&""), bytes));
        }
        self.commit(batch, |mind| {
            if let Some(staged) = &mut mind.staged {
                staged.have.extend(ids);
            }
        })
        .await
    }

    /// Puts staged blocks in use in place of all that was known of their buckets, in one transaction with the cursor.
    /// Answers as [`Store::checkpoint`].
    ///
    /// # Errors
    /// The shelf's; then nothing is switched.
    pub async fn switch(&self, staged: &Staged) -> Result<Vec<Change>, StoreError> {
        let _turn = self.turn.lock().await;
        let recall = self.recall(Some(&staged.next), false).await?;
        let old = self.here();
        let mut new = Here { cursor: Some(staged.next.clone()), blocks: old.blocks.clone() };
        new.blocks.retain(|held| !staged.manifest.buckets.iter().any(|bucket| bucket.kind() == held.bucket.kind()));
        let fetched = staged.manifest.blocks.iter();
        new.blocks.extend(fetched.map(|b| Held {
            key: b.id.0.clone(),
            bucket: b.bucket.clone(),
            records: b.records,
            bytes: b.bytes,
        }));
        let mut batch = Batch { strict: recall.moves(), ..Batch::default() };
        batch.switch(&old, &new);
        batch.delete(Area::Meta, key::STAGED);
        batch.recall(&recall, &self.mind.borrow());
        let waits = recall.waits();
        self.commit(batch, |mind| {
            (mind.here, mind.staged) = (new, None);
            recall.remember(mind);
        })
        .await?;
        Ok(waits)
    }

    /// Puts `fresh` blocks in place of `victims`; nothing happens when one of those is in use no longer.
    pub(super) async fn replace(&self, victims: &BTreeSet<String>, fresh: Vec<Fresh>) -> Result<bool, StoreError> {
        let _turn = self.turn.lock().await;
        let old = self.here();
        if old.blocks.iter().filter(|held| victims.contains(&held.key)).count() != victims.len() {
            return Ok(false);
        }
        let mut new = old.clone();
        new.blocks.retain(|held| !victims.contains(&held.key));
        new.extend(&fresh);
        let mut batch = Batch::relaxed();
        batch.fresh(fresh);
        batch.switch(&old, &new);
        self.commit(batch, |mind| mind.here = new).await?;
        Ok(true)
    }

    /// Takes blocks out of the manifest that turned out to be missing or damaged; the next checksum fetches them anew.
    pub async fn drop_blocks(&self, keys: &BTreeSet<String>) -> Result<(), StoreError> {
        self.replace(keys, Vec::new()).await.map(drop)
    }
}
