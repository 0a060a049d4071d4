//! The server's promises in memory: the smallest thing that keeps them, to hold engines against. Push and pull follow the
//! real server's rules (rights, scopes, snapshots, epochs); the real server is held to them by its own tests.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use records::Pack;
use sync::{
    Bucket, Change, Clock, DeviceId, Record, RecordId,
    block::{self, BlockId},
    clock::{MAX_LEAD, Reception},
    engine::Failure,
    judge::judge,
    wire::{BlockRef, Checksum, Cursor, Manifest, NUMBER_REUSED, Receipt, SyncRequest, SyncResponse, Verdict},
};

/// Records in a page: tiny, so that paging happens all the time.
const PAGE: usize = 3;
/// A reader further behind than this gets blocks.
const FAR: usize = 12;
/// The schema the office speaks in this world, and the oldest it takes: two before.
pub const NEWEST: u16 = 3;
pub const OLDEST: u16 = 1;

/// What a backup holds.
#[derive(Clone, Debug, Default)]
pub struct Ledger {
    pub head: u64,
    pub changes: BTreeMap<(u64, u64), (Change, Verdict)>,
    /// Stamps that could not be true, and what stands for them.
    pub stamps: BTreeMap<Clock, Clock>,
    pub records: BTreeMap<RecordId, (u64, Record)>,
    /// How often an effect was made: must equal the number of accepted changes.
    pub effects: u64,
}

#[derive(Clone, Debug)]
pub struct Office {
    pub pack: Arc<Pack>,
    pub epoch: String,
    pub ledger: Ledger,
    pub backup: Option<Ledger>,
    pub restored: u64,
    /// Account to post; everyone else is at the desk.
    pub posts: BTreeMap<String, &'static str>,
    snapshots: BTreeMap<Bucket, (u64, Vec<BlockRef>)>,
    pub blocks: BTreeMap<BlockId, Vec<u8>>,
    /// How often a device asked for a bucket whole because its checksum differed.
    pub refetches: u64,
    /// The wall clock of the server that answers: several may, over one ledger, and differ a little.
    pub now: u64,
    /// The latest that any server's clock has said.
    pub latest: u64,
    /// A snapshot further behind than this is made anew.
    pub stale: u64,
    /// A request with more changes than this does not get through, and why.
    pub most: (usize, Failure),
    /// Records in a page.
    pub page: usize,
    /// A reader further behind than this gets blocks.
    pub far: usize,
    /// Tablets' stores are copied here: two machines may use one number. Elsewhere that must never be.
    pub may_be_copied: bool,
}

impl Office {
    pub fn new(pack: Pack) -> Self {
        let (ledger, backup, posts, snapshots, blocks) = Default::default();
        let (epoch, now) = ("epoch 0".into(), super::NEW_YEAR);
        let pack = Arc::new(pack);
        Self {
            pack,
            epoch,
            ledger,
            backup,
            restored: 0,
            posts,
            snapshots,
            blocks,
            refetches: 0,
            now,
            latest: now,
            stale: 4,
            most: (500, Failure::Refused),
            page: PAGE,
            far: FAR,
            may_be_copied: false,
        }
    }

    /// All that its next answers depend on, as long as snapshots are never stale.
    pub fn essence(&self) -> impl std::fmt::Debug + '_ {
        (&self.epoch, &self.ledger, &self.backup, self.blocks.keys().collect::<Vec<_>>())
    }

    pub fn post(&self, account: &str) -> &'static str {
        self.posts.get(account).copied().unwrap_or("desk")
    }

    /// The buckets an account may hold.
    pub fn scope(&self, account: &str) -> Vec<Bucket> {
        Bucket::scope(&self.pack, self.post(account), account)
    }

    /// The bucket a record is in.
    pub fn bucket(&self, record: &Record) -> Bucket {
        Bucket::holding(&self.pack, record, &|_, _| None)
    }

    /// What an account may hold: kinds, and of those that are assigned the records.
    pub fn allowed(&self, account: &str) -> (BTreeSet<String>, BTreeSet<RecordId>) {
        let scope = self.scope(account);
        let records = self.ledger.records.values().filter(|(_, record)| scope.contains(&self.bucket(record)));
        (scope.iter().map(|bucket| bucket.kind().to_owned()).collect(), records.map(|(_, record)| record.id).collect())
    }

    /// Leaves of a record what an erasure leaves, and no block that says more.
    pub fn erase(&mut self, id: RecordId) {
        let Some((_, record)) = self.ledger.records.get(&id).filter(|(_, record)| !record.is_erased()) else { return };
        let clock = Clock::default().tick(self.now, DeviceId(0));
        let left = record.erased(&self.pack, &BTreeSet::from([id]), clock, "zhu", "1");
        self.snapshots.remove(&self.bucket(&left));
        self.ledger.head += 1;
        self.ledger.records.insert(id, (self.ledger.head, left));
    }

    pub fn back_up(&mut self) {
        self.backup = Some(self.ledger.clone());
    }

    /// The machine died; its last backup goes on under a new epoch.
    pub fn restore(&mut self) {
        let Some(backup) = &self.backup else { return };
        self.ledger = backup.clone();
        self.restored += 1;
        self.epoch = format!("epoch {}", self.restored);
        self.snapshots.clear();
        self.blocks.clear();
    }

    pub fn sync(&mut self, request: SyncRequest, account: &str) -> Result<SyncResponse, Failure> {
        if request.schema < OLDEST {
            return Err(Failure::TooOld);
        }
        if request.changes.len() > self.most.0 {
            return Err(self.most.1);
        }
        let sent_at = request.sent_at;
        self.latest = self.latest.max(self.now);
        let receipts = request.changes.iter().map(|c| self.push(c, account, sent_at)).collect();
        Ok(self.pull(request, account, receipts))
    }

    /// The change under a stamp that the others can work with, as the real server says it.
    pub fn stamped(&mut self, change: &Change, sent_at: Option<u64>) -> Change {
        let ledger = &mut self.ledger;
        let last = ledger.changes.range((change.device.0, 0)..=(change.device.0, u64::MAX));
        let last = last.map(|(_, (change, _))| ledger.stamps.get(&change.clock).copied().unwrap_or(change.clock));
        let given = ledger.stamps.values().copied().filter(|stamp| stamp.device() == change.clock.device());
        let mut last = last.chain(given).max().unwrap_or_default();
        let current = ledger.records.get(&change.record).map(|(_, record)| record.touched());
        let reception = Reception { now: self.now, sent_at, lead: MAX_LEAD };
        for said in change.stamps() {
            if ledger.stamps.contains_key(&said) {
                continue;
            }
            let stamp = reception.stamp(said, current, last);
            if stamp != said {
                ledger.stamps.insert(said, stamp);
                last = last.max(stamp);
            }
        }
        change.restamped(&|clock| ledger.stamps.get(&clock).copied())
    }

    fn push(&mut self, change: &Change, account: &str, sent_at: Option<u64>) -> Receipt {
        let key = (change.device.0, change.number);
        let ledger = &mut self.ledger;
        let said = |verdict| Receipt { number: change.number, verdict };
        if let Some((_, verdict)) = ledger.changes.get(&key).filter(|(known, _)| known == change) {
            return said(verdict.clone());
        }
        let is_had = |(known, verdict): &&(Change, Verdict)| {
            matches!(verdict, Verdict::Accepted { .. }) && known.says_the_same(change)
        };
        if let Some((_, verdict)) = ledger.changes.values().find(is_had).filter(|_| self.may_be_copied) {
            return said(verdict.clone());
        }
        if let Some((known, _)) = ledger.changes.get(&key) {
            assert!(self.may_be_copied, "a number was used twice: {known:?}, {change:?}");
            let problems = vec![records::Problem::new(NUMBER_REUSED, "同号", "reused")];
            return said(Verdict::Refused { problems });
        }
        let whole = self.stamped(change, sent_at);
        let ledger = &mut self.ledger;
        let post = self.posts.get(account).copied().unwrap_or("desk");
        let current = ledger.records.get(&change.record).map(|(_, r)| r);
        let judged = match change.schema < OLDEST {
            true => Err(vec![records::Problem::new("schema", "旧", "old")]),
            false => judge(&self.pack, &whole, current, &super::context_as(account, post)),
        };
        let verdict = match judged {
            Ok(merged) => {
                // Who has it no longer may not get it by an older snapshot, who has it now must.
                let homes = current.into_iter().chain([&merged]).map(|r| Bucket::holding(&self.pack, r, &|_, _| None));
                let homes: BTreeSet<Bucket> = homes.collect();
                if homes.len() > 1 {
                    self.snapshots.retain(|bucket, _| !homes.contains(bucket));
                }
                ledger.head += 1;
                ledger.effects += 1;
                ledger.records.insert(change.record, (ledger.head, merged));
                Verdict::Accepted { seq: ledger.head }
            }
            Err(problems) => Verdict::Refused { problems },
        };
        ledger.changes.insert(key, (change.clone(), verdict.clone()));
        Receipt { number: change.number, verdict }
    }

    fn pull(&mut self, request: SyncRequest, account: &str, receipts: Vec<Receipt>) -> SyncResponse {
        let scope = self.scope(account);
        let head = self.ledger.head;
        let next = Cursor { epoch: self.epoch.clone(), seq: head, scope: name(scope.iter()), schema: NEWEST };
        let mut answer = SyncResponse {
            receipts,
            records: vec![],
            next,
            more: false,
            device_revoked: false,
            revoked: vec![],
            blocks: None,
            sums: BTreeMap::new(),
            last_number: self.last_number(request.device),
            now: self.now,
            behind: 0,
            pack: self.pack.version,
            pack_print: String::new(),
        };
        self.refetches += u64::from(!request.refetch.is_empty());
        let known = |c: &Cursor| c.epoch == self.epoch && c.seq <= head && c.schema == NEWEST;
        let had = request.cursor.as_ref().map(|c| buckets(&c.scope)).unwrap_or_default();
        answer.revoked = had.iter().filter(|bucket| !scope.contains(bucket)).cloned().collect();
        let cursor = request.cursor.filter(known);
        let wanted: Vec<Bucket> = match &cursor {
            None => scope.clone(),
            Some(cursor) if self.tail(&scope, cursor.seq).len() > self.far => scope.clone(),
            Some(_) => scope.iter().filter(|b| !had.contains(*b) || request.refetch.contains(*b)).cloned().collect(),
        };
        if !wanted.is_empty() {
            let (seq, blocks) = self.snapshots(&wanted, !request.refetch.is_empty());
            let covers_all = wanted.len() == scope.len();
            answer.next.seq = cursor.filter(|_| !covers_all).map_or(seq, |c| c.seq.min(seq));
            answer.next.scope = name(scope.iter().chain(&answer.revoked));
            answer.blocks = Some(Manifest { buckets: wanted, blocks });
            answer.more = true;
            return answer;
        }
        let mut later = self.tail(&scope, cursor.map_or(0, |c| c.seq));
        answer.more = later.len() > self.page;
        later.truncate(self.page);
        if answer.more {
            answer.next.seq = later[self.page - 1].0;
        } else {
            for bucket in &scope {
                answer.sums.insert(bucket.clone(), self.sum(bucket));
            }
        }
        answer.records = later.into_iter().map(|(_, record)| record.clone()).collect();
        answer
    }

    /// The largest number of the device, for its alarm.
    fn last_number(&self, device: DeviceId) -> u64 {
        let own = self.ledger.changes.range((device.0, 0)..=(device.0, u64::MAX));
        own.last().map_or(0, |((_, number), _)| *number)
    }

    /// Records of these buckets after a sequence number, in order.
    fn tail(&self, scope: &[Bucket], from: u64) -> Vec<(u64, &Record)> {
        let in_scope = |record: &Record| scope.contains(&self.bucket(record));
        let later = self.ledger.records.values().filter(|(seq, record)| *seq > from && in_scope(record));
        let mut later: Vec<_> = later.map(|(seq, record)| (*seq, record)).collect();
        later.sort_by_key(|(seq, _)| *seq);
        later
    }

    pub fn sum(&self, bucket: &Bucket) -> Checksum {
        let mut sum = Checksum::default();
        self.ledger
            .records
            .values()
            .filter(|(_, r)| self.bucket(r) == *bucket)
            .for_each(|(_, r)| sum.add(block::digest(r)));
        sum
    }

    fn snapshots(&mut self, wanted: &[Bucket], fresh: bool) -> (u64, Vec<BlockRef>) {
        let (mut from, mut refs) = (self.ledger.head, Vec::new());
        for bucket in wanted {
            let is_good = |(seq, _): &&(u64, _)| !fresh && self.ledger.head - seq <= self.stale;
            if self.snapshots.get(bucket).filter(is_good).is_none() {
                let blocks = self.snapshot(bucket);
                self.snapshots.insert(bucket.clone(), (self.ledger.head, blocks));
            }
            let (seq, blocks) = &self.snapshots[bucket];
            from = from.min(*seq);
            refs.extend(blocks.iter().cloned());
        }
        for block in &refs {
            // Also before checksums mend anything: no block may hold what its reader may not see now.
            for record in block::decode(&self.blocks[&block.id]).expect("a block") {
                let now = self.ledger.records.get(&record.id).map(|(_, record)| self.bucket(record));
                assert!(now.as_ref() == Some(&block.bucket), "{} lies in a block of {}", record.id, block.bucket);
                let is_erased = self.ledger.records.get(&record.id).is_some_and(|(_, record)| record.is_erased());
                assert!(record.is_erased() || !is_erased, "a block still says what {} was", record.id);
            }
        }
        (from, refs)
    }

    fn snapshot(&mut self, bucket: &Bucket) -> Vec<BlockRef> {
        let records: Vec<&Record> =
            self.ledger.records.values().map(|(_, r)| r).filter(|r| self.bucket(r) == *bucket).collect();
        let mut blocks = Vec::new();
        for some in records.chunks(2) {
            let bytes = block::encode(some.iter().copied());
            let id = BlockId::of(&bytes);
            let (records, length) = (some.len() as u32, bytes.len() as u32);
            blocks.push(BlockRef { id: id.clone(), bucket: bucket.clone(), records, bytes: length });
            self.blocks.insert(id, bytes);
        }
        blocks
    }
}

fn name<'a>(scope: impl Iterator<Item = &'a Bucket>) -> String {
    let names: BTreeSet<&str> = scope.map(|b| b.0.as_str()).collect();
    names.into_iter().collect::<Vec<_>>().join(" ")
}

fn buckets(scope: &str) -> BTreeSet<Bucket> {
    scope.split(' ').filter(|name| name.contains('/')).map(|name| Bucket(name.into())).collect()
}
