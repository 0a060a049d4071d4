//! What was refused, for those who wrote it and for the office; and taking it in after all.

use std::{fmt, str::FromStr};

use records::{Problem, Right, Value};
use sync::{
    Change, DeviceId,
    change::UNFINISHED,
    wire::{Quarantined, TakeIn, Verdict},
};
use uuid::Uuid;

use super::{
    Author, Incoming, Office,
    audit::{By, What},
    hex, unhex,
};
use crate::db::{Fault, QuarantineRow, RefusalKey};

/// Most refusals shown at once, newest first.
pub const SHOWN: u32 = 500;
/// And most bytes of them, unless one alone is longer.
const PAGE_BYTES: u64 = 4 * 1024 * 1024;

/// A place in the list of what was refused, as a page's address says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Before(RefusalKey);

impl fmt::Display for Before {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let RefusalKey { received_at, number, device, content } = &self.0;
        write!(f, "{received_at:x}-{number:x}-{:016x}-{}", device.0, hex(content))
    }
}

impl FromStr for Before {
    type Err = ();

    fn from_str(said: &str) -> Result<Self, ()> {
        let parts: Vec<&str> = said.split('-').collect();
        let [received_at, number, device, content] = parts.as_slice() else { return Err(()) };
        let digits = |said: &str| u64::from_str_radix(said, 16).map_err(|_| ());
        Ok(Self(RefusalKey {
            received_at: digits(received_at)?,
            number: digits(number)?,
            device: DeviceId(digits(device)?),
            content: unhex(content).ok_or(())?,
        }))
    }
}

/// Why something refused was not taken in.
#[derive(Clone, Debug, PartialEq)]
pub enum NotTakenIn {
    /// There is no such refusal.
    Unknown,
    /// The one who asks may not see such records.
    Unseen,
    /// It stands against the rules still.
    Refused(Vec<Problem>),
}

impl Office {
    /// What was refused of `who`, newest first; with `all`, of everyone, which the caller must have a right to see. What
    /// colleagues wrote in records that `who` may not see is left out: that it was refused, and why, is enough to help.
    pub async fn quarantine(&self, who: &Author, all: bool) -> Result<Vec<Quarantined>, Fault> {
        Ok(self.quarantine_page(who, all, None, SHOWN).await?.0)
    }

    /// A page of it: what stands before a place, from the newest on without one; and the place of the last, when there are
    /// more.
    pub async fn quarantine_page(
        &self,
        who: &Author,
        all: bool,
        before: Option<&Before>,
        limit: u32,
    ) -> Result<(Vec<Quarantined>, Option<Before>), Fault> {
        let account = (!all).then_some(who.account.as_str());
        let key = before.map(|before| &before.0);
        let (rows, more) = self.store.quarantined(self.community, account, key, limit.min(SHOWN), PAGE_BYTES).await?;
        let last = rows.last().filter(|_| more).map(|row| {
            let QuarantineRow { received_at, number, device, content, .. } = *row;
            Before(RefusalKey { received_at, number, device, content })
        });
        let read = |row: QuarantineRow| {
            let body = body(&row)?;
            let may_see = row.account == who.account || self.is_shared(who, &body);
            Ok(Quarantined {
                device: row.device,
                number: row.number,
                account: row.account,
                received_at: row.received_at,
                problems: row.problems,
                body: if may_see { body } else { Value::Null },
                mended_by: row.mended_by,
                content: hex(&row.content),
            })
        };
        let page: Result<Vec<Quarantined>, Fault> = rows.into_iter().map(read).collect();
        Ok((page?, last))
    }

    /// Takes in something refused, by the right of `who` and in the name of the account that handed it in. Twice is once.
    ///
    /// # Errors
    /// Only when the store fails; then nothing of it happened.
    pub async fn take_in(&self, by: By<'_>, who: &Author, asked: &TakeIn) -> Result<Result<(), NotTakenIn>, Fault> {
        let Some(content) = unhex(&asked.content) else { return Ok(Err(NotTakenIn::Unknown)) };
        let found = self.store.refusal(self.community, asked.device, asked.number, content).await?;
        let Some(row) = found else { return Ok(Err(NotTakenIn::Unknown)) };
        if row.mended_by.is_some() {
            return Ok(Ok(()));
        }
        let body = body(&row)?;
        if !self.is_shared(who, &body) {
            return Ok(Err(NotTakenIn::Unseen));
        }
        let Ok(mut change) = serde_json::from_value::<Change>(body) else {
            return Ok(Err(NotTakenIn::Refused(row.problems)));
        };
        // Its own number has its verdict for ever: it comes in from a device of the office. Who was signed in is the author,
        // whatever it says.
        (change.device, change.number, change.mends) = (DeviceId(Uuid::new_v4().as_u64_pair().0), 1, None);
        change.author = row.account.clone();
        change.more.remove(UNFINISHED);
        if change.why.is_none() && !asked.why.trim().is_empty() {
            change.why = Some(asked.why.trim().to_owned());
        }
        let (device, author) = (change.device, Author { account: row.account.clone(), post: who.post.clone() });
        self.make_device(device, "收下").await?;
        let (receipts, _) = self.push_whole(&author, device, &[Incoming::from(change)]).await?;
        if let Some(Verdict::Refused { problems }) = receipts.into_iter().next().map(|receipt| receipt.verdict) {
            return Ok(Err(NotTakenIn::Refused(problems)));
        }
        self.store.take_in(self.community, &row).await?;
        self.note_one(by, What::TakenIn, &row.account, 1).await?;
        Ok(Ok(()))
    }

    /// Whether a refused change is of records that the post reads and that are nobody's alone.
    fn is_shared(&self, who: &Author, body: &Value) -> bool {
        let pack = self.pack();
        let kind = body.get("kind").and_then(Value::as_str).unwrap_or_default();
        pack.allows(&who.post, kind, Right::Read) && pack.assignment(kind).is_none()
    }
}

fn body(row: &QuarantineRow) -> Result<Value, Fault> {
    serde_json::from_str(&row.body).map_err(|e| Fault::damaged("refusal", e))
}
