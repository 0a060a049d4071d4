//! Changes in: judged, merged, numbered and kept, with their verdicts, in one transaction a request.
//!
//! Nothing that comes in is dropped and nothing blocks what comes after it: what cannot be accepted is kept word for word
//! in quarantine with its reasons, and its verdict is the same however often it is sent.

use std::{borrow::Cow, collections::HashMap, time::Duration};

use records::{Problem, Value};
use sync::{
    Change, Clock, DeviceId, Record,
    clock::Reception,
    judge,
    wire::{NUMBER_REUSED, Receipt, SCHEMA, Verdict},
};
use xxhash_rust::xxh3::xxh3_128;

use super::{
    Author, Office,
    audit::{By, note_changes},
    desk::{Desk, mentioned},
};
use crate::db::{ChangeRow, Content, Fault, PushTransaction, QuarantineRow};

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

/// How long after a device has heard of its account's new post it may still hand in what was written under the old one.
const LATE: u64 = 24 * 3600 * 1000;

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

/// A push while it goes on.
struct Round<'a> {
    who: &'a Author,
    device: DeviceId,
    now: u64,
    reception: Reception,
    /// Stamps that stand for others.
    stamps: HashMap<Clock, Clock>,
    /// The latest stamp of the device, as soon as one was asked for.
    latest: Option<Clock>,
    verdicts: HashMap<u64, (Content, Verdict)>,
    changes: Vec<ChangeRow>,
    quarantine: Vec<QuarantineRow>,
    mends: Vec<(u64, u64)>,
    tally: Tally,
    /// Accepted changes that may be the same as some that come, under other numbers.
    accepted: Vec<(u64, Change)>,
    /// The account's former posts and when each ended, once they are asked for.
    former: Option<Vec<(String, u64)>>,
    /// Another change came under a used number.
    is_copied: bool,
    /// The largest number that was answered without being kept.
    reached: u64,
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
        self.push_sent(who, device, None, incoming).await
    }

    /// The same of changes that were sent when the device's own clock read `sent_at`.
    ///
    /// # Errors
    /// As [`Office::push`].
    pub async fn push_sent(
        &self,
        who: &Author,
        device: DeviceId,
        sent_at: Option<u64>,
        incoming: Vec<Incoming>,
    ) -> Result<(Vec<Receipt>, Tally), Fault> {
        if incoming.is_empty() {
            return Ok(Default::default());
        }
        self.push_as_is(who, device, sent_at, &incoming, false).await
    }

    /// The same; with `is_whole`, nothing of it happens when anything of it is refused.
    pub(super) async fn push_as_is(
        &self,
        who: &Author,
        device: DeviceId,
        sent_at: Option<u64>,
        incoming: &[Incoming],
        is_whole: bool,
    ) -> Result<(Vec<Receipt>, Tally), Fault> {
        for pause in PAUSES {
            match self.attempt(who, device, sent_at, incoming, is_whole).await {
                Err(fault) if fault.is_collision() => tokio::time::sleep(jittered(pause)).await,
                done => return done,
            }
        }
        self.attempt(who, device, sent_at, incoming, is_whole).await
    }

    /// One try at a push: all of it or nothing.
    async fn attempt(
        &self,
        who: &Author,
        device: DeviceId,
        sent_at: Option<u64>,
        incoming: &[Incoming],
        is_whole: bool,
    ) -> Result<(Vec<Receipt>, Tally), Fault> {
        let mut tx = self.store.begin_push(self.community).await?;
        let pack = self.pack_in(&mut tx).await?;
        let mut round = Round::new(who, device, self.now(), self.reception(sent_at));
        let changes = || incoming.iter().filter_map(|i| if let Incoming::Change(c) = i { Some(&**c) } else { None });
        let numbers: Vec<u64> = changes().map(|c| c.number).filter(|n| is_number(*n)).collect();
        round.verdicts = tx.verdicts(device, &numbers).await?;
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
            receipts.push(round.take(&mut tx, &mut desk, before, one).await?);
            if place % BREATH == BREATH - 1 {
                tokio::task::yield_now().await;
            }
        }
        let tally = round.tally;
        if is_whole && tally.refused > 0 {
            return Ok((receipts, tally));
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

impl<'a> Round<'a> {
    fn new(who: &'a Author, device: DeviceId, now: u64, reception: Reception) -> Self {
        let (stamps, latest, verdicts, changes, quarantine, mends, tally) = Default::default();
        let (accepted, former, is_copied, reached) = Default::default();
        Self {
            who,
            device,
            now,
            reception,
            stamps,
            latest,
            verdicts,
            changes,
            quarantine,
            mends,
            tally,
            accepted,
            former,
            is_copied,
            reached,
        }
    }

    /// The change as it is merged: under a stamp that can be true, and looking at what it saw under the stamps that has here.
    async fn stamped<'c>(
        &mut self,
        tx: &mut PushTransaction,
        desk: &mut Desk<'_>,
        change: &'c Change,
    ) -> Result<Cow<'c, Change>, Fault> {
        let said = change.clock;
        if !self.stamps.contains_key(&said) {
            desk.read(tx, [change.record]).await?;
            let current = desk.get(change.record).map(|row| row.record.touched());
            if self.reception.stamp(said, current, Clock::default()) != said {
                let latest = match self.latest {
                    Some(latest) => latest,
                    None => tx.latest_of(self.device).await?,
                };
                let stamp = self.reception.stamp(said, current, latest);
                tx.put_stamp(said, stamp).await?;
                (self.latest, _) = (Some(stamp), self.stamps.insert(said, stamp));
            }
        }
        match self.stamps.is_empty() {
            true => Ok(Cow::Borrowed(change)),
            false => Ok(Cow::Owned(change.restamped(&|clock| self.stamps.get(&clock).copied()))),
        }
    }

    /// One of the things pushed. `before` is the sequence number before this push's first.
    async fn take(
        &mut self,
        tx: &mut PushTransaction,
        desk: &mut Desk<'_>,
        before: u64,
        incoming: &Incoming,
    ) -> Result<Receipt, Fault> {
        let change = match incoming {
            Incoming::Change(change) => &**change,
            Incoming::Malformed { number, body, why } => {
                let body = body.to_string();
                let problem = malformed(why);
                return Ok(self.set_aside(*number, xxh3_128(body.as_bytes()).to_be_bytes(), body, problem));
            }
        };
        let number = change.number;
        let body = serde_json::to_string(change).map_err(|e| Fault::damaged("change", e))?;
        let content = xxh3_128(body.as_bytes()).to_be_bytes();
        if let Some(problem) = misplaced(change, self.device) {
            return Ok(self.set_aside(number, content, body, problem));
        }
        let known = self.verdicts.get(&number);
        if let Some((same, verdict @ Verdict::Accepted { .. })) = known
            && *same == content
        {
            self.tally.repeated += 1;
            return Ok(Receipt { number, verdict: verdict.clone() });
        }
        // From a copy of the tablet's store, sent again, or taken in by someone meanwhile: the office has it.
        if let Some((seq, _)) = self.accepted.iter().find(|(_, accepted)| accepted.says_the_same(change)) {
            let verdict = Verdict::Accepted { seq: *seq };
            self.tally.repeated += 1;
            self.reached = self.reached.max(number);
            self.mends.extend(change.mends.map(|mended| (mended, number)));
            return Ok(Receipt { number, verdict });
        }
        if let Some((same, verdict)) = known {
            if *same == content {
                self.tally.repeated += 1;
                return Ok(Receipt { number, verdict: verdict.clone() });
            }
            self.is_copied = true;
            return Ok(self.set_aside(number, content, body, number_reused()));
        }
        let change = &*self.stamped(tx, desk, change).await?;
        let verdict = match self.judge(tx, desk, change).await? {
            Ok(merged) => {
                self.tally.accepted += 1;
                let seq = before + self.tally.accepted;
                desk.put(tx, merged, seq).await?;
                self.mends.extend(change.mends.map(|mended| (mended, number)));
                Verdict::Accepted { seq }
            }
            Err(problems) => {
                self.keep(number, content, body.clone(), problems.clone());
                Verdict::Refused { problems }
            }
        };
        self.verdicts.insert(number, (content, verdict.clone()));
        let body = matches!(verdict, Verdict::Accepted { .. }).then_some(body);
        let Change { author, record, kind, clock, .. } = change;
        let (author, kind) = (author.clone(), kind.clone());
        let (record, clock) = (*record, *clock);
        self.changes.push(ChangeRow { number, content, author, record, kind, clock, verdict: verdict.clone(), body });
        Ok(Receipt { number, verdict })
    }

    /// Judges a change by the post the account has, or by the one it had when the change was written: a post that was taken
    /// away meanwhile, unheard of on the tablet, makes nothing that was written before wrong. The tablet's own clock says when,
    /// so it is believed only of a device that the account had under that post, and only until a day after it has heard.
    async fn judge(
        &mut self,
        tx: &mut PushTransaction,
        desk: &mut Desk<'_>,
        change: &Change,
    ) -> Result<Result<Record, Vec<Problem>>, Fault> {
        let verdict = desk.judge(tx, change, &self.who.post).await?;
        let is_forbidden = |problems: &[Problem]| problems.iter().any(|problem| problem.code == judge::FORBIDDEN);
        if !verdict.as_ref().is_err_and(|problems| is_forbidden(problems)) {
            return Ok(verdict);
        }
        if self.former.is_none() {
            let heard = self.now.saturating_sub(LATE);
            self.former = Some(tx.former_posts(&self.who.account, self.device, heard).await?);
        }
        for (post, until) in self.former.iter().flatten() {
            if change.clock.millis() <= *until {
                let late = desk.judge(tx, change, post).await?;
                if !late.as_ref().is_err_and(|problems| is_forbidden(problems)) {
                    return Ok(late);
                }
            }
        }
        Ok(verdict)
    }

    /// Refuses what has no number of its own to be remembered by.
    fn set_aside(&mut self, number: u64, content: Content, body: String, problem: Problem) -> Receipt {
        let problems = vec![problem];
        self.keep(number, content, body, problems.clone());
        Receipt { number, verdict: Verdict::Refused { problems } }
    }

    fn keep(&mut self, number: u64, content: Content, mut body: String, problems: Vec<Problem>) {
        self.tally.refused += 1;
        // About someone who is to be forgotten: only the tablet that wrote it has the words.
        if problems.iter().any(|problem| problem.code == judge::ERASED_CODE) {
            body = NO_WORDS.into();
        }
        self.quarantine.push(QuarantineRow {
            device: self.device,
            number: if is_number(number) { number } else { 0 },
            content,
            account: self.who.account.clone(),
            received_at: self.now,
            problems,
            body,
            mended_by: None,
        });
    }

    async fn write(&self, tx: &mut PushTransaction) -> Result<(), Fault> {
        tx.keep_changes(self.device, &self.changes, self.now).await?;
        for row in &self.quarantine {
            tx.quarantine(row).await?;
        }
        for (mended, by) in self.mends.iter().filter(|(mended, _)| is_number(*mended)) {
            tx.mend(self.device, &self.who.account, *mended, *by).await?;
        }
        if self.is_copied {
            tx.see_copied(self.device, self.now).await?;
        }
        let last = self.changes.iter().map(|row| row.number).chain(self.quarantine.iter().map(|row| row.number)).max();
        tx.reach_number(self.device, last.unwrap_or(0).max(self.reached), self.now).await
    }
}

/// The stamps a change speaks of.
fn stamps(change: &Change) -> impl Iterator<Item = Clock> {
    std::iter::once(change.clock).chain(change.seen.values().flatten().copied())
}

/// Numbers count from 1 and fit a database's integer.
fn is_number(number: u64) -> bool {
    (1..=i64::MAX as u64).contains(&number)
}

/// Why a change cannot be kept under its number at all.
fn misplaced(change: &Change, device: DeviceId) -> Option<Problem> {
    if change.device != device {
        let (zh, en) = ("这条记录是另一台设备写的。", "This record was written on another device.");
        return Some(Problem::new("device", zh, en));
    }
    if !is_number(change.number) {
        let (zh, en) = ("这条记录的编号不能用。", "This record's number cannot be used.");
        return Some(Problem::new("number", zh, en));
    }
    if judge::is_deep(change) {
        return Some(judge::too_deep());
    }
    if change.schema < OLDEST_SCHEMA {
        let (zh, en) = ("写这条记录的应用版本太旧，请更新后再存一次。", {
            "The app that wrote this record is too old. Please update it and save the record again."
        });
        return Some(Problem::new("schema", zh, en));
    }
    None
}

fn number_reused() -> Problem {
    Problem::new(
        NUMBER_REUSED,
        "这台设备用同一个编号写过另一条记录；这一条已另外保存，请打开看一下再存。",
        {
            "This device used the same number for another record. This one is kept aside: please open it and save it again."
        },
    )
}

fn malformed(why: &str) -> Problem {
    let why: String = why.chars().take(200).collect();
    let zh = format!("办公室读不懂这条记录：{why}");
    Problem::new("malformed", zh, format!("The office cannot read this record: {why}"))
}
