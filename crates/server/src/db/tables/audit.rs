//! The audit trail: rows are added, never changed.

use sqlx::QueryBuilder;

use super::{Database, PushTransaction, ReadTransaction, Store, signed, text, unsigned};
use crate::db::{AuditRow, ChangeBody, Community, Fault, groups};

type Row = (i64, i64, String, i64, String, String, i64, i64, i64, Vec<u8>, Vec<u8>);

/// A query for rows of the table.
macro_rules! select {
    ($which:literal) => {
        concat!("SELECT n, at, account, device, what, about, count, from_seq, to_seq, digest, hash FROM audit ", $which)
    };
}

impl Store {
    /// When something was last noted, by its name.
    pub async fn last_noted(&self, community: Community, what: &str) -> Result<Option<u64>, Fault> {
        let sql = "SELECT at FROM audit WHERE community = $1 AND what = $2 ORDER BY n DESC LIMIT 1";
        let at: Option<i64> = sqlx::query_scalar(sql).bind(community).bind(what).fetch_optional(self.reader()).await?;
        Ok(at.map(unsigned))
    }

    /// Rows before number `n`, the latest first: at most `limit`.
    pub async fn audit_before(&self, community: Community, n: u64, limit: u32) -> Result<Vec<AuditRow>, Fault> {
        let sql = select!("WHERE community = $1 AND n < $2 ORDER BY n DESC LIMIT $3");
        let query =
            sqlx::query_as(sql).bind(community).bind(i64::try_from(n).unwrap_or(i64::MAX)).bind(i64::from(limit));
        Ok(query.fetch_all(self.reader()).await?.into_iter().map(read).collect())
    }
}

impl PushTransaction {
    /// Number and hash of the last row.
    pub async fn last_audit(&mut self) -> Result<Option<(u64, Vec<u8>)>, Fault> {
        let (tx, community) = self.parts();
        let sql = "SELECT n, hash FROM audit WHERE community = $1 ORDER BY n DESC LIMIT 1";
        let row: Option<(i64, Vec<u8>)> = sqlx::query_as(sql).bind(community).fetch_optional(tx).await?;
        Ok(row.map(|(n, hash)| (unsigned(n), hash)))
    }

    /// Appends rows.
    pub async fn put_audit(&mut self, rows: &[AuditRow]) -> Result<(), Fault> {
        let (tx, community) = self.parts();
        for group in groups(rows) {
            let mut sql = QueryBuilder::<Database>::new(
                "INSERT INTO audit (community, n, at, account, device, what, about, count, from_seq, to_seq, digest, hash) ",
            );
            sql.push_values(group, |mut values, row| {
                values
                    .push_bind(community)
                    .push_bind(signed(row.n))
                    .push_bind(signed(row.at))
                    .push_bind(text(&row.account))
                    .push_bind(signed(row.device))
                    .push_bind(text(&row.what))
                    .push_bind(text(&row.about))
                    .push_bind(signed(row.count))
                    .push_bind(signed(row.seqs.0))
                    .push_bind(signed(row.seqs.1))
                    .push_bind(&row.digest)
                    .push_bind(&row.hash);
            });
            sql.build().execute(&mut *tx).await?;
        }
        Ok(())
    }
}

impl ReadTransaction {
    /// Rows after number `n`, in order: at most `limit`.
    pub async fn audit_after(&mut self, n: u64, limit: u32) -> Result<Vec<AuditRow>, Fault> {
        let (tx, community) = self.parts();
        let sql = select!("WHERE community = $1 AND n > $2 ORDER BY n LIMIT $3");
        let query = sqlx::query_as(sql).bind(community).bind(signed(n)).bind(i64::from(limit));
        Ok(query.fetch_all(tx).await?.into_iter().map(read).collect())
    }

    /// Accepted changes after `seq`, in order of sequence: number, kind and words. At most `limit`.
    pub async fn changes_after(&mut self, seq: u64, limit: u32) -> Result<Vec<(u64, String, ChangeBody)>, Fault> {
        let (tx, community) = self.parts();
        let sql = "SELECT seq, kind, body, erased FROM change WHERE community = $1 AND seq > $2 ORDER BY seq LIMIT $3";
        let query = sqlx::query_as(sql).bind(community).bind(signed(seq)).bind(i64::from(limit));
        type Said = (i64, String, Option<String>, Option<Vec<u8>>);
        let rows: Vec<Said> = query.fetch_all(tx).await?;
        let read = |(seq, kind, body, erased): Said| {
            let body = body.map_or_else(|| ChangeBody::Erased(erased.unwrap_or_default()), ChangeBody::Here);
            (unsigned(seq), kind, body)
        };
        Ok(rows.into_iter().map(read).collect())
    }
}

fn read((n, at, account, device, what, about, count, from, to, digest, hash): Row) -> AuditRow {
    AuditRow {
        n: unsigned(n),
        at: unsigned(at),
        account,
        device: unsigned(device),
        what,
        about,
        count: unsigned(count),
        seqs: (unsigned(from), unsigned(to)),
        digest,
        hash,
    }
}
