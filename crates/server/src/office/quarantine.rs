//! What was refused, for those who wrote it and for the office.

use sync::wire::Quarantined;

use super::{Author, Office};
use crate::db::Fault;

/// Most refusals shown at once, newest first.
const SHOWN: u32 = 500;

impl Office {
    /// What was refused of `who`, newest first; with `all`, of everyone, which the caller must have a right to see.
    pub async fn quarantine(&self, who: &Author, all: bool) -> Result<Vec<Quarantined>, Fault> {
        let account = (!all).then_some(who.account.as_str());
        let rows = self.store.quarantined(self.community, account, SHOWN).await?;
        let read = |row: crate::db::QuarantineRow| {
            let body = serde_json::from_str(&row.body);
            Ok(Quarantined {
                device: row.device,
                number: row.number,
                account: row.account,
                received_at: row.received_at,
                problems: row.problems,
                body: body.map_err(|e| Fault::Damaged { what: "refusal", why: e.to_string() })?,
                mended_by: row.mended_by,
            })
        };
        rows.into_iter().map(read).collect()
    }
}
