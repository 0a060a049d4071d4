//! Snapshots of buckets and their blocks.

use sync::{Bucket, block::BlockId, wire::BlockRef};

use super::{ReadTransaction, Store, signed, small, unsigned};
use crate::db::{BlockRow, Community, Fault};

impl ReadTransaction {
    /// The sequence number a bucket's snapshot was taken at and its blocks, in order; `None` without snapshot.
    pub async fn snapshot(&mut self, bucket: &Bucket) -> Result<Option<(u64, Vec<BlockRef>)>, Fault> {
        let (connection, community) = self.parts();
        let sql = "SELECT seq FROM snapshot WHERE community = $1 AND bucket = $2";
        let seq: Option<i64> =
            sqlx::query_scalar(sql).bind(community).bind(&bucket.0).fetch_optional(&mut *connection).await?;
        let Some(seq) = seq else { return Ok(None) };
        let sql = "SELECT id, records, CAST(length(bytes) AS BIGINT) FROM block
                   WHERE community = $1 AND bucket = $2 AND place IS NOT NULL ORDER BY place";
        let rows: Vec<(String, i64, i64)> =
            sqlx::query_as(sql).bind(community).bind(&bucket.0).fetch_all(connection).await?;
        let block = |(id, records, bytes)| BlockRef {
            id: BlockId(id),
            bucket: bucket.clone(),
            records: small(records),
            bytes: small(bytes),
        };
        Ok(Some((unsigned(seq), rows.into_iter().map(block).collect())))
    }
}

impl Store {
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
        let mut tx = self.begin().await?;
        sqlx::query(
            "UPDATE block SET place = NULL, left_at = $1 WHERE community = $2 AND bucket = $3 AND place IS NOT NULL",
        )
        .bind(signed(now))
        .bind(community)
        .bind(&bucket.0)
        .execute(&mut *tx)
        .await?;
        for (place, block) in (0i64..).zip(blocks) {
            let sql = "INSERT INTO block (community, id, bucket, place, records, bytes) VALUES ($1, $2, $3, $4, $5, $6)
                       ON CONFLICT (community, id) DO UPDATE SET bucket = excluded.bucket, place = excluded.place, left_at = NULL";
            sqlx::query(sql)
                .bind(community)
                .bind(&block.id.0)
                .bind(&block.bucket.0)
                .bind(place)
                .bind(i64::from(block.records))
                .bind(&block.bytes)
                .execute(&mut *tx)
                .await?;
        }
        sqlx::query("DELETE FROM block WHERE community = $1 AND bucket = $2 AND left_at < $3")
            .bind(community)
            .bind(&bucket.0)
            .bind(signed(forget))
            .execute(&mut *tx)
            .await?;
        let sql = "INSERT INTO snapshot (community, bucket, seq, made_at) VALUES ($1, $2, $3, $4)
                   ON CONFLICT (community, bucket) DO UPDATE SET seq = excluded.seq, made_at = excluded.made_at";
        sqlx::query(sql).bind(community).bind(&bucket.0).bind(signed(seq)).bind(signed(now)).execute(&mut *tx).await?;
        Ok(tx.commit().await?)
    }

    /// The block with this id, whichever bucket it is of: the caller judges whether it may be seen.
    pub async fn block(&self, community: Community, id: &BlockId) -> Result<Option<BlockRow>, Fault> {
        let sql = "SELECT bucket, records, bytes FROM block WHERE community = $1 AND id = $2";
        let row: Option<(String, i64, Vec<u8>)> =
            sqlx::query_as(sql).bind(community).bind(&id.0).fetch_optional(self.reader()).await?;
        Ok(row.map(|(bucket, records, bytes)| BlockRow {
            id: id.clone(),
            bucket: Bucket(bucket),
            records: small(records),
            bytes,
        }))
    }
}
