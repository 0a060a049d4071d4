//! What decides of refusals later: the posts accounts had before, what was accepted under another number, and what someone
//! took in.

use std::collections::BTreeMap;

use records::RecordId;
use sync::{Change, Clock, DeviceId};

use super::{PushTransaction, Store, list, signed, text, unsigned};
use crate::db::{Community, Content, Fault, QuarantineRow, RefusalKey};

type Row = (i64, i64, Vec<u8>, String, i64, String, String, Option<i64>);

fn read(
    (device, number, content, account, received_at, problems, body, mended_by): Row,
) -> Result<QuarantineRow, Fault> {
    Ok(QuarantineRow {
        device: DeviceId(unsigned(device)),
        number: unsigned(number),
        content: content.try_into().map_err(|_| Fault::damaged("refusal", "its hash has another length"))?,
        account,
        received_at: unsigned(received_at),
        problems: serde_json::from_str(&problems).map_err(|e| Fault::damaged("refusal", e))?,
        body,
        mended_by: mended_by.map(unsigned),
    })
}

/// What of the refused a page is of.
macro_rules! page {
    ($columns:literal) => {
        concat!(
            "SELECT ",
            $columns,
            " FROM quarantine WHERE community = $1 AND account = coalesce($2, account)
              AND (received_at < $3 OR (received_at = $3 AND (number, device, content) < ($4, $5, $6)))
              ORDER BY received_at DESC, number DESC, device DESC, content DESC LIMIT $7"
        )
    };
}

const LENGTHS: &str = page!("CAST(octet_length(body) + octet_length(problems) AS BIGINT)");
const REFUSED: &str = page!("device, number, content, account, received_at, problems, body, mended_by");

impl Store {
    /// Notes that a device has heard which post its account has now.
    pub async fn hear_post(
        &self,
        community: Community,
        account: &str,
        device: DeviceId,
        now: u64,
    ) -> Result<(), Fault> {
        let sql = "SELECT count(*) FROM former_post WHERE community = $1 AND account = $2 AND device = $3 AND heard_at IS NULL";
        let query = sqlx::query_scalar(sql).bind(community).bind(text(account)).bind(signed(device.0));
        let unheard: i64 = query.fetch_one(self.reader()).await?;
        if unheard > 0 {
            let sql = "UPDATE former_post SET heard_at = $1
                       WHERE community = $2 AND account = $3 AND device = $4 AND heard_at IS NULL";
            let query = sqlx::query(sql).bind(signed(now)).bind(community).bind(text(account)).bind(signed(device.0));
            query.execute(self.writer()).await?;
        }
        Ok(())
    }

    /// One refusal, by where it came from, its number and the hash of what came.
    pub async fn refusal(
        &self,
        community: Community,
        device: DeviceId,
        number: u64,
        content: Content,
    ) -> Result<Option<QuarantineRow>, Fault> {
        let sql = "SELECT device, number, content, account, received_at, problems, body, mended_by FROM quarantine
                   WHERE community = $1 AND device = $2 AND number = $3 AND content = $4";
        let query = sqlx::query_as(sql).bind(community).bind(signed(device.0)).bind(signed(number));
        let found: Option<Row> = query.bind(content.to_vec()).fetch_optional(self.reader()).await?;
        found.map(read).transpose()
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
        let (at, number, device, content) = match before {
            Some(key) => (signed(key.received_at), signed(key.number), signed(key.device.0), key.content.to_vec()),
            None => (i64::MAX, 0, 0, Vec::new()),
        };
        let mut tx = self.look().await?;
        // First how long they are, so that no more is read than is wanted.
        let query =
            sqlx::query_scalar(LENGTHS).bind(community).bind(account.map(text)).bind(at).bind(number).bind(device);
        let lengths: Vec<i64> = query.bind(content.clone()).bind(i64::from(limit) + 1).fetch_all(&mut *tx).await?;
        let mut room = bytes;
        let fits = lengths.iter().enumerate().take_while(|(n, length)| {
            let length = unsigned(**length);
            let does = *n == 0 || length <= room;
            room = room.saturating_sub(length);
            does
        });
        let count = fits.count().min(limit as usize);
        let query = sqlx::query_as(REFUSED).bind(community).bind(account.map(text)).bind(at).bind(number).bind(device);
        let rows: Vec<Row> =
            query.bind(content).bind(i64::try_from(count).unwrap_or(i64::MAX)).fetch_all(&mut *tx).await?;
        let rows: Result<Vec<QuarantineRow>, Fault> = rows.into_iter().map(read).collect();
        Ok((rows?, lengths.len() > count))
    }

    /// Marks one refusal as taken in.
    pub async fn take_in(&self, community: Community, row: &QuarantineRow) -> Result<(), Fault> {
        let sql = "UPDATE quarantine SET mended_by = number
                   WHERE community = $1 AND device = $2 AND number = $3 AND content = $4 AND mended_by IS NULL";
        let query = sqlx::query(sql).bind(community).bind(signed(row.device.0)).bind(signed(row.number));
        query.bind(row.content.as_slice()).execute(self.writer()).await?;
        Ok(())
    }

    /// When each device was last seen to be two: two different changes came under one number.
    pub async fn copied(&self, community: Community) -> Result<BTreeMap<DeviceId, u64>, Fault> {
        let sql = "SELECT id, copied_at FROM device WHERE community = $1 AND copied_at IS NOT NULL";
        let rows: Vec<(i64, i64)> = sqlx::query_as(sql).bind(community).fetch_all(self.reader()).await?;
        Ok(rows.into_iter().map(|(id, at)| (DeviceId(unsigned(id)), unsigned(at))).collect())
    }

    /// Every device that changes came from or that someone signed in on.
    pub async fn device_ids(&self, community: Community) -> Result<Vec<DeviceId>, Fault> {
        let sql = "SELECT id FROM device WHERE community = $1 ORDER BY seen_at DESC";
        let rows: Vec<i64> = sqlx::query_scalar(sql).bind(community).fetch_all(self.reader()).await?;
        Ok(rows.into_iter().map(|id| DeviceId(unsigned(id))).collect())
    }
}

impl PushTransaction {
    /// Posts that the account had before, with the moment each ended, of which the device has heard since `heard` or not yet.
    pub async fn former_posts(
        &mut self,
        account: &str,
        device: DeviceId,
        heard: u64,
    ) -> Result<Vec<(String, u64)>, Fault> {
        let (tx, community) = self.parts();
        let sql = "SELECT post, until FROM former_post WHERE community = $1 AND account = $2 AND device = $3
                   AND (heard_at IS NULL OR heard_at >= $4) ORDER BY until";
        let query = sqlx::query_as(sql).bind(community).bind(text(account)).bind(signed(device.0)).bind(signed(heard));
        let rows: Vec<(String, i64)> = query.fetch_all(tx).await?;
        Ok(rows.into_iter().map(|(post, until)| (post, unsigned(until))).collect())
    }

    /// Accepted changes of these records that bear one of these clocks, with their sequence numbers.
    pub async fn accepted_at(&mut self, ids: &[RecordId], clocks: &[Clock]) -> Result<Vec<(u64, Change)>, Fault> {
        let (tx, community) = self.parts();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        // Sixteen bytes each, as ids are.
        let clocks: Vec<RecordId> = clocks.iter().map(|clock| RecordId::from_bytes(clock.to_bytes())).collect();
        let sql = concat!(
            "SELECT seq, body FROM change WHERE community = $1 AND seq IS NOT NULL AND body IS NOT NULL AND record ",
            one_of_ids!(2),
            " AND clock ",
            one_of_ids!(3)
        );
        let query = sqlx::query_as(sql).bind(community).bind(list::ids(ids)).bind(list::ids(&clocks));
        let rows: Vec<(i64, String)> = query.fetch_all(tx).await?;
        let read = |(seq, body): (i64, String)| {
            let change = serde_json::from_str(&body).map_err(|e| Fault::damaged("change", e))?;
            Ok((unsigned(seq), change))
        };
        rows.into_iter().map(read).collect()
    }

    /// Notes that two different changes came under one number of the device.
    pub async fn see_copied(&mut self, device: DeviceId, now: u64) -> Result<(), Fault> {
        let (tx, community) = self.parts();
        let sql = "UPDATE device SET copied_at = $1 WHERE community = $2 AND id = $3";
        sqlx::query(sql).bind(signed(now)).bind(community).bind(signed(device.0)).execute(tx).await?;
        Ok(())
    }
}
