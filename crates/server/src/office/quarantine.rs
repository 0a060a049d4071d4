//! What was refused, for those who wrote it and for the office.

use records::{Right, Value};
use sync::wire::Quarantined;

use super::{Author, Office};
use crate::db::Fault;

/// Most refusals shown at once, newest first.
const SHOWN: u32 = 500;

impl Office {
    /// What was refused of `who`, newest first; with `all`, of everyone, which the caller must have a right to see. What
    /// colleagues wrote in records that `who` may not see is left out: that it was refused, and why, is enough to help.
    pub async fn quarantine(&self, who: &Author, all: bool) -> Result<Vec<Quarantined>, Fault> {
        let account = (!all).then_some(who.account.as_str());
        let rows = self.store.quarantined(self.community, account, SHOWN).await?;
        let pack = self.pack();
        let is_shared = |body: &Value| {
            let kind = body.get("kind").and_then(Value::as_str).unwrap_or_default();
            pack.allows(&who.post, kind, Right::Read) && pack.assignment(kind).is_none()
        };
        let read = |row: crate::db::QuarantineRow| {
            let mut body = serde_json::from_str(&row.body).map_err(|e| Fault::damaged("refusal", e))?;
            if row.account != who.account && !is_shared(&body) {
                body = Value::Null;
            }
            Ok(Quarantined {
                device: row.device,
                number: row.number,
                account: row.account,
                received_at: row.received_at,
                problems: row.problems,
                body,
                mended_by: row.mended_by,
            })
        };
        rows.into_iter().map(read).collect()
    }
}
