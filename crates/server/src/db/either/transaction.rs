//! Transactions of either database.

use records::{Pack, RecordId};
use std::collections::HashMap;
use sync::{
    Bucket, Change, Clock, DeviceId, Record,
    wire::{BlockRef, Verdict},
};

use super::super::{
    AuditRow, BucketRow, ChangeBody, ChangeRow, CommunityRow, Content, Fault, QuarantineRow, RecordRow, RosterRow,
    postgres, sqlite,
};

/// A push under way. Dropped without [`PushTransaction::commit`], nothing of it happened.
#[derive(Debug)]
pub enum PushTransaction {
    /// SQLite.
    Sqlite(sqlite::PushTransaction),
    /// PostgreSQL.
    Postgres(postgres::PushTransaction),
}

impl PushTransaction {
    /// The last sequence number given out before this push, and to nobody else before its commit.
    pub fn head(&self) -> u64 {
        match self {
            Self::Sqlite(it) => it.head(),
            Self::Postgres(it) => it.head(),
        }
    }

    /// Contents and verdicts of those of the numbers that the device pushed before.
    pub async fn verdicts(
        &mut self,
        device: DeviceId,
        numbers: &[u64],
    ) -> Result<HashMap<u64, (Content, Verdict)>, Fault> {
        either!(self, it => it.verdicts(device, numbers))
    }

    /// Posts that the account had before, with the moment each ended, of which the device has heard since `heard` or not yet.
    pub async fn former_posts(
        &mut self,
        account: &str,
        device: DeviceId,
        heard: u64,
    ) -> Result<Vec<(String, u64)>, Fault> {
        either!(self, it => it.former_posts(account, device, heard))
    }

    /// Accepted changes of these records that bear one of these clocks, with their sequence numbers.
    pub async fn accepted_at(&mut self, ids: &[RecordId], clocks: &[Clock]) -> Result<Vec<(u64, Change)>, Fault> {
        either!(self, it => it.accepted_at(ids, clocks))
    }

    /// Notes that two different changes came under one number of the device.
    pub async fn see_copied(&mut self, device: DeviceId, now: u64) -> Result<(), Fault> {
        either!(self, it => it.see_copied(device, now))
    }

    /// Those of the records that there are.
    pub async fn records(&mut self, ids: &[RecordId]) -> Result<Vec<RecordRow>, Fault> {
        either!(self, it => it.records(ids))
    }

    /// All records of a kind, whoever they are assigned to.
    pub async fn of_kind(&mut self, kind: &str) -> Result<Vec<RecordRow>, Fault> {
        either!(self, it => it.of_kind(kind))
    }

    /// Takes the words out of all accepted changes of the records, leaving their hashes. How many.
    pub async fn erase_changes(&mut self, ids: &[RecordId]) -> Result<u64, Fault> {
        either!(self, it => it.erase_changes(ids))
    }

    /// Takes the words out of everything in quarantine that names one of the records, leaving `instead`.
    pub async fn erase_refused(&mut self, ids: &[RecordId], instead: &str) -> Result<(), Fault> {
        either!(self, it => it.erase_refused(ids, instead))
    }

    /// Takes the names of the records out of what rosters could not take back.
    pub async fn erase_kept(&mut self, ids: &[RecordId], rosters: &[RosterRow]) -> Result<(), Fault> {
        either!(self, it => it.erase_kept(ids, rosters))
    }

    /// Forgets a bucket's snapshot and all its blocks, older ones too: a record that left it may not be read there again.
    pub async fn drop_snapshot(&mut self, bucket: &Bucket) -> Result<(), Fault> {
        either!(self, it => it.drop_snapshot(bucket))
    }

    /// The post of an account; `None` without such an account.
    pub async fn post_of(&mut self, account: &str) -> Result<Option<String>, Fault> {
        either!(self, it => it.post_of(account))
    }

    /// Those of the stamps that stand for another one.
    pub async fn stamps(&mut self, said: &[Clock]) -> Result<HashMap<Clock, Clock>, Fault> {
        either!(self, it => it.stamps(said))
    }

    /// Keeps that a stamp stands for another one.
    pub async fn put_stamp(&mut self, said: Clock, counts_as: Clock) -> Result<(), Fault> {
        either!(self, it => it.put_stamp(said, counts_as))
    }

    /// The latest stamp among a device's changes, as they were merged.
    pub async fn latest_of(&mut self, device: DeviceId) -> Result<Clock, Fault> {
        either!(self, it => it.latest_of(device))
    }

    /// Gives out `count` sequence numbers and returns the one before the first. The counter's row stays locked until the
    /// commit, so readers meet sequence numbers without holes.
    pub async fn take_sequence(&mut self, count: u64) -> Result<u64, Fault> {
        either!(self, it => it.take_sequence(count))
    }

    /// Keeps changes with their verdicts.
    pub async fn keep_changes(&mut self, device: DeviceId, rows: &[ChangeRow], now: u64) -> Result<(), Fault> {
        either!(self, it => it.keep_changes(device, rows, now))
    }

    /// Keeps what was refused; a repeat of the same is kept once.
    pub async fn quarantine(&mut self, row: &QuarantineRow) -> Result<(), Fault> {
        either!(self, it => it.quarantine(row))
    }

    /// Bytes of refused changes that are kept, by account.
    pub async fn refused_bytes(&mut self) -> Result<Vec<(String, u64)>, Fault> {
        either!(self, it => it.refused_bytes())
    }

    /// Changes that were handed in on a day, by account.
    pub async fn taken(&mut self, day: i64) -> Result<Vec<(String, u64)>, Fault> {
        either!(self, it => it.taken(day))
    }

    /// Notes that all files of the records are gone.
    pub async fn forget_files(&mut self, ids: &[RecordId]) -> Result<(), Fault> {
        either!(self, it => it.forget_files(ids))
    }

    /// Notes that an account handed in so many changes on a day, and forgets other days of it.
    pub async fn take_changes(&mut self, account: &str, day: i64, changes: u64) -> Result<(), Fault> {
        either!(self, it => it.take_changes(account, day, changes))
    }

    /// Marks the account's refused change `number` of the device as put right by change `by`.
    pub async fn mend(&mut self, device: DeviceId, account: &str, number: u64, by: u64) -> Result<(), Fault> {
        either!(self, it => it.mend(device, account, number, by))
    }

    /// Keeps records' new states.
    pub async fn put_records(&mut self, rows: &[&RecordRow]) -> Result<(), Fault> {
        either!(self, it => it.put_records(rows))
    }

    /// Moves buckets' checksums, each by a count of records and a wrapping sum of digests, and its last sequence number.
    pub async fn move_buckets(&mut self, moves: &[(Bucket, BucketRow)]) -> Result<(), Fault> {
        either!(self, it => it.move_buckets(moves))
    }

    /// The largest change number the office has of a device.
    pub async fn last_number(&mut self, device: DeviceId) -> Result<u64, Fault> {
        either!(self, it => it.last_number(device))
    }

    /// Notes the largest number the office has of a device.
    pub async fn reach_number(&mut self, device: DeviceId, number: u64, now: u64) -> Result<(), Fault> {
        either!(self, it => it.reach_number(device, number, now))
    }

    /// Number and hash of the audit trail's last row.
    pub async fn last_audit(&mut self) -> Result<Option<(u64, Vec<u8>)>, Fault> {
        either!(self, it => it.last_audit())
    }

    /// Appends rows to the audit trail.
    pub async fn put_audit(&mut self, rows: &[AuditRow]) -> Result<(), Fault> {
        either!(self, it => it.put_audit(rows))
    }

    /// The pack in force at this moment, which nobody else changes before the commit, and its hash.
    pub async fn pack(&mut self) -> Result<(Pack, String), Fault> {
        either!(self, it => it.pack())
    }

    /// The hash of the pack in force.
    pub fn print(&self) -> &str {
        match self {
            Self::Sqlite(it) => it.print(),
            Self::Postgres(it) => it.print(),
        }
    }

    /// Puts a pack in force, with its hash. `renamed` are the buckets whose name changes with it, because a kind's sensitivity does:
    /// from, to. Their records, checksums and blocks go along.
    pub async fn set_pack(&mut self, pack: &Pack, print: &str, renamed: &[(String, String)]) -> Result<(), Fault> {
        either!(self, it => it.set_pack(pack, print, renamed))
    }

    /// Makes all of it so, on the disk.
    pub async fn commit(self) -> Result<(), Fault> {
        either!(self, it => it.commit())
    }
}

/// A look at one moment.
#[derive(Debug)]
pub enum ReadTransaction {
    /// SQLite.
    Sqlite(sqlite::ReadTransaction),
    /// PostgreSQL.
    Postgres(postgres::ReadTransaction),
}

impl ReadTransaction {
    /// The community's history and counter.
    pub async fn community(&mut self) -> Result<CommunityRow, Fault> {
        either!(self, it => it.community())
    }

    /// The largest change number the office has of a device.
    pub async fn last_number(&mut self, device: DeviceId) -> Result<u64, Fault> {
        either!(self, it => it.last_number(device))
    }

    /// The buckets a device was last told it holds, and when that was.
    pub async fn held(&mut self, id: DeviceId) -> Result<Option<(String, u64)>, Fault> {
        either!(self, it => it.held(id))
    }

    /// A bucket's checksum; empty for one that never held anything.
    pub async fn bucket(&mut self, name: &Bucket) -> Result<BucketRow, Fault> {
        either!(self, it => it.bucket(name))
    }

    /// How many records of a bucket changed after `seq`.
    pub async fn count_after(&mut self, bucket: &Bucket, seq: u64) -> Result<u64, Fault> {
        either!(self, it => it.count_after(bucket, seq))
    }

    /// Records of the buckets that changed after `seq`, in order of sequence, with their sequence numbers: at most
    /// `limit`, and about `bytes` of JSON.
    pub async fn tail(
        &mut self,
        buckets: &[Bucket],
        seq: u64,
        limit: usize,
        bytes: usize,
    ) -> Result<Vec<(u64, Record)>, Fault> {
        either!(self, it => it.tail(buckets, seq, limit, bytes))
    }

    /// A record by its id.
    pub async fn record(&mut self, id: RecordId) -> Result<Option<Record>, Fault> {
        either!(self, it => it.record(id))
    }

    /// A record by its id, and the bucket it lives in.
    pub async fn placed(&mut self, id: RecordId) -> Result<Option<(Bucket, Record)>, Fault> {
        either!(self, it => it.placed(id))
    }

    /// The names of all buckets that ever held something.
    pub async fn buckets(&mut self) -> Result<Vec<Bucket>, Fault> {
        either!(self, it => it.buckets())
    }

    /// The JSON of all records of a kind, whoever they are assigned to, oldest first.
    pub async fn of_kind(&mut self, kind: &str) -> Result<Vec<String>, Fault> {
        either!(self, it => it.of_kind(kind))
    }

    /// Hands out the JSON of each record of a kind, whoever it is assigned to, in no order, as it comes: their whole number is
    /// never held. What is handed out may end it.
    pub async fn each_of_kind(
        &mut self,
        kind: &str,
        take: impl FnMut(String) -> Result<(), Fault> + Send,
    ) -> Result<(), Fault> {
        either!(self, it => it.each_of_kind(kind, take))
    }

    /// The same of some buckets.
    pub async fn each_of_buckets(
        &mut self,
        buckets: &[Bucket],
        take: impl FnMut(String) -> Result<(), Fault> + Send,
    ) -> Result<(), Fault> {
        either!(self, it => it.each_of_buckets(buckets, take))
    }

    /// The JSON of all records of some buckets, oldest first.
    pub async fn of_buckets(&mut self, buckets: &[Bucket]) -> Result<Vec<String>, Fault> {
        either!(self, it => it.of_buckets(buckets))
    }

    /// How many of a device's changes were accepted.
    pub async fn count_of_device(&mut self, device: DeviceId) -> Result<u32, Fault> {
        either!(self, it => it.count_of_device(device))
    }

    /// The accepted changes of a device in their order, and the sequence number before the first.
    pub async fn of_device(&mut self, device: DeviceId) -> Result<(u64, Vec<Change>), Fault> {
        either!(self, it => it.of_device(device))
    }

    /// The changes that other devices made to the records, whenever that was.
    pub async fn by_others(&mut self, device: DeviceId, records: &[RecordId]) -> Result<Vec<Change>, Fault> {
        either!(self, it => it.by_others(device, records))
    }

    /// The changes that other devices made to any record after `seq`.
    pub async fn by_others_after(&mut self, device: DeviceId, seq: u64) -> Result<Vec<Change>, Fault> {
        either!(self, it => it.by_others_after(device, seq))
    }

    /// Those of the records that there are.
    pub async fn records(&mut self, ids: &[RecordId]) -> Result<Vec<Record>, Fault> {
        either!(self, it => it.records(ids))
    }

    /// The sequence number a bucket's snapshot was taken at and its blocks, in order; `None` without snapshot.
    pub async fn snapshot(&mut self, bucket: &Bucket) -> Result<Option<(u64, Vec<BlockRef>)>, Fault> {
        either!(self, it => it.snapshot(bucket))
    }

    /// Rows of the audit trail after number `n`, in order: at most `limit`.
    pub async fn audit_after(&mut self, n: u64, limit: u32) -> Result<Vec<AuditRow>, Fault> {
        either!(self, it => it.audit_after(n, limit))
    }

    /// Accepted changes after `seq`, in order of sequence: number, kind and words. At most `limit`.
    pub async fn changes_after(&mut self, seq: u64, limit: u32) -> Result<Vec<(u64, String, ChangeBody)>, Fault> {
        either!(self, it => it.changes_after(seq, limit))
    }
}
