//! Handing over: what is assigned to one account goes to another, when an officer leaves or is away for long.
//!
//! Nobody else need see the records for that: the office writes the changes itself, in the name of who has them.

use sync::{Bucket, Clock, DeviceId, Draft, Record, wire::Verdict};
use uuid::Uuid;

use super::{
    Author, Incoming, Office,
    accounts::BadAccount,
    audit::{By, What},
    hand::Hand,
};
use crate::db::Fault;

/// How many records were handed over, and how many the pack's rules refused: those lie in quarantine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Handed {
    /// They are `to`'s now.
    pub over: u64,
    /// They stay where they were.
    pub refused: u64,
}

impl Office {
    /// Hands everything that is assigned to account `from` to account `to`, void records too. `from` need not be there
    /// any more; of kinds that `to` may not see, nothing moves.
    pub async fn hand_over(&self, by: By<'_>, from: &str, to: &str) -> Result<Result<Handed, BadAccount>, Fault> {
        let Some(heir) = self.account_called(to).await? else {
            return Ok(Err(BadAccount::Exists(false)));
        };
        let to = &*heir.name;
        let (pack, device) = (self.pack(), DeviceId(Uuid::new_v4().as_u64_pair().0));
        let author = Author { account: from.to_owned(), post: heir.post.clone() };
        let mut hand = Hand { device, number: 0, clock: Clock::default(), author };
        let mut changes: Vec<Incoming> = Vec::new();
        for kind in pack.kinds.values() {
            // Where the way is longer, the records follow by themselves.
            let Some(field) = pack.assignment(&kind.name).map(|way| way.0).filter(|way| !way.contains('.')) else {
                continue;
            };
            let own = Bucket::scope_of(&pack, &kind.name, from);
            let states = self.store.begin_read(self.community).await?.of_buckets(&[own]).await?;
            for state in states {
                let record: Record = serde_json::from_str(&state).map_err(|e| Fault::damaged("record", e))?;
                let mut draft = Draft { why: Some(format!("移交给 {to}")), ..Draft::of(&record) };
                draft.now.insert(field.clone(), to.into());
                let pen = hand.pen(self.moment(), Some(&record));
                changes.extend(draft.change(&pack, pen).map(Incoming::from));
            }
        }
        self.note_one(by, What::HandedOver, &format!("{from} {to}"), changes.len() as u64).await?;
        self.make_device(device, "移交").await?;
        let (receipts, _) = self.push(&hand.author, device, changes).await?;
        let refused =
            receipts.iter().filter(|receipt| matches!(receipt.verdict, Verdict::Refused { .. })).count() as u64;
        Ok(Ok(Handed { over: receipts.len() as u64 - refused, refused }))
    }
}
