//! The store of whichever database was chosen: every method is the same method of `sqlite` or of `postgres`.

use records::{Pack, RecordId};
use std::collections::HashMap;
use sync::{
    Bucket, Change, DeviceId, Record,
    block::BlockId,
    wire::{BlockRef, Checksum, Verdict},
};
use uuid::Uuid;

use super::{
    AccountRow, BlockRow, BucketRow, ChangeRow, Community, CommunityRow, Content, Fault, Place, QuarantineRow,
    RecordRow, RosterRow, SessionRow, postgres, sqlite,
};

/// Hands a call to the database there is.
macro_rules! either {
    ($on:expr, $it:ident => $call:expr) => {
        match $on {
            Self::Sqlite($it) => $call.await,
            Self::Postgres($it) => $call.await,
        }
    };
}

/// The office's database. Cheap to clone.
#[derive(Clone, Debug)]
pub enum Store {
    /// SQLite.
    Sqlite(sqlite::Store),
    /// PostgreSQL.
    Postgres(postgres::Store),
}

impl Store {
    /// Opens the database at `place` and brings its tables up to date. A folder and its file are made if need be; a
    /// PostgreSQL database must be there.
    pub async fn open(place: &Place) -> Result<Self, Fault> {
        Ok(match place {
            Place::Folder(folder) => Self::Sqlite(sqlite::Store::open(folder).await?),
            Place::Postgres(url) => Self::Postgres(postgres::Store::open(url).await?),
        })
    }

    /// Whether the database answers.
    pub async fn ping(&self) -> Result<(), Fault> {
        either!(self, it => it.ping())
    }

    /// Closes the database; nothing works after it.
    pub async fn close(&self) {
        either!(self, it => it.close());
    }

    /// The account called `name`.
    pub async fn account(&self, community: Community, name: &str) -> Result<Option<AccountRow>, Fault> {
        either!(self, it => it.account(community, name))
    }

    /// All accounts, by name.
    pub async fn accounts(&self, community: Community) -> Result<Vec<AccountRow>, Fault> {
        either!(self, it => it.accounts(community))
    }

    /// Adds an account; `false` when the name is taken.
    pub async fn add_account(&self, community: Community, row: &AccountRow, now: u64) -> Result<bool, Fault> {
        either!(self, it => it.add_account(community, row, now))
    }

    /// Gives an account a new password and ends its sessions; `false` when there is no such account.
    pub async fn set_password(&self, community: Community, name: &str, password: &str) -> Result<bool, Fault> {
        either!(self, it => it.set_password(community, name, password))
    }

    /// Gives an account another post; `false` when there is no such account.
    pub async fn set_post(&self, community: Community, name: &str, post: &str) -> Result<bool, Fault> {
        either!(self, it => it.set_post(community, name, post))
    }

    /// Makes a device known, or sees it again. An empty `name` leaves the name as it was.
    pub async fn see_device(&self, community: Community, id: DeviceId, name: &str, now: u64) -> Result<(), Fault> {
        either!(self, it => it.see_device(community, id, name, now))
    }

    /// The account that last signed in on a device.
    pub async fn device_account(&self, community: Community, id: DeviceId) -> Result<Option<String>, Fault> {
        either!(self, it => it.device_account(community, id))
    }

    /// Begins a session under the hash of its token, in place of those the account had on the device.
    pub async fn add_session(
        &self,
        community: Community,
        token: &[u8],
        account: &str,
        device: DeviceId,
        now: u64,
    ) -> Result<(), Fault> {
        either!(self, it => it.add_session(community, token, account, device, now))
    }

    /// The session under this hash, if it was used since `seen` and begun since `made`.
    pub async fn session(
        &self,
        community: Community,
        token: &[u8],
        seen: u64,
        made: u64,
    ) -> Result<Option<SessionRow>, Fault> {
        either!(self, it => it.session(community, token, seen, made))
    }

    /// Notes that a session is used.
    pub async fn see_session(&self, community: Community, token: &[u8], now: u64) -> Result<(), Fault> {
        either!(self, it => it.see_session(community, token, now))
    }

    /// Ends a session, and forgets all that ended by themselves: unused since `seen`, or begun before `made`.
    pub async fn end_session(&self, community: Community, token: &[u8], seen: u64, made: u64) -> Result<(), Fault> {
        either!(self, it => it.end_session(community, token, seen, made))
    }

    /// The community, with its pack; `None` when there is none yet.
    pub async fn community(&self, id: Community) -> Result<Option<(CommunityRow, Pack)>, Fault> {
        either!(self, it => it.community(id))
    }

    /// Makes the community, with a history of its own.
    pub async fn add_community(&self, id: Community, row: &CommunityRow, pack: &Pack, now: u64) -> Result<(), Fault> {
        either!(self, it => it.add_community(id, row, pack, now))
    }

    /// Puts a pack in force. `moved` are the buckets whose name changes with it, because a kind's sensitivity does:
    /// from, to. Their records, checksums and blocks go along in the same transaction.
    pub async fn set_pack(&self, id: Community, pack: &Pack, moved: &[(String, String)]) -> Result<(), Fault> {
        either!(self, it => it.set_pack(id, pack, moved))
    }

    /// Names the history anew: after a restore from a backup, every device then reads everything again and pushes back
    /// what the office lost.
    pub async fn set_epoch(&self, id: Community, epoch: &str) -> Result<(), Fault> {
        either!(self, it => it.set_epoch(id, epoch))
    }

    /// What tablets' recovery keys are worked out from; `fresh` becomes it where there is none yet.
    pub async fn recovery(&self, id: Community, fresh: &[u8]) -> Result<Vec<u8>, Fault> {
        either!(self, it => it.recovery(id, fresh))
    }

    /// Begins a push: from here to the commit nobody else writes.
    pub async fn begin_push(&self, community: Community) -> Result<PushTransaction, Fault> {
        Ok(match self {
            Self::Sqlite(it) => PushTransaction::Sqlite(it.begin_push(community).await?),
            Self::Postgres(it) => PushTransaction::Postgres(it.begin_push(community).await?),
        })
    }

    /// Begins to read.
    pub async fn begin_read(&self, community: Community) -> Result<ReadTransaction, Fault> {
        Ok(match self {
            Self::Sqlite(it) => ReadTransaction::Sqlite(it.begin_read(community).await?),
            Self::Postgres(it) => ReadTransaction::Postgres(it.begin_read(community).await?),
        })
    }

    /// What is in quarantine, newest first: of one account, or of all. At most `limit`.
    pub async fn quarantined(
        &self,
        community: Community,
        account: Option<&str>,
        limit: u32,
    ) -> Result<Vec<QuarantineRow>, Fault> {
        either!(self, it => it.quarantined(community, account, limit))
    }

    /// The verdict on a change, if it was ever pushed.
    pub async fn verdict(&self, community: Community, device: DeviceId, number: u64) -> Result<Option<Verdict>, Fault> {
        either!(self, it => it.verdict(community, device, number))
    }

    /// Keeps a roster's row, new or changed.
    pub async fn put_roster(&self, community: Community, row: &RosterRow) -> Result<(), Fault> {
        either!(self, it => it.put_roster(community, row))
    }

    /// A roster by its id.
    pub async fn roster(&self, community: Community, id: Uuid) -> Result<Option<RosterRow>, Fault> {
        either!(self, it => it.roster(community, id))
    }

    /// Rosters, the latest first: of one account, or of all.
    pub async fn rosters(
        &self,
        community: Community,
        account: Option<&str>,
        limit: u32,
    ) -> Result<Vec<RosterRow>, Fault> {
        either!(self, it => it.rosters(community, account, limit))
    }

    /// Puts a new snapshot of a bucket in place of the old one, whose blocks stay until `forget` (milliseconds since
    /// 1970 UTC) is later than the time they left.
    pub async fn put_snapshot(
        &self,
        community: Community,
        bucket: &Bucket,
        seq: u64,
        blocks: &[BlockRow],
        now: u64,
        forget: u64,
    ) -> Result<(), Fault> {
        either!(self, it => it.put_snapshot(community, bucket, seq, blocks, now, forget))
    }

    /// The block with this id, whichever bucket it is of: the caller judges whether it may be seen.
    pub async fn block(&self, community: Community, id: &BlockId) -> Result<Option<BlockRow>, Fault> {
        either!(self, it => it.block(community, id))
    }
}

/// A push under way. Dropped without [`PushTransaction::commit`], nothing of it happened.
#[derive(Debug)]
pub enum PushTransaction {
    /// SQLite.
    Sqlite(sqlite::PushTransaction),
    /// PostgreSQL.
    Postgres(postgres::PushTransaction),
}

impl PushTransaction {
    /// Contents and verdicts of those of the numbers that the device pushed before.
    pub async fn verdicts(
        &mut self,
        device: DeviceId,
        numbers: &[u64],
    ) -> Result<HashMap<u64, (Content, Verdict)>, Fault> {
        either!(self, it => it.verdicts(device, numbers))
    }

    /// Those of the records that there are.
    pub async fn records(&mut self, ids: &[RecordId]) -> Result<Vec<RecordRow>, Fault> {
        either!(self, it => it.records(ids))
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

    /// Marks the account's refused change `number` of the device as put right by change `by`.
    pub async fn mend(&mut self, device: DeviceId, account: &str, number: u64, by: u64) -> Result<(), Fault> {
        either!(self, it => it.mend(device, account, number, by))
    }

    /// Keeps records' new states.
    pub async fn put_records(&mut self, rows: &[&RecordRow]) -> Result<(), Fault> {
        either!(self, it => it.put_records(rows))
    }

    /// Moves a bucket's checksum by `count` records and a wrapping `sum` of digests, and its last sequence number to `seq`.
    pub async fn move_bucket(&mut self, name: &Bucket, moved: Checksum, seq: u64) -> Result<(), Fault> {
        either!(self, it => it.move_bucket(name, moved, seq))
    }

    /// Notes the largest number the office has of a device.
    pub async fn reach_number(&mut self, device: DeviceId, number: u64, now: u64) -> Result<(), Fault> {
        either!(self, it => it.reach_number(device, number, now))
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

    /// The JSON of all records of a kind, oldest first.
    pub async fn of_kind(&mut self, bucket: &Bucket) -> Result<Vec<String>, Fault> {
        either!(self, it => it.of_kind(bucket))
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
}
