//! Whole buckets out, as blocks: for first syncs, new rights and buckets whose checksum was wrong.
//!
//! A snapshot is taken once and serves until too much was written since; what came after it follows as pages.

use std::sync::{
    Arc,
    atomic::{AtomicBool, AtomicU64, Ordering, Ordering::Relaxed},
};

use sync::{
    Bucket, DeviceId, Record,
    block::{self, BlockId},
    wire::{BlockRef, PAGE},
};
use tokio::task::spawn_blocking;

use super::{Author, Office, audit::By};
use crate::db::{BlockRow, Fault, ReadTransaction};

/// A snapshot serves while at most this many of its bucket's records changed since…
const STALE: u64 = 256;
/// …or one in this many.
const STALE_SHARE: u64 = 10;
/// Blocks are at most this long, unless one record alone is longer: Chromium moves larger values to files of their own.
const LARGEST: usize = 60 * 1024;
/// How long blocks of an older snapshot can still be fetched, in milliseconds: two days for a first sync that broke off.
const KEPT: u64 = 2 * 24 * 3600 * 1000;

/// A block that cannot be had.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gone(pub BlockId);

impl Office {
    /// Makes what snapshots are missing or too old, of all buckets: the first tablet of the day then waits for none.
    pub async fn renew_snapshots(&self) -> Result<(), Fault> {
        let buckets = self.store.begin_read(self.community).await?.buckets().await?;
        self.snapshots(&buckets, false).await.map(drop)
    }

    /// Blocks of the buckets in their order, and the sequence number up to which they hold everything. With `exact`, they
    /// are as of now.
    pub(super) async fn snapshots(&self, buckets: &[Bucket], exact: bool) -> Result<(u64, Vec<BlockRef>), Fault> {
        let _wanted = Wanted::one(&self.snapshots_wanted);
        let _turn = self.snapshots.lock().await;
        let (head, stale) = self.stale(buckets, exact).await?;
        // Bucket by bucket, each of its own moment: only one of them is ever held.
        for bucket in stale {
            self.goes_on()?;
            let mut tx = self.store.begin_read(self.community).await?;
            let (at, mut records) = (tx.community().await?.head, Vec::new());
            debug_assert!(at >= head, "a snapshot is not older than the request");
            let read = |json: String| {
                self.goes_on()?;
                records.push(serde_json::from_str(&json).map_err(|e| Fault::damaged("record", e))?);
                Ok(())
            };
            tx.each_of_buckets(std::slice::from_ref(&bucket), read).await?;
            drop(tx);
            let name = bucket.clone();
            let encoding = Encoding::default();
            let is_over = encoding.0.clone();
            let blocks = spawn_blocking(move || encode(&name, records, &is_over)).await;
            let blocks = blocks.map_err(|e| Fault::damaged("bucket", e))?;
            let now = self.now();
            let forget = now.saturating_sub(KEPT);
            self.store.put_snapshot(self.community, &bucket, at, &blocks, now, forget).await?;
        }
        let mut tx = self.store.begin_read(self.community).await?;
        assembled(&mut tx, buckets).await
    }

    /// The buckets whose snapshot must be made anew, and the head when that was judged.
    async fn stale(&self, buckets: &[Bucket], exact: bool) -> Result<(u64, Vec<Bucket>), Fault> {
        let mut tx = self.store.begin_read(self.community).await?;
        let head = tx.community().await?.head;
        let (mut stale, mut oldest, mut aged) = (Vec::new(), head, Vec::new());
        for bucket in buckets {
            let row = tx.bucket(bucket).await?;
            match tx.snapshot(bucket).await?.map(|(seq, _)| seq) {
                Some(seq) if row.seq <= seq => {}
                None if row.sum.count == 0 => {}
                Some(seq) if !exact => {
                    let since = tx.count_after(bucket, seq).await?;
                    if since > STALE.max(row.sum.count / STALE_SHARE) {
                        stale.push(bucket.clone());
                    } else {
                        oldest = oldest.min(seq);
                        aged.push(bucket.clone());
                    }
                }
                _ => stale.push(bucket.clone()),
            }
        }
        // One old snapshot makes everything written since come once more: past a page of that, it is cheaper renewed.
        let mut tail = 0;
        for bucket in buckets {
            tail += tx.count_after(bucket, oldest).await?;
        }
        if tail > PAGE as u64 {
            stale.extend(aged);
        }
        Ok((head, stale))
    }

    /// The bytes of blocks, in the order asked, for a session that may read their buckets.
    pub async fn blocks(
        &self,
        who: &Author,
        device: DeviceId,
        ids: &[BlockId],
    ) -> Result<Result<Vec<Vec<u8>>, Gone>, Fault> {
        let scope = Bucket::scope(&self.pack(), &who.post, &who.account);
        let (mut blocks, mut read) = (Vec::with_capacity(ids.len()), Vec::new());
        for id in ids {
            // A block of another's bucket is no block at all: not even its existence is told.
            match self.store.block(self.community, id).await?.filter(|block| scope.contains(&block.bucket)) {
                Some(block) => {
                    read.push((block.bucket, u64::from(block.records)));
                    blocks.push(block.bytes);
                }
                None => return Ok(Err(Gone(id.clone()))),
            }
        }
        self.note_read(By::of(who, device), read).await?;
        Ok(Ok(blocks))
    }
}

/// The blocks there are of the buckets, and the sequence number up to which they hold everything.
async fn assembled(tx: &mut ReadTransaction, buckets: &[Bucket]) -> Result<(u64, Vec<BlockRef>), Fault> {
    let (mut seq, mut blocks) = (tx.community().await?.head, Vec::new());
    for bucket in buckets {
        match tx.snapshot(bucket).await? {
            Some((taken, refs)) => {
                // Nothing of it changed since: the snapshot is as of now.
                let is_aged = tx.bucket(bucket).await?.seq > taken;
                seq = if is_aged { seq.min(taken) } else { seq };
                blocks.extend(refs);
            }
            // It was empty when its snapshot would have been made, and someone has written to it since.
            None => {
                if let Some((first, _)) = tx.tail(std::slice::from_ref(bucket), 0, 1, 0).await?.first() {
                    seq = seq.min(first.saturating_sub(1));
                }
            }
        }
    }
    Ok((seq, blocks))
}

/// Tells the encoder that nobody waits for it any more: dropped with whoever did.
#[derive(Default)]
struct Encoding(Arc<AtomicBool>);

impl Drop for Encoding {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A bucket's records as blocks, oldest first, as long as somebody waits for them.
fn encode(bucket: &Bucket, mut records: Vec<Record>, is_over: &AtomicBool) -> Vec<BlockRow> {
    records.sort_unstable_by_key(|record| record.id);
    let mut blocks = Vec::new();
    for some in records.chunks(block::RECORDS).take_while(|_| !is_over.load(Ordering::Relaxed)) {
        push_block(bucket, some, &mut blocks);
    }
    blocks
}

/// One block, or two where one would be too long.
fn push_block(bucket: &Bucket, records: &[Record], blocks: &mut Vec<BlockRow>) {
    let bytes = block::encode(records);
    if bytes.len() > LARGEST && records.len() > 1 {
        let (first, rest) = records.split_at(records.len() / 2);
        push_block(bucket, first, blocks);
        return push_block(bucket, rest, blocks);
    }
    let count = u32::try_from(records.len()).unwrap_or(u32::MAX);
    blocks.push(BlockRow { id: BlockId::of(&bytes), bucket: bucket.clone(), records: count, bytes });
}

/// Counts one for as long as it lives, however that ends.
struct Wanted<'a>(&'a AtomicU64);

impl<'a> Wanted<'a> {
    fn one(count: &'a AtomicU64) -> Self {
        count.fetch_add(1, Relaxed);
        Self(count)
    }
}

impl Drop for Wanted<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeMap, sync::Arc};

    use records::{Pack, RecordId};
    use sync::{Change, Clock};

    use super::*;
    use crate::db::Place;

    const PACK: &[(&str, &str)] = &[
        ("pack.toml", include_str!("../../tests/support/pack/pack.toml")),
        ("kinds/note.toml", include_str!("../../tests/support/pack/note.toml")),
        ("kinds/visit.toml", include_str!("../../tests/support/pack/visit.toml")),
        ("kinds/secret.toml", include_str!("../../tests/support/pack/secret.toml")),
    ];

    #[tokio::test]
    async fn what_came_into_an_empty_bucket_beside_a_first_sync_is_not_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let place = Place::Folder(folder.path().to_owned());
        let office = Office::found(place, "测试社区", Pack::load(PACK).unwrap(), Arc::new(|| 1)).await.unwrap();
        let who = Author { account: "wang".into(), post: "desk".into() };
        let device = DeviceId(1);
        office.see_device(device, "").await.unwrap();
        let buckets = Bucket::scope(&office.pack(), &who.post, &who.account);
        let changes = (1..=3).map(|number| Change {
            device,
            number,
            clock: Clock::new(number, 0, device),
            author: who.account.clone(),
            record: RecordId::from_u128(number.into()),
            kind: "note".into(),
            set: BTreeMap::from([("a".into(), "字".into())]),
            add: BTreeMap::new(),
            remove: BTreeMap::new(),
            seen: BTreeMap::new(),
            why: None,
            mends: None,
            schema: 1,
            more: BTreeMap::new(),
        });
        office.push(&who, device, changes.map(Into::into).collect()).await.unwrap();
        // No snapshot was made: the bucket was still empty when that was judged.
        let mut tx = office.store.begin_read(office.community).await.unwrap();
        let (seq, blocks) = assembled(&mut tx, &buckets).await.unwrap();
        assert_eq!((seq, blocks), (0, vec![]), "all three come as a page");
        drop(tx);
        let (seq, blocks) = office.snapshots(&buckets, false).await.unwrap();
        assert_eq!((seq, blocks.iter().map(|b| b.records).sum::<u32>()), (3, 3), "and as a block when it is made");
    }
}
