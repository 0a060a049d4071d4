//! Changes in: judged, merged, numbered and kept, with their verdicts, in one transaction a request.
//!
//! Nothing that comes in is dropped and nothing blocks what comes after it: what cannot be accepted is kept word for word
//! in quarantine with its reasons, and its verdict is the same however often it is sent.

mod round;

use std::time::Duration;

use records::Value;
use sync::{
    Change, Clock, DeviceId,
    wire::{Receipt, SCHEMA},
};

use self::round::{Round, is_number, stamps};
use super::{
    Author, Office,
    audit::{By, note_changes},
    desk::{Desk, mentioned},
};
use crate::db::{Beyond, Fault};

/// The oldest schema whose changes are understood: two before the current one.
pub const OLDEST_SCHEMA: u16 = if SCHEMA > 2 { SCHEMA - 2 } else { 1 };

/// Changes between two chances for others to run: judging is work for the processor, not for the network.
const BREATH: usize = 32;

/// How long a push that gave way to another transaction waits before each further try, at most.
const PAUSES: [Duration; 4] =
    [Duration::from_millis(10), Duration::from_millis(40), Duration::from_millis(160), Duration::from_millis(640)];

/// Between half of `pause` and all of it, so that those who collided once do not collide in step. Chance too poor for
/// secrets is good enough here.
fn jittered(pause: Duration) -> Duration {
    let dice = u32::from(uuid::Uuid::new_v4().as_bytes()[0]);
    pause / 2 + pause * dice / 512
}

/// The body of what is refused without its words being kept: JSON.
pub(super) const NO_WORDS: &str = "null";

/// One of the things pushed: a change, or what was meant as one.
#[derive(Clone, Debug)]
pub enum Incoming {
    /// It reads as a change.
    Change(Box<Change>),
    /// It does not.
    Malformed {
        /// The number it gives itself, if that much can be read.
        number: u64,
        /// What came.
        body: Value,
        /// The reader's words.
        why: String,
    },
}

impl From<Change> for Incoming {
    fn from(change: Change) -> Self {
        Self::Change(Box::new(change))
    }
}

impl From<Value> for Incoming {
    fn from(body: Value) -> Self {
        match serde::Deserialize::deserialize(&body) {
            Ok(change) => Self::Change(Box::new(change)),
            Err(error) => {
                let error: serde_json::Error = error;
                let number = body.get("number").and_then(Value::as_u64).unwrap_or(0);
                Self::Malformed { number, body, why: error.to_string() }
            }
        }
    }
}

/// What one request's changes came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Changes merged now.
    pub accepted: u64,
    /// Changes refused into quarantine now.
    pub refused: u64,
    /// Changes that had their verdict already.
    pub repeated: u64,
}

/// How a push is taken.
#[derive(Clone, Copy, Debug)]
struct Terms {
    /// What the device's own clock read when it sent it.
    sent_at: Option<u64>,
    /// A tablet handed it in: it counts as what its account takes up.
    is_counted: bool,
    /// All of it or nothing.
    is_whole: bool,
}

impl Office {
    /// Takes in changes that `who` pushed from `device`, in their order: one receipt for each, in the same order.
    ///
    /// The caller has made sure that the device is the session's ([`Office::see_device`] makes one known). Any number of
    /// changes is one transaction; a repeat of a request is answered as the first time.
    ///
    /// # Errors
    /// Only when the store fails; then nothing of the request happened.
    pub async fn push(
        &self,
        who: &Author,
        device: DeviceId,
        incoming: Vec<Incoming>,
    ) -> Result<(Vec<Receipt>, Tally), Fault> {
        self.take_in_all(who, device, None, incoming, false).await
    }

    /// The same of changes that a tablet sent when its own clock read `sent_at`, within what its account may hand in.
    ///
    /// # Errors
    /// As [`Office::push`]; and when the day has as many as it may.
    pub async fn push_sent(
        &self,
        who: &Author,
        device: DeviceId,
        sent_at: Option<u64>,
        incoming: Vec<Incoming>,
    ) -> Result<(Vec<Receipt>, Tally), Fault> {
        self.take_in_all(who, device, sent_at, incoming, true).await
    }

    async fn take_in_all(
        &self,
        who: &Author,
        device: DeviceId,
        sent_at: Option<u64>,
        incoming: Vec<Incoming>,
        is_counted: bool,
    ) -> Result<(Vec<Receipt>, Tally), Fault> {
        if incoming.is_empty() {
            return Ok(Default::default());
        }
        self.try_push(who, device, Terms { sent_at, is_counted, is_whole: false }, &incoming).await
    }

    /// The same; nothing of it happens when anything of it is refused.
    pub(super) async fn push_whole(
        &self,
        who: &Author,
        device: DeviceId,
        incoming: &[Incoming],
    ) -> Result<(Vec<Receipt>, Tally), Fault> {
        self.try_push(who, device, Terms { sent_at: None, is_counted: false, is_whole: true }, incoming).await
    }

    async fn try_push(
        &self,
        who: &Author,
        device: DeviceId,
        terms: Terms,
        incoming: &[Incoming],
    ) -> Result<(Vec<Receipt>, Tally), Fault> {
        let mut pauses = PAUSES.into_iter();
        loop {
            let done = self.attempt(who, device, terms, incoming).await;
            match (&done, pauses.next()) {
                (Err(fault), Some(pause)) if fault.is_collision() => tokio::time::sleep(jittered(pause)).await,
                _ => {
                    self.readiness.hear(&done);
                    return done;
                }
            }
        }
    }

    /// One try at a push: all of it or nothing.
    async fn attempt(
        &self,
        who: &Author,
        device: DeviceId,
        Terms { sent_at, is_counted, is_whole }: Terms,
        incoming: &[Incoming],
    ) -> Result<(Vec<Receipt>, Tally), Fault> {
        let mut tx = self.store.begin_push(self.community).await?;
        let pack = self.pack_in(&mut tx).await?;
        let mut round = Round::new(who, device, tx.last_number(device).await?, self.now(), self.reception(sent_at));
        let changes = || incoming.iter().filter_map(|i| if let Incoming::Change(c) = i { Some(&**c) } else { None });
        let numbers: Vec<u64> = changes().map(|c| c.number).filter(|n| is_number(*n)).collect();
        round.verdicts = tx.verdicts(device, &numbers).await?;
        let mut left = if is_counted { Some(self.left(&mut tx, who).await?) } else { None };
        if left.as_ref().is_some_and(|left| left.changes == 0 && round.verdicts.len() < incoming.len()) {
            return Err(Fault::Beyond(Beyond::Changes));
        }
        round.stamps = tx.stamps(&changes().flat_map(stamps).collect::<Vec<_>>()).await?;
        let mut desk = Desk::new(&pack, who, self.today());
        desk.read(&mut tx, changes().flat_map(mentioned)).await?;
        // Only what is said of records that are there can have been said before.
        let stamp = |said: Clock| round.stamps.get(&said).copied().unwrap_or(said);
        let (ids, clocks): (Vec<_>, Vec<Clock>) =
            changes().filter(|c| desk.get(c.record).is_some()).map(|c| (c.record, stamp(c.clock))).unzip();
        round.accepted = tx.accepted_at(&ids, &clocks).await?;
        // How many will be accepted is known only afterwards; the lock is held, so counting up from the head is safe.
        let before = tx.head();
        let mut receipts = Vec::with_capacity(incoming.len());
        for (place, one) in incoming.iter().enumerate() {
            if let Incoming::Change(change) = one {
                desk.today = self.today_of(change.clock);
            }
            let mut receipt = round.take(&mut tx, &mut desk, before, one).await?;
            if let (Some(left), Some(bytes)) = (&mut left, round.set_aside_now())
                && !self.keeps(&mut tx, who, left, bytes).await?
            {
                round.let_go(&mut receipt);
            }
            receipts.push(receipt);
            if place % BREATH == BREATH - 1 {
                tokio::task::yield_now().await;
            }
        }
        let tally = round.tally;
        if is_whole && tally.refused > 0 {
            return Ok((receipts, tally));
        }
        if let Some(left) = left {
            let new = tally.accepted + tally.refused;
            if new > left.changes {
                return Err(Fault::Beyond(Beyond::Changes));
            }
            if new > 0 {
                tx.take_changes(&who.account, self.day(), new).await?;
            }
        }
        if tally.accepted > 0 {
            tx.take_sequence(tally.accepted).await?;
        }
        let seqs = (before + 1, before + tally.accepted);
        desk.write(&mut tx, seqs.1).await?;
        note_changes(&mut tx, &pack, By::of(who, device), round.now, seqs, &round.changes).await?;
        round.write(&mut tx).await?;
        tx.commit().await?;
        self.announce(before + tally.accepted);
        Ok((receipts, tally))
    }

    /// Tells those who listen that there is news up to `seq`.
    pub(super) fn announce(&self, seq: u64) {
        // Two pushes may come here in the other order: the head never goes back.
        self.head.send_if_modified(|head| {
            let is_news = seq > *head;
            *head = (*head).max(seq);
            is_news
        });
    }
}
