//! One push while it goes on: each change under a stamp that can be true, judged by the post it was written under, with its
//! verdict, or set aside with its reasons.

use std::{borrow::Cow, collections::HashMap};

use records::Problem;
use sync::{
    Change, Clock, DeviceId, Record,
    clock::Reception,
    judge,
    wire::{MAX_AHEAD, NUMBER_FAR, NUMBER_REUSED, Receipt, Verdict},
};
use xxhash_rust::xxh3::xxh3_128;

use super::{Incoming, NO_WORDS, OLDEST_SCHEMA, Tally};
use crate::{
    db::{ChangeRow, Content, Fault, PushTransaction, QuarantineRow},
    office::{Author, desk::Desk},
};

/// How long after a device has heard of its account's new post it may still hand in what was written under the old one.
const LATE: u64 = 24 * 3600 * 1000;

/// A push while it goes on.
pub(super) struct Round<'a> {
    who: &'a Author,
    device: DeviceId,
    pub(super) now: u64,
    reception: Reception,
    /// Stamps that stand for others.
    pub(super) stamps: HashMap<Clock, Clock>,
    /// The latest stamp of the device, as soon as one was asked for.
    latest: Option<Clock>,
    pub(super) verdicts: HashMap<u64, (Content, Verdict)>,
    pub(super) changes: Vec<ChangeRow>,
    quarantine: Vec<QuarantineRow>,
    mends: Vec<(u64, u64)>,
    pub(super) tally: Tally,
    /// Accepted changes that may be the same as some that come, under other numbers.
    pub(super) accepted: Vec<(u64, Change)>,
    /// The account's former posts and when each ended, once they are asked for.
    former: Option<Vec<(String, u64)>>,
    /// Another change came under a used number.
    is_copied: bool,
    /// The largest number of the device's own that was answered, now or before.
    reached: u64,
    /// Of what was refused, how much has been looked at.
    weighed: usize,
}

impl<'a> Round<'a> {
    pub(super) fn new(who: &'a Author, device: DeviceId, reached: u64, now: u64, reception: Reception) -> Self {
        let (stamps, latest, verdicts, changes, quarantine, mends, tally) = Default::default();
        let (accepted, former, is_copied, weighed) = Default::default();
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
            weighed,
        }
    }

    /// How long in bytes what was refused since the last look is, when something was.
    pub(super) fn set_aside_now(&mut self) -> Option<u64> {
        let row = self.quarantine.get(self.weighed)?;
        self.weighed += 1;
        let problems: usize = row.problems.iter().map(|p| p.message.zh.len() + p.message.en.len() + 100).sum();
        Some((row.body.len() + problems) as u64)
    }

    /// Keeps nothing of what was refused last, because its account has as much of that here as it may; the tablet is told so,
    /// for it alone has the words now. No verdict is kept either: sent again, it is judged again.
    pub(super) fn let_go(&mut self, receipt: &mut Receipt) {
        let Some(row) = self.quarantine.pop() else { return };
        self.weighed = self.quarantine.len();
        if self.changes.last().is_some_and(|change| change.number == row.number && change.content == row.content) {
            self.changes.pop();
            self.verdicts.remove(&row.number);
        }
        self.reached = self.reached.max(row.number);
        if let Verdict::Refused { problems } = &mut receipt.verdict {
            problems.push(not_kept());
        }
    }

    /// The change as it is merged: under a stamp that can be true, and looking at what it saw under the stamps that has here.
    async fn stamped<'c>(
        &mut self,
        tx: &mut PushTransaction,
        desk: &mut Desk<'_>,
        change: &'c Change,
    ) -> Result<Cow<'c, Change>, Fault> {
        for said in change.stamps() {
            if self.stamps.contains_key(&said) {
                continue;
            }
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
    pub(super) async fn take(
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
                if is_number(*number) && !self.is_far(*number) {
                    self.reached = self.reached.max(*number);
                }
                return Ok(self.set_aside(*number, xxh3_128(body.as_bytes()).to_be_bytes(), body, problem));
            }
        };
        let number = change.number;
        let body = serde_json::to_string(change).map_err(|e| Fault::damaged("change", e))?;
        let content = xxh3_128(body.as_bytes()).to_be_bytes();
        if let Some(problem) = misplaced(change, self.device) {
            return Ok(self.set_aside(number, content, body, problem));
        }
        if self.is_far(number) {
            return Ok(self.set_aside(number, content, body, number_far()));
        }
        self.reached = self.reached.max(number);
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

    pub(super) async fn write(&self, tx: &mut PushTransaction) -> Result<(), Fault> {
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
        tx.reach_number(self.device, self.reached, self.now).await
    }

    /// Whether a number is none that the device can have come to: the office never follows it, or the next honest one would be
    /// below what the tablet is told, which it takes for the loss of its store.
    fn is_far(&self, number: u64) -> bool {
        number > self.reached.saturating_add(MAX_AHEAD)
    }
}

/// The stamps a change speaks of.
pub(super) fn stamps(change: &Change) -> impl Iterator<Item = Clock> {
    std::iter::once(change.clock).chain(change.seen.values().flatten().copied())
}

/// Numbers count from 1 and fit a database's integer.
pub(super) fn is_number(number: u64) -> bool {
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

fn not_kept() -> Problem {
    Problem::new(
        "quota",
        "办公室给这个账号留的空间已满，没有另存这一条，它只在这台设备上：请改好再存，或请主任处理。",
        "The room the office has for what was refused of this account is used up, so it kept no copy: this is on this device \
         only. Please mend it and save it again, or ask the director.",
    )
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

fn number_far() -> Problem {
    Problem::new(
        NUMBER_FAR,
        "这条记录的编号比这台设备上一条大得太多；这一条已另外保存，请打开看一下再存。",
        {
            "This record's number is far beyond the device's last one. It is kept aside: please open it and save it again."
        },
    )
}

fn malformed(why: &str) -> Problem {
    let why: String = why.chars().take(200).collect();
    let zh = format!("办公室读不懂这条记录：{why}");
    Problem::new("malformed", zh, format!("The office cannot read this record: {why}"))
}
