//! One consistent look at the records: everything read through a [`ReadTransaction`] is of the same moment.

use futures_util::TryStreamExt;
use records::RecordId;
use sync::{
    Bucket, DeviceId, Record,
    wire::{Checksum, Verdict},
};

use super::{Connection, Database, Store, Transaction, list, signed, text, unsigned};
use crate::db::{BucketRow, Community, CommunityRow, Fault};

impl Store {
    /// Begins to read.
    pub async fn begin_read(&self, community: Community) -> Result<ReadTransaction, Fault> {
        Ok(ReadTransaction { tx: self.look().await?, community })
    }

    /// Begins to read what takes long, on a connection of its own.
    pub async fn begin_read_aside(&self, community: Community) -> Result<ReadTransaction, Fault> {
        Ok(ReadTransaction { tx: self.look_aside().await?, community })
    }

    /// Whether a change of the account to the record has these hexadecimal digits in it: an accepted one, or one that is
    /// kept refused.
    pub async fn wrote(
        &self,
        community: Community,
        account: &str,
        record: RecordId,
        digits: &str,
    ) -> Result<bool, Fault> {
        let sql = "SELECT count(*) FROM change WHERE community = $1 AND record = $2 AND author = $3 AND body LIKE $4";
        let query = sqlx::query_scalar(sql).bind(community).bind(record.as_bytes().as_slice()).bind(text(account));
        let accepted: i64 = query.bind(format!("%{digits}%")).fetch_one(self.reader()).await?;
        if accepted > 0 {
            return Ok(true);
        }
        let sql =
            "SELECT count(*) FROM quarantine WHERE community = $1 AND account = $2 AND body LIKE $3 AND body LIKE $4";
        let query = sqlx::query_scalar(sql).bind(community).bind(text(account));
        let query = query.bind(format!("%\"record\":\"{record}\"%")).bind(format!("%{digits}%"));
        let refused: i64 = query.fetch_one(self.reader()).await?;
        Ok(refused > 0)
    }

    /// The words of the accepted changes of a record, as JSON, in order of their clocks; erased ones are left out.
    pub async fn changes_of(&self, community: Community, record: RecordId) -> Result<Vec<String>, Fault> {
        let sql =
            "SELECT body FROM change WHERE community = $1 AND record = $2 AND seq IS NOT NULL AND body IS NOT NULL
                   ORDER BY clock";
        let query = sqlx::query_scalar(sql).bind(community).bind(record.as_bytes().as_slice());
        Ok(query.fetch_all(self.reader()).await?)
    }

    /// Records of a kind that accepted changes from one sequence number to another are of: at most `limit`.
    pub async fn changed(
        &self,
        community: Community,
        seqs: (u64, u64),
        kind: &str,
        limit: u32,
    ) -> Result<Vec<RecordId>, Fault> {
        let sql = "SELECT DISTINCT record FROM change WHERE community = $1 AND seq BETWEEN $2 AND $3 AND kind = $4
                   ORDER BY record LIMIT $5";
        let query = sqlx::query_scalar(sql).bind(community).bind(signed(seqs.0)).bind(signed(seqs.1));
        let ids: Vec<Vec<u8>> = query.bind(text(kind)).bind(i64::from(limit)).fetch_all(self.reader()).await?;
        let read = |id: Vec<u8>| RecordId::from_slice(&id).map_err(|e| Fault::damaged("change", e));
        ids.into_iter().map(read).collect()
    }

    /// The verdict on a change, if it was ever pushed.
    pub async fn verdict(&self, community: Community, device: DeviceId, number: u64) -> Result<Option<Verdict>, Fault> {
        let sql = "SELECT seq, problems FROM change WHERE community = $1 AND device = $2 AND number = $3";
        let query = sqlx::query_as(sql).bind(community).bind(signed(device.0)).bind(signed(number));
        let row: Option<(Option<i64>, Option<String>)> = query.fetch_optional(self.reader()).await?;
        Ok(match row {
            None => None,
            Some((Some(seq), _)) => Some(Verdict::Accepted { seq: unsigned(seq) }),
            Some((None, problems)) => Some(Verdict::Refused {
                problems: serde_json::from_str(&problems.unwrap_or_default())
                    .map_err(|e| Fault::damaged("verdict", e))?,
            }),
        })
    }
}

/// A look at one moment.
#[derive(Debug)]
pub struct ReadTransaction {
    tx: Transaction,
    community: Community,
}

impl ReadTransaction {
    pub(super) fn parts(&mut self) -> (&mut Connection, Community) {
        (&mut self.tx, self.community)
    }

    /// The community's history and counter.
    pub async fn community(&mut self) -> Result<CommunityRow, Fault> {
        let sql = "SELECT name, epoch, head, pack_print FROM community WHERE id = $1";
        let query = sqlx::query_as(sql).bind(self.community);
        let (name, epoch, head, print): (String, String, i64, String) = query.fetch_one(&mut *self.tx).await?;
        Ok(CommunityRow { name, epoch, head: unsigned(head), print })
    }

    /// The largest change number the office has of a device.
    pub async fn last_number(&mut self, device: DeviceId) -> Result<u64, Fault> {
        let sql = "SELECT last_number FROM device WHERE community = $1 AND id = $2";
        let query = sqlx::query_scalar(sql).bind(self.community).bind(signed(device.0));
        Ok(query.fetch_optional(&mut *self.tx).await?.map_or(0, unsigned))
    }

    /// A bucket's checksum; empty for one that never held anything.
    pub async fn bucket(&mut self, name: &Bucket) -> Result<BucketRow, Fault> {
        let sql = "SELECT count, sum, seq FROM bucket WHERE community = $1 AND name = $2";
        let query = sqlx::query_as(sql).bind(self.community).bind(&name.0);
        let (count, sum, seq): (i64, i64, i64) = query.fetch_optional(&mut *self.tx).await?.unwrap_or_default();
        let sum = Checksum { count: unsigned(count), sum: unsigned(sum) };
        Ok(BucketRow { sum, seq: unsigned(seq) })
    }

    /// How many records of a bucket changed after `seq`.
    pub async fn count_after(&mut self, bucket: &Bucket, seq: u64) -> Result<u64, Fault> {
        let sql = "SELECT count(*) FROM record WHERE community = $1 AND bucket = $2 AND seq > $3";
        let query = sqlx::query_scalar(sql).bind(self.community).bind(&bucket.0).bind(signed(seq));
        Ok(unsigned(query.fetch_one(&mut *self.tx).await?))
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
        let sql = concat!(
            "SELECT seq, state FROM record WHERE community = $1 AND bucket ",
            one_of!(2),
            " AND seq > $3 ORDER BY seq LIMIT $4"
        );
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let query = sqlx::query_as(sql).bind(self.community).bind(list::names(buckets)).bind(signed(seq)).bind(limit);
        let rows: Vec<(i64, String)> = query.fetch_all(&mut *self.tx).await?;
        let mut room = bytes;
        let mut tail = Vec::with_capacity(rows.len());
        for (seq, state) in rows {
            if state.len() > room && !tail.is_empty() {
                break;
            }
            room = room.saturating_sub(state.len());
            tail.push((unsigned(seq), serde_json::from_str(&state).map_err(|e| Fault::damaged("record", e))?));
        }
        Ok(tail)
    }

    /// A record by its id.
    pub async fn record(&mut self, id: RecordId) -> Result<Option<Record>, Fault> {
        let sql = "SELECT state FROM record WHERE community = $1 AND id = $2";
        let query = sqlx::query_scalar(sql).bind(self.community).bind(id.as_bytes().as_slice());
        let state: Option<String> = query.fetch_optional(&mut *self.tx).await?;
        state.map(|json| serde_json::from_str(&json).map_err(|e| Fault::damaged("record", e))).transpose()
    }

    /// A record by its id, and the bucket it lives in.
    pub async fn placed(&mut self, id: RecordId) -> Result<Option<(Bucket, Record)>, Fault> {
        let sql = "SELECT bucket, state FROM record WHERE community = $1 AND id = $2";
        let query = sqlx::query_as(sql).bind(self.community).bind(id.as_bytes().as_slice());
        let row: Option<(String, String)> = query.fetch_optional(&mut *self.tx).await?;
        let read = |state: &str| serde_json::from_str(state).map_err(|e| Fault::damaged("record", e));
        row.map(|(bucket, state)| Ok((Bucket(bucket), read(&state)?))).transpose()
    }

    /// The names of all buckets that ever held something.
    pub async fn buckets(&mut self) -> Result<Vec<Bucket>, Fault> {
        buckets(&mut self.tx, self.community).await
    }

    /// The JSON of all records of a kind, whoever they are assigned to, oldest first.
    pub async fn of_kind(&mut self, kind: &str) -> Result<Vec<String>, Fault> {
        let all = buckets_of(&mut self.tx, self.community, kind).await?;
        self.of_buckets(&all).await
    }

    /// The JSON of all records of some buckets, oldest first.
    pub async fn of_buckets(&mut self, buckets: &[Bucket]) -> Result<Vec<String>, Fault> {
        let mut rows: Vec<(Vec<u8>, String)> = of_buckets(self.community, buckets).fetch_all(&mut *self.tx).await?;
        rows.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        Ok(rows.into_iter().map(|(_, state)| state).collect())
    }

    /// Hands out the JSON of each record of a kind, whoever it is assigned to, in no order, as it comes: their whole number is
    /// never held. What is handed out may end it.
    pub async fn each_of_kind(
        &mut self,
        kind: &str,
        take: impl FnMut(String) -> Result<(), Fault> + Send,
    ) -> Result<(), Fault> {
        let all = buckets_of(&mut self.tx, self.community, kind).await?;
        self.each_of_buckets(&all, take).await
    }

    /// The same of some buckets.
    pub async fn each_of_buckets(
        &mut self,
        buckets: &[Bucket],
        mut take: impl FnMut(String) -> Result<(), Fault> + Send,
    ) -> Result<(), Fault> {
        let query = of_buckets(self.community, buckets);
        let mut rows = query.fetch(&mut *self.tx);
        let mut came = 0_u32;
        while let Some((_, state)) = rows.try_next().await? {
            take(state)?;
            came = came.wrapping_add(1);
            if came.is_multiple_of(BREATH) {
                tokio::task::yield_now().await;
            }
        }
        Ok(())
    }
}

/// Rows between two chances for others to run.
const BREATH: u32 = 64;

/// Records of some buckets. They are sorted by whoever wants them sorted: told to, SQLite walks the primary key, which is all
/// records, for each kind.
pub(super) const OF_BUCKETS: &str =
    concat!("SELECT id, state FROM record WHERE community = $1 AND bucket ", one_of!(2));

fn of_buckets<'q>(
    community: Community,
    buckets: &'q [Bucket],
) -> sqlx::query::QueryAs<'q, Database, (Vec<u8>, String), <Database as sqlx::Database>::Arguments> {
    sqlx::query_as(OF_BUCKETS).bind(community).bind(list::names(buckets))
}

/// The names of all buckets that ever held something.
async fn buckets(connection: &mut Connection, community: Community) -> Result<Vec<Bucket>, Fault> {
    let sql = "SELECT name FROM bucket WHERE community = $1 ORDER BY name";
    let names: Vec<String> = sqlx::query_scalar(sql).bind(community).fetch_all(connection).await?;
    Ok(names.into_iter().map(Bucket).collect())
}

/// Those of a kind, whoever they are assigned to.
pub(super) async fn buckets_of(
    connection: &mut Connection,
    community: Community,
    kind: &str,
) -> Result<Vec<Bucket>, Fault> {
    let mut all = buckets(connection, community).await?;
    all.retain(|bucket| bucket.kind() == kind);
    Ok(all)
}
