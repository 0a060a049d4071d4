//! The store of whichever database was chosen: every method is the same method of `sqlite` or of `postgres`.

use std::path::Path;

use records::{Pack, RecordId};
use sync::{Bucket, DeviceId, block::BlockId, wire::Verdict};
use uuid::Uuid;

use super::{
    AccountRow, AuditRow, BlockRow, Community, CommunityRow, Content, Contents, DeviceRow, Fault, Place, ProofRow,
    QuarantineRow, RefusalKey, RosterRow, SessionRow, postgres, sqlite,
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

mod device;
mod file;
mod transaction;

pub use transaction::{PushTransaction, ReadTransaction};

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

    /// Whether the tables are those of this program, or of a newer one beside it.
    pub async fn is_up_to_date(&self) -> Result<bool, Fault> {
        either!(self, it => it.is_up_to_date())
    }

    /// Writes something and takes it out again; nobody else ever sees it.
    pub async fn try_write(&self, community: Community) -> Result<(), Fault> {
        either!(self, it => it.try_write(community))
    }

    /// Names the history anew when the database goes on on another timeline than the one that was noted; whether it did.
    pub async fn hold_to_timeline(&self, id: Community, fresh: &str) -> Result<bool, Fault> {
        let Self::Postgres(it) = self else { return Ok(false) };
        match it.timeline().await? {
            Some(timeline) => it.hold_to_timeline(id, &timeline, fresh).await,
            None => Ok(false),
        }
    }

    /// Bytes of refused changes that are kept, by account.
    pub async fn refused_bytes(&self, community: Community) -> Result<Vec<(String, u64)>, Fault> {
        either!(self, it => it.refused_bytes(community))
    }

    /// Changes that were handed in on a day, by account.
    pub async fn taken(&self, community: Community, day: i64) -> Result<Vec<(String, u64)>, Fault> {
        either!(self, it => it.taken(community, day))
    }

    /// Where the database's file is, when it has one of its own.
    pub fn folder(&self) -> Option<&Path> {
        match self {
            Self::Sqlite(it) => Some(it.folder()),
            Self::Postgres(_) => None,
        }
    }

    /// Keeps what the database writes beside its file from growing without end.
    pub async fn bound_log(&self) -> Result<(), Fault> {
        match self {
            Self::Sqlite(it) => it.bound_log().await,
            // PostgreSQL bounds its own (`max_wal_size`).
            Self::Postgres(_) => Ok(()),
        }
    }

    /// Overwrites what the database still holds of words that were erased: in its log and in free pages.
    pub async fn scrub(&self) -> Result<(), Fault> {
        either!(self, it => it.scrub())
    }

    /// Closes the database; nothing works after it.
    pub async fn close(&self) {
        either!(self, it => it.close());
    }

    /// Writes a copy of this moment into the new file `file`, reads it again, and says what is in it. `place` is where this
    /// database was opened.
    pub async fn back_up(&self, place: &Place, file: &Path) -> Result<Contents, Fault> {
        match (self, place) {
            (Self::Postgres(it), Place::Postgres(url)) => it.back_up(url, file).await,
            (Self::Sqlite(it), _) => {
                it.back_up(file).await?;
                sqlite::backup::contents(file).await
            }
            (Self::Postgres(_), Place::Folder(_)) => Err(Fault::Tool("the database is not in a folder".into())),
        }
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

    /// Gives an account another post, and keeps for each of its devices which one it had until `now`; `false` when there is
    /// no such account.
    pub async fn set_post(&self, community: Community, name: &str, post: &str, now: u64) -> Result<bool, Fault> {
        either!(self, it => it.set_post(community, name, post, now))
    }

    /// Notes that a device has heard which post its account has now.
    pub async fn hear_post(
        &self,
        community: Community,
        account: &str,
        device: DeviceId,
        now: u64,
    ) -> Result<(), Fault> {
        either!(self, it => it.hear_post(community, account, device, now))
    }

    /// One refusal, by where it came from, its number and the hash of what came.
    pub async fn refusal(
        &self,
        community: Community,
        device: DeviceId,
        number: u64,
        content: Content,
    ) -> Result<Option<QuarantineRow>, Fault> {
        either!(self, it => it.refusal(community, device, number, content))
    }

    /// Marks one refusal as taken in.
    pub async fn take_in(&self, community: Community, row: &QuarantineRow) -> Result<(), Fault> {
        either!(self, it => it.take_in(community, row))
    }

    /// When something was last noted in the audit trail, by its name.
    pub async fn last_noted(&self, community: Community, what: &str) -> Result<Option<u64>, Fault> {
        either!(self, it => it.last_noted(community, what))
    }

    /// The community, with its pack; `None` when there is none yet.
    pub async fn community(&self, id: Community) -> Result<Option<(CommunityRow, Pack)>, Fault> {
        either!(self, it => it.community(id))
    }

    /// The community's counter and the hash of the pack in force.
    pub async fn standing(&self, id: Community) -> Result<(u64, String), Fault> {
        either!(self, it => it.standing(id))
    }

    /// Makes the community, with a history of its own.
    pub async fn add_community(&self, id: Community, row: &CommunityRow, pack: &Pack, now: u64) -> Result<(), Fault> {
        either!(self, it => it.add_community(id, row, pack, now))
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

    /// Begins to read what takes long, on a connection of its own: one at a time.
    pub async fn begin_read_aside(&self, community: Community) -> Result<ReadTransaction, Fault> {
        Ok(match self {
            Self::Sqlite(it) => ReadTransaction::Sqlite(it.begin_read_aside(community).await?),
            Self::Postgres(it) => ReadTransaction::Postgres(it.begin_read_aside(community).await?),
        })
    }

    /// What is in quarantine, newest first: of one account, or of all, before one of them or from the newest on. At most
    /// `limit`, and no more than `bytes` unless the first is longer; and whether there are more.
    pub async fn quarantined(
        &self,
        community: Community,
        account: Option<&str>,
        before: Option<&RefusalKey>,
        limit: u32,
        bytes: u64,
    ) -> Result<(Vec<QuarantineRow>, bool), Fault> {
        either!(self, it => it.quarantined(community, account, before, limit, bytes))
    }

    /// Whether an accepted change of the account to the record has these hexadecimal digits in it.
    pub async fn wrote(
        &self,
        community: Community,
        account: &str,
        record: RecordId,
        digits: &str,
    ) -> Result<bool, Fault> {
        either!(self, it => it.wrote(community, account, record, digits))
    }

    /// The words of the accepted changes of a record, as JSON, in order of their clocks; erased ones are left out.
    pub async fn changes_of(&self, community: Community, record: RecordId) -> Result<Vec<String>, Fault> {
        either!(self, it => it.changes_of(community, record))
    }

    /// Records of a kind that accepted changes from one sequence number to another are of: at most `limit`.
    pub async fn changed(
        &self,
        community: Community,
        seqs: (u64, u64),
        kind: &str,
        limit: u32,
    ) -> Result<Vec<RecordId>, Fault> {
        either!(self, it => it.changed(community, seqs, kind, limit))
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

    /// Rows of the audit trail before number `n`, the latest first: at most `limit`.
    pub async fn audit_before(&self, community: Community, n: u64, limit: u32) -> Result<Vec<AuditRow>, Fault> {
        either!(self, it => it.audit_before(community, n, limit))
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
