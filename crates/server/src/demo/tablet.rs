//! The tablets of the demonstration: each makes changes as the app does, through the form, the draft and the clock, and
//! judges them before it saves.

use std::collections::HashMap;

use jiff::{Timestamp, civil::Date, tz::Offset};
use records::{Context, Fields, Pack, Problem, RecordId, User, form::Form};
use sync::{Among, Change, Clock, Draft, Record, draft::Pen, judge::judge};

use super::{accounts::Account, act::Act};

/// All records so far, as every tablet that may see them holds them.
pub type Shelf = HashMap<RecordId, Record>;

/// One account's tablet.
#[derive(Debug)]
pub struct Tablet<'a> {
    account: &'a Account,
    clock: Clock,
    number: u64,
}

/// An act that the tablet itself would not save.
#[derive(Debug, thiserror::Error)]
#[error("{account} could not save a {kind} of {day}: {reasons}")]
pub struct Unsaved {
    account: String,
    kind: String,
    day: Date,
    reasons: String,
}

impl<'a> Tablet<'a> {
    /// A new tablet.
    pub fn new(account: &'a Account) -> Self {
        Self { account, clock: Clock::default(), number: 0 }
    }

    /// Writes down an act: the change, and the record as it is then.
    ///
    /// # Errors
    /// When the form would not be saved: the generators and the pack do not agree.
    pub fn write(&mut self, pack: &Pack, shelf: &mut Shelf, act: Act) -> Result<Change, Unsaved> {
        let today = day_of(act.at);
        let fail = |reasons: String| {
            let (account, kind) = (self.account.name.to_owned(), act.kind.to_owned());
            Unsaved { account, kind, day: today, reasons }
        };
        let current = shelf.get(&act.record);
        let user = User { name: self.account.name, post: self.account.post };
        let context = Context { today, user, lookup: &Among(|id| shelf.get(&id)) };
        let mut draft = match current {
            Some(record) => Draft::of(record),
            None => Draft::new(act.record, act.kind, Fields::new()),
        };
        draft.now = filled(pack, act.kind, draft.now, act.answers, current.is_none(), &context);
        draft.why = act.why.map(str::to_owned);
        let clock = self.clock.tick(act.at, self.account.device);
        let pen = Pen { device: self.account.device, number: self.number + 1, clock, author: user.name.into() };
        let change = draft.change(pack, pen).ok_or_else(|| fail("nothing is changed".into()))?;
        let merged = judge(pack, &change, current, &context).map_err(|problems| fail(reasons(&problems)))?;
        (self.clock, self.number) = (clock, self.number + 1);
        shelf.insert(act.record, merged);
        Ok(change)
    }
}

/// The answers as the form would save them. Fields that no form asks for (a record taken back) go beside it.
fn filled(pack: &Pack, kind: &str, mut now: Fields, answers: Fields, is_new: bool, context: &Context<'_>) -> Fields {
    if is_new {
        return Form::new(pack, kind, answers, true, context).fields().clone();
    }
    let asked = |name: &str| pack.kind(kind).is_some_and(|k| k.field(name).is_some());
    let (form, beside): (Fields, Fields) = answers.into_iter().partition(|(name, _)| asked(name));
    if !form.is_empty() {
        let mut open = Form::new(pack, kind, now, false, context);
        open.set_all(pack, form, context);
        now = open.fields().clone();
    }
    now.extend(beside);
    now
}

/// The civil date of a moment in China.
pub fn day_of(millis: u64) -> Date {
    let second = i64::try_from(millis / 1000).unwrap_or(i64::MAX);
    Timestamp::from_second(second).map_or(Date::MAX, |at| Offset::constant(8).to_datetime(at).date())
}

/// What stands in a record's way, in a line.
pub fn reasons(problems: &[Problem]) -> String {
    let one = |p: &Problem| format!("{} ({}): {}", p.field.as_deref().unwrap_or("-"), p.code, p.message.en);
    problems.iter().map(one).collect::<Vec<_>>().join("; ")
}
