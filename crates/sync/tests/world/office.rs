//! The server's promises in memory: the smallest thing that keeps them, to hold engines against.

use std::collections::BTreeMap;

use records::Pack;
use sync::{
    Bucket, Change, Record, RecordId,
    block::{self, BlockId},
    judge::judge,
    wire::{BlockRef, Checksum, Cursor, Manifest, Receipt, SyncRequest, SyncResponse, Verdict},
};

/// Records in a page: tiny, so that paging happens all the time.
const PAGE: usize = 3;
/// A reader further behind than this gets blocks.
const FAR: u64 = 12;

pub struct Office {
    pub pack: Pack,
    pub epoch: String,
    pub head: u64,
    pub changes: BTreeMap<(u64, u64), (Change, Verdict)>,
    pub records: BTreeMap<RecordId, (u64, Record)>,
    pub blocks: BTreeMap<BlockId, Vec<u8>>,
    /// How often an effect was made: must equal the number of accepted changes.
    pub effects: u64,
    /// How often a device asked for a bucket whole because its checksum differed.
    pub refetches: u64,
}

impl Office {
    pub fn new(pack: Pack) -> Self {
        let (changes, records, blocks) = Default::default();
        Self { pack, epoch: "first".into(), head: 0, changes, records, blocks, effects: 0, refetches: 0 }
    }

    pub fn sync(&mut self, request: SyncRequest, account: &str) -> SyncResponse {
        let receipts = request.changes.iter().map(|c| self.push(c, account)).collect();
        let last_number =
            self.changes.range((request.device.0, 0)..=(request.device.0, u64::MAX)).map(|((_, n), _)| *n).max();
        let mut answer = SyncResponse {
            receipts,
            records: vec![],
            next: self.cursor(self.head),
            more: false,
            revoked: vec![],
            blocks: None,
            sums: BTreeMap::new(),
            last_number: last_number.unwrap_or(0),
            now: super::NEW_YEAR,
            pack: self.pack.version,
        };
        self.refetches += u64::from(!request.refetch.is_empty());
        let from = request.cursor.filter(|c| c.epoch == self.epoch && self.head - c.seq <= FAR);
        let Some(from) = from.filter(|_| request.refetch.is_empty()) else {
            answer.blocks = Some(self.manifest());
            answer.more = true;
            return answer;
        };
        let mut later: Vec<_> = self.records.values().filter(|(seq, _)| *seq > from.seq).collect();
        later.sort_by_key(|(seq, _)| *seq);
        answer.more = later.len() > PAGE;
        later.truncate(PAGE);
        if answer.more {
            answer.next = self.cursor(later.last().map_or(from.seq, |(seq, _)| *seq));
        } else {
            let mut sum = Checksum::default();
            self.records.values().for_each(|(_, r)| sum.add(block::digest(r)));
            answer.sums = BTreeMap::from([(Bucket("open/note".into()), sum)]);
        }
        answer.records = later.into_iter().map(|(_, r)| r.clone()).collect();
        answer
    }

    fn push(&mut self, change: &Change, account: &str) -> Receipt {
        let key = (change.device.0, change.number);
        if let Some((known, verdict)) = self.changes.get(&key) {
            assert_eq!(known, change, "a number was used twice");
            return Receipt { number: change.number, verdict: verdict.clone() };
        }
        let current = self.records.get(&change.record).map(|(_, r)| r);
        let verdict = match judge(&self.pack, change, current, &super::context(account)) {
            Ok(merged) => {
                self.head += 1;
                self.effects += 1;
                self.records.insert(change.record, (self.head, merged));
                Verdict::Accepted { seq: self.head }
            }
            Err(problems) => Verdict::Refused { problems },
        };
        self.changes.insert(key, (change.clone(), verdict.clone()));
        Receipt { number: change.number, verdict }
    }

    fn manifest(&mut self) -> Manifest {
        let all: Vec<&Record> = self.records.values().map(|(_, r)| r).collect();
        let bucket = Bucket("open/note".into());
        let mut blocks = Vec::new();
        for some in all.chunks(2) {
            let bytes = block::encode(some.iter().copied());
            let id = BlockId::of(&bytes);
            let (records, length) = (some.len() as u32, bytes.len() as u32);
            blocks.push(BlockRef { id: id.clone(), bucket: bucket.clone(), records, bytes: length });
            self.blocks.insert(id, bytes);
        }
        Manifest { buckets: vec![bucket], blocks }
    }

    fn cursor(&self, seq: u64) -> Cursor {
        Cursor { epoch: self.epoch.clone(), seq, scope: "note".into(), schema: 1 }
    }
}
