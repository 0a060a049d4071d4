//! Imported rosters, and what is needed to take one back: its own changes, and those of everyone else.

use records::RecordId;
use sync::{
    Change, DeviceId, Record,
    wire::{RosterCounts, RosterKept, RosterState},
};
use uuid::Uuid;

use super::{ReadTransaction, Store, list, signed, small, text, unsigned};
use crate::db::{Community, Fault, RosterRow};

type Row = (Vec<u8>, String, String, i64, i64, String, i64, i64, String, String);

/// A query for rows of the table.
macro_rules! select {
    ($which:literal) => {
        concat!("SELECT id, file, account, device, at, state, total, refused, counts, kept FROM roster ", $which)
    };
}

impl Store {
    /// Keeps a roster's row, new or changed.
    pub async fn put_roster(&self, community: Community, row: &RosterRow) -> Result<(), Fault> {
        let sql = "INSERT INTO roster (community, id, file, account, device, at, state, total, refused, counts, kept)
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) ON CONFLICT (community, id) DO UPDATE SET state = excluded.state,
                   total = excluded.total, refused = excluded.refused, kept = excluded.kept";
        sqlx::query(sql)
            .bind(community)
            .bind(row.id.as_bytes().as_slice())
            .bind(text(&row.file))
            .bind(text(&row.account))
            .bind(signed(row.device.0))
            .bind(signed(row.at))
            .bind(word(row.state)?)
            .bind(i64::from(row.total))
            .bind(i64::from(row.refused))
            .bind(json(&row.counts)?)
            .bind(json(&row.kept)?)
            .execute(self.writer())
            .await?;
        Ok(())
    }

    /// A roster by its id.
    pub async fn roster(&self, community: Community, id: Uuid) -> Result<Option<RosterRow>, Fault> {
        let sql = select!("WHERE community = $1 AND id = $2");
        let query = sqlx::query_as(sql).bind(community).bind(id.as_bytes().as_slice());
        query.fetch_optional(self.reader()).await?.map(read).transpose()
    }

    /// Rosters, the latest first: of one account, or of all.
    pub async fn rosters(
        &self,
        community: Community,
        account: Option<&str>,
        limit: u32,
    ) -> Result<Vec<RosterRow>, Fault> {
        let sql = select!("WHERE community = $1 AND account = coalesce($2, account) ORDER BY id DESC LIMIT $3");
        let query = sqlx::query_as(sql).bind(community).bind(account.map(text)).bind(i64::from(limit));
        query.fetch_all(self.reader()).await?.into_iter().map(read).collect()
    }
}

impl ReadTransaction {
    /// How many of a device's changes were accepted.
    pub async fn count_of_device(&mut self, device: DeviceId) -> Result<u32, Fault> {
        let (tx, community) = self.parts();
        let sql = "SELECT count(*) FROM change WHERE community = $1 AND device = $2 AND seq IS NOT NULL";
        let count: i64 = sqlx::query_scalar(sql).bind(community).bind(signed(device.0)).fetch_one(tx).await?;
        Ok(u32::try_from(count).unwrap_or(u32::MAX))
    }

    /// The accepted changes of a device in their order, and the sequence number before the first.
    pub async fn of_device(&mut self, device: DeviceId) -> Result<(u64, Vec<Change>), Fault> {
        let (tx, community) = self.parts();
        let sql = "SELECT seq, body FROM change
                   WHERE community = $1 AND device = $2 AND seq IS NOT NULL AND body IS NOT NULL ORDER BY number";
        let query = sqlx::query_as(sql).bind(community).bind(signed(device.0));
        let rows: Vec<(i64, String)> = query.fetch_all(tx).await?;
        let before = rows.first().map_or(0, |(seq, _)| unsigned(*seq).saturating_sub(1));
        let changes: Result<_, _> = rows.iter().map(|(_, body)| change(body)).collect();
        Ok((before, changes?))
    }

    /// The changes that other devices made to the records, whenever that was.
    pub async fn by_others(&mut self, device: DeviceId, records: &[RecordId]) -> Result<Vec<Change>, Fault> {
        let (tx, community) = self.parts();
        let sql = concat!(
            "SELECT body FROM change WHERE community = $1 AND record ",
            one_of_ids!(2),
            " AND device <> $3 AND seq IS NOT NULL AND body IS NOT NULL"
        );
        let query = sqlx::query_scalar(sql).bind(community).bind(list::ids(records)).bind(signed(device.0));
        let bodies: Vec<String> = query.fetch_all(tx).await?;
        bodies.iter().map(|body| change(body)).collect()
    }

    /// The changes that other devices made to any record after `seq`.
    pub async fn by_others_after(&mut self, device: DeviceId, seq: u64) -> Result<Vec<Change>, Fault> {
        let (tx, community) = self.parts();
        let sql = "SELECT body FROM change WHERE community = $1 AND seq > $2 AND device <> $3 AND body IS NOT NULL";
        let query = sqlx::query_scalar(sql).bind(community).bind(signed(seq)).bind(signed(device.0));
        let bodies: Vec<String> = query.fetch_all(tx).await?;
        bodies.iter().map(|body| change(body)).collect()
    }

    /// Those of the records that there are.
    pub async fn records(&mut self, ids: &[RecordId]) -> Result<Vec<Record>, Fault> {
        let (tx, community) = self.parts();
        let sql = concat!("SELECT state FROM record WHERE community = $1 AND id ", one_of_ids!(2));
        let states: Vec<String> = sqlx::query_scalar(sql).bind(community).bind(list::ids(ids)).fetch_all(tx).await?;
        states.iter().map(|state| serde_json::from_str(state).map_err(|e| Fault::damaged("record", e))).collect()
    }
}

fn read((id, file, account, device, at, state, total, refused, counts, kept): Row) -> Result<RosterRow, Fault> {
    let damaged = |e: serde_json::Error| Fault::damaged("roster", e);
    let counts: RosterCounts = serde_json::from_str(&counts).map_err(damaged)?;
    let kept: Vec<RosterKept> = serde_json::from_str(&kept).map_err(damaged)?;
    Ok(RosterRow {
        id: Uuid::from_slice(&id).map_err(|e| Fault::damaged("roster", e))?,
        file,
        account,
        device: DeviceId(unsigned(device)),
        at: unsigned(at),
        state: serde_json::from_value(state.into()).map_err(damaged)?,
        total: small(total),
        refused: small(refused),
        counts,
        kept,
    })
}

fn change(body: &str) -> Result<Change, Fault> {
    serde_json::from_str(body).map_err(|e| Fault::damaged("change", e))
}

fn json(value: &impl serde::Serialize) -> Result<String, Fault> {
    serde_json::to_string(value).map_err(|e| Fault::damaged("roster", e))
}

/// The state's name on the wire is its name in the table.
fn word(state: RosterState) -> Result<String, Fault> {
    let word = serde_json::to_value(state).map_err(|e| Fault::damaged("roster", e))?;
    Ok(word.as_str().unwrap_or_default().to_owned())
}
