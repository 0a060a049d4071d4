//! The transaction of a push: what is known of the pushed numbers and records goes out, verdicts and effects go in.

use std::collections::HashMap;

use records::RecordId;
use sqlx::QueryBuilder;
use sync::{Bucket, DeviceId, Record, wire::Verdict};

use super::{Connection, Database, Store, Transaction, list, read::buckets_of, signed, text, unsigned};
use crate::db::{BucketRow, ChangeRow, Community, Content, Fault, QuarantineRow, RecordRow, groups};

impl Store {
    /// Begins a push: from here to the commit nobody else pushes to the community.
    pub async fn begin_push(&self, community: Community) -> Result<PushTransaction, Fault> {
        let (tx, head, print) = self.lock(community).await?;
        Ok(PushTransaction { tx, community, head: unsigned(head), print })
    }
}

/// A push under way. Dropped without [`PushTransaction::commit`], nothing of it happened.
#[derive(Debug)]
pub struct PushTransaction {
    tx: Transaction,
    community: Community,
    head: u64,
    print: String,
}

impl PushTransaction {
    pub(super) fn parts(&mut self) -> (&mut Connection, Community) {
        (&mut self.tx, self.community)
    }

    /// The last sequence number given out before this push, and to nobody else before its commit.
    pub fn head(&self) -> u64 {
        self.head
    }

    /// The hash of the pack in force when the push began; nobody else changes it before the commit.
    pub fn print(&self) -> &str {
        &self.print
    }

    /// Contents and verdicts of those of the numbers that the device pushed before.
    pub async fn verdicts(
        &mut self,
        device: DeviceId,
        numbers: &[u64],
    ) -> Result<HashMap<u64, (Content, Verdict)>, Fault> {
        let (Some(first), Some(last)) = (numbers.iter().min(), numbers.iter().max()) else { return Ok(HashMap::new()) };
        // They follow each other: between these a database finds them by key, whatever it believes of the list.
        let sql = concat!(
            "SELECT number, content, seq, problems FROM change WHERE community = $1 AND device = $2
             AND number BETWEEN $3 AND $4 AND number ",
            one_of!(5)
        );
        let query = sqlx::query_as(sql)
            .bind(self.community)
            .bind(signed(device.0))
            .bind(signed(*first))
            .bind(signed(*last))
            .bind(list::numbers(numbers));
        type Row = (i64, Vec<u8>, Option<i64>, Option<String>);
        let rows: Vec<Row> = query.fetch_all(&mut *self.tx).await?;
        let read = |(number, content, seq, problems): Row| {
            let content = content.try_into().map_err(|_| Fault::damaged("change", "its hash has another length"))?;
            let verdict = match (seq, problems) {
                (Some(seq), _) => Verdict::Accepted { seq: unsigned(seq) },
                (None, problems) => Verdict::Refused {
                    problems: serde_json::from_str(&problems.unwrap_or_default())
                        .map_err(|e| Fault::damaged("verdict", e))?,
                },
            };
            Ok((unsigned(number), (content, verdict)))
        };
        rows.into_iter().map(read).collect()
    }

    /// Those of the records that there are.
    pub async fn records(&mut self, ids: &[RecordId]) -> Result<Vec<RecordRow>, Fault> {
        let sql = concat!("SELECT bucket, seq, digest, state FROM record WHERE community = $1 AND id ", one_of_ids!(2));
        let query = sqlx::query_as(sql).bind(self.community).bind(list::ids(ids));
        let rows: Vec<Row> = query.fetch_all(&mut *self.tx).await?;
        rows.into_iter().map(row).collect()
    }

    /// All records of a kind, whoever they are assigned to.
    pub async fn of_kind(&mut self, kind: &str) -> Result<Vec<RecordRow>, Fault> {
        let buckets = buckets_of(&mut self.tx, self.community, kind).await?;
        let sql = concat!("SELECT bucket, seq, digest, state FROM record WHERE community = $1 AND bucket ", one_of!(2));
        let query = sqlx::query_as(sql).bind(self.community).bind(list::names(&buckets));
        let rows: Vec<Row> = query.fetch_all(&mut *self.tx).await?;
        rows.into_iter().map(row).collect()
    }

    /// Forgets a bucket's snapshot and all its blocks, older ones too: a record that left it may not be read there again.
    pub async fn drop_snapshot(&mut self, bucket: &Bucket) -> Result<(), Fault> {
        for sql in [
            "DELETE FROM block WHERE community = $1 AND bucket = $2",
            "DELETE FROM snapshot WHERE community = $1 AND bucket = $2",
        ] {
            sqlx::query(sql).bind(self.community).bind(text(&bucket.0)).execute(&mut *self.tx).await?;
        }
        Ok(())
    }

    /// The post of an account; `None` without such an account.
    pub async fn post_of(&mut self, account: &str) -> Result<Option<String>, Fault> {
        let sql = "SELECT post FROM account WHERE community = $1 AND name = $2";
        let query = sqlx::query_scalar(sql).bind(self.community).bind(text(account));
        Ok(query.fetch_optional(&mut *self.tx).await?)
    }

    /// Gives out `count` sequence numbers and returns the one before the first. The counter's row stays locked until the
    /// commit, so readers meet sequence numbers without holes.
    pub async fn take_sequence(&mut self, count: u64) -> Result<u64, Fault> {
        let sql = "UPDATE community SET head = head + $1 WHERE id = $2 RETURNING head";
        let head: i64 =
            sqlx::query_scalar(sql).bind(signed(count)).bind(self.community).fetch_one(&mut *self.tx).await?;
        Ok(unsigned(head) - count)
    }

    /// Keeps changes with their verdicts.
    pub async fn keep_changes(&mut self, device: DeviceId, rows: &[ChangeRow], now: u64) -> Result<(), Fault> {
        for group in groups(rows) {
            let mut sql = QueryBuilder::<Database>::new(
                "INSERT INTO change (community, device, number, content, author, record, kind, clock, received_at, seq, \
                 problems, body) ",
            );
            let mut verdicts = Vec::with_capacity(group.len());
            for row in group {
                verdicts.push(match &row.verdict {
                    Verdict::Accepted { seq } => (Some(signed(*seq)), None),
                    Verdict::Refused { problems } => {
                        (None, Some(serde_json::to_string(problems).map_err(|e| Fault::damaged("verdict", e))?))
                    }
                });
            }
            sql.push_values(group.iter().zip(verdicts), |mut values, (row, (seq, problems))| {
                values
                    .push_bind(self.community)
                    .push_bind(signed(device.0))
                    .push_bind(signed(row.number))
                    .push_bind(row.content.as_slice())
                    .push_bind(text(&row.author))
                    .push_bind(row.record.as_bytes().as_slice())
                    .push_bind(text(&row.kind))
                    .push_bind(row.clock.to_bytes().to_vec())
                    .push_bind(signed(now))
                    .push_bind(seq)
                    .push_bind(problems)
                    .push_bind(&row.body);
            });
            sql.build().execute(&mut *self.tx).await?;
        }
        Ok(())
    }

    /// Keeps what was refused; a repeat of the same is kept once.
    pub async fn quarantine(&mut self, row: &QuarantineRow) -> Result<(), Fault> {
        let sql = "INSERT INTO quarantine (community, device, number, content, account, received_at, problems, body)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT DO NOTHING";
        let problems = serde_json::to_string(&row.problems).map_err(|e| Fault::damaged("verdict", e))?;
        sqlx::query(sql)
            .bind(self.community)
            .bind(signed(row.device.0))
            .bind(signed(row.number))
            .bind(row.content.as_slice())
            .bind(text(&row.account))
            .bind(signed(row.received_at))
            .bind(problems)
            .bind(&row.body)
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    /// Marks the account's refused change `number` of the device as put right by change `by`.
    pub async fn mend(&mut self, device: DeviceId, account: &str, number: u64, by: u64) -> Result<(), Fault> {
        let sql = "UPDATE quarantine SET mended_by = $1 WHERE community = $2 AND device = $3 AND number = $4 AND account = $5";
        sqlx::query(sql)
            .bind(signed(by))
            .bind(self.community)
            .bind(signed(device.0))
            .bind(signed(number))
            .bind(text(account))
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    /// Keeps records' new states.
    pub async fn put_records(&mut self, rows: &[&RecordRow]) -> Result<(), Fault> {
        for group in groups(rows) {
            let mut sql =
                QueryBuilder::<Database>::new("INSERT INTO record (community, id, kind, bucket, seq, digest, state) ");
            let states: Result<Vec<String>, _> = group.iter().map(|row| serde_json::to_string(&row.record)).collect();
            let states = states.map_err(|e| Fault::damaged("record", e))?;
            sql.push_values(group.iter().zip(states), |mut values, (row, state)| {
                values
                    .push_bind(self.community)
                    .push_bind(row.record.id.as_bytes().as_slice())
                    .push_bind(text(row.record.kind.as_str()))
                    .push_bind(text(&row.bucket.0))
                    .push_bind(signed(row.seq))
                    .push_bind(signed(row.digest))
                    .push_bind(state);
            });
            sql.push(
                " ON CONFLICT (community, id) DO UPDATE SET kind = excluded.kind, bucket = excluded.bucket, seq = excluded.seq, \
                 digest = excluded.digest, state = excluded.state",
            );
            sql.build().execute(&mut *self.tx).await?;
        }
        Ok(())
    }

    /// Moves buckets' checksums, each by a count of records and a wrapping sum of digests, and its last sequence number.
    pub async fn move_buckets(&mut self, moves: &[(Bucket, BucketRow)]) -> Result<(), Fault> {
        let names: Vec<Bucket> = moves.iter().map(|(name, _)| name.clone()).collect();
        let sql = concat!("SELECT name, count, sum FROM bucket WHERE community = $1 AND name ", one_of!(2));
        let query = sqlx::query_as(sql).bind(self.community).bind(list::names(&names));
        let rows: Vec<(String, i64, i64)> = query.fetch_all(&mut *self.tx).await?;
        let before: HashMap<String, (i64, i64)> =
            rows.into_iter().map(|(name, count, sum)| (name, (count, sum))).collect();
        for group in groups(moves) {
            let mut sql = QueryBuilder::<Database>::new("INSERT INTO bucket (community, name, count, sum, seq) ");
            sql.push_values(group, |mut values, (name, row)| {
                let (count, sum) = before.get(&name.0).copied().unwrap_or_default();
                // Added here and not in SQL: an overflowing sum is refused by one database and a float in the other.
                values
                    .push_bind(self.community)
                    .push_bind(text(&name.0))
                    .push_bind(count.wrapping_add(signed(row.sum.count)))
                    .push_bind(sum.wrapping_add(signed(row.sum.sum)))
                    .push_bind(signed(row.seq));
            });
            sql.push(
                " ON CONFLICT (community, name) DO UPDATE SET count = excluded.count, sum = excluded.sum, seq = excluded.seq",
            );
            sql.build().execute(&mut *self.tx).await?;
        }
        Ok(())
    }

    /// Notes the largest number the office has of a device.
    pub async fn reach_number(&mut self, device: DeviceId, number: u64, now: u64) -> Result<(), Fault> {
        let sql = "UPDATE device SET last_number = CASE WHEN last_number < $1 THEN $1 ELSE last_number END, seen_at = $2 WHERE community = $3 AND id = $4";
        sqlx::query(sql)
            .bind(signed(number))
            .bind(signed(now))
            .bind(self.community)
            .bind(signed(device.0))
            .execute(&mut *self.tx)
            .await?;
        Ok(())
    }

    /// Makes all of it so, on the disk.
    pub async fn commit(self) -> Result<(), Fault> {
        Ok(self.tx.commit().await?)
    }
}

type Row = (String, i64, i64, String);

fn row((bucket, seq, digest, state): Row) -> Result<RecordRow, Fault> {
    let record: Record = serde_json::from_str(&state).map_err(|e| Fault::damaged("record", e))?;
    Ok(RecordRow { record, bucket: Bucket(bucket), digest: unsigned(digest), seq: unsigned(seq) })
}
