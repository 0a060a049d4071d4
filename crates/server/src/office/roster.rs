//! Rosters at the office's desk: a file is read, understood, planned, imported in the background, and taken back.
//!
//! The file stays in memory until it is imported, an hour long at most: it is full of people and is never written down.
//! What an import writes goes through [`Office::push`] like a tablet's changes, from a device of its own, which is what
//! taking it back goes by.
//!
//! Map: `held` files in memory and imports under way · `shape` the plan in the words of the wire · `run` the import ·
//! `undo` taking it back.

use std::{
    collections::{HashMap, HashSet},
    sync::{Arc, atomic::Ordering},
};

use export::roster::{Choices, Plan, Register, Roles, Stop, Target, Unreadable, guess, plan, read_until};
use records::{RecordId, Right, User};
use sync::{
    DeviceId, Record,
    wire::{Roster, RosterChoices, RosterCounts, RosterPlan, RosterState, RosterUpload},
};
use tokio::task::spawn_blocking;
use uuid::Uuid;

use super::{Author, Office};
use crate::db::{Fault, RosterRow};

mod held;
mod run;
mod shape;
mod undo;

use held::Held;
pub use held::Rosters;

/// Most rosters listed.
const LISTED: u32 = 50;
/// Longest name of a file, in characters.
const LONGEST_NAME: usize = 120;

/// Why the desk does not do it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The post may not write buildings, households and people, or the pack has none.
    Forbidden,
    /// There is no such roster, or it is another's, or its file was forgotten.
    NotFound,
    /// The file cannot be read.
    Unreadable(Unreadable),
    /// A sheet or column that the file does not have, or a meaning that the pack does not have: which.
    Choice(String),
    /// It was not planned yet, or is imported already, or taken back.
    State(RosterState),
    /// Another roster is being imported or taken back.
    Busy,
}

/// What was asked for, or why not; the outer error is the store's.
pub type Answer<T> = Result<Result<T, Refused>, Fault>;

impl Office {
    /// Reads a file and guesses what its columns mean. Nothing is written.
    pub async fn upload_roster(&self, who: &Author, file: &str, bytes: Vec<u8>) -> Answer<RosterUpload> {
        if !self.may_import(who) {
            return Ok(Err(Refused::Forbidden));
        }
        let file: String = file.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
        let (pack, name) = (self.pack(), file.clone());
        let turn = self.rosters.reading().await;
        let work = move |stop: &Stop| {
            let _turn = turn;
            let sheets = read_until(&name, &bytes, stop)?;
            let roles = Roles::of(&pack);
            let guesses = sheets.iter().filter_map(|sheet| Some(guess(&roles?, sheet)).filter(|_| !stop.is_said()));
            let guesses = guesses.collect::<Vec<_>>();
            if stop.is_said() {
                return Err(Unreadable::GivenUp);
            }
            let told = roles.map(|roles| shape::upload(&roles, &sheets, &guesses));
            Ok((sheets, told.unwrap_or_default()))
        };
        let (sheets, (best, told, targets)) = match beside_until(work).await? {
            Ok(read) => read,
            Err(unreadable) => return Ok(Err(Refused::Unreadable(unreadable))),
        };
        let (id, at) = (Uuid::now_v7(), self.now());
        let held = Held { file, account: who.account.clone(), at, sheets: Arc::new(sheets), choices: None };
        let roster = held.roster(id);
        self.rosters.hold(id, held, at);
        Ok(Ok(RosterUpload { roster, best, sheets: told, targets }))
    }

    /// Says what importing would do, row by row. Nothing is written.
    pub async fn plan_roster(&self, who: &Author, id: Uuid, asked: &RosterChoices) -> Answer<RosterPlan> {
        if !self.may_import(who) {
            return Ok(Err(Refused::Forbidden));
        }
        let Some(held) = self.rosters.held(id, self.now()).filter(|held| held.account == who.account) else {
            let known = self.known(who, id).await?;
            return Ok(Err(known.map_or(Refused::NotFound, |roster| Refused::State(roster.state))));
        };
        let choices = match self.understood(&held, asked) {
            Ok(choices) => choices,
            Err(refused) => return Ok(Err(refused)),
        };
        let (plan, _) = self.planned(who, &held, asked.sheet as usize, &choices).await?;
        self.rosters.choose(id, asked.sheet as usize, choices);
        Ok(Ok(shape::plan(plan)))
    }

    /// A roster, wherever it stands.
    pub async fn roster(&self, who: &Author, id: Uuid) -> Answer<Roster> {
        if !self.may_import(who) {
            return Ok(Err(Refused::Forbidden));
        }
        if let Some(held) = self.rosters.held(id, self.now()).filter(|held| held.account == who.account) {
            return Ok(Ok(held.roster(id)));
        }
        Ok(self.known(who, id).await?.ok_or(Refused::NotFound))
    }

    /// Imported rosters, the latest first: of one's own, and of everyone for posts that see the report.
    pub async fn rosters(&self, who: &Author) -> Answer<Vec<Roster>> {
        if !self.may_import(who) {
            return Ok(Err(Refused::Forbidden));
        }
        let account = Some(who.account.as_str()).filter(|_| !self.sees_all(who));
        let mut rosters = Vec::new();
        for row in self.store.rosters(self.community, account, LISTED).await? {
            rosters.push(self.told(row).await?);
        }
        Ok(Ok(rosters))
    }

    /// Stops an import under way, takes back one that is over, forgets one that was only uploaded.
    pub async fn end_roster(self: &Arc<Self>, who: &Author, id: Uuid) -> Answer<Roster> {
        if !self.may_import(who) {
            return Ok(Err(Refused::Forbidden));
        }
        if let Some(held) = self.rosters.held(id, self.now()).filter(|held| held.account == who.account) {
            self.rosters.forget(id);
            return Ok(Ok(Roster { state: RosterState::Undone, ..held.roster(id) }));
        }
        let Some(row) = self.row(who, id).await? else { return Ok(Err(Refused::NotFound)) };
        if let Some(job) = self.rosters.job(id) {
            job.stop.store(true, Ordering::Relaxed);
            return Ok(Ok(self.told(row).await?));
        }
        match row.state {
            RosterState::Undone if row.kept.is_empty() => Ok(Err(Refused::State(RosterState::Undone))),
            _ => self.take_back(who, row).await,
        }
    }

    /// Whether the post may write all that a roster writes.
    fn may_import(&self, who: &Author) -> bool {
        let pack = self.pack();
        let Some(roles) = Roles::of(&pack) else { return false };
        let may = |kind: &str| [Right::Read, Right::Write].iter().all(|right| pack.allows(&who.post, kind, *right));
        roles.kinds().into_iter().all(|kind| may(&kind.name))
    }

    fn sees_all(&self, who: &Author) -> bool {
        self.pack().post(&who.post).is_some_and(|post| post.report)
    }

    async fn row(&self, who: &Author, id: Uuid) -> Result<Option<RosterRow>, Fault> {
        let row = self.store.roster(self.community, id).await?;
        Ok(row.filter(|row| row.account == who.account || self.sees_all(who)))
    }

    async fn known(&self, who: &Author, id: Uuid) -> Result<Option<Roster>, Fault> {
        match self.row(who, id).await? {
            Some(row) => Ok(Some(self.told(row).await?)),
            None => Ok(None),
        }
    }

    /// A stored roster as it stands now: what is under way knows best, and what was cut off is stopped.
    async fn told(&self, mut row: RosterRow) -> Result<Roster, Fault> {
        let job = self.rosters.job(row.id);
        if job.is_none() && matches!(row.state, RosterState::Running | RosterState::Undoing) {
            // It may have ended after the row was read: its last word is written before it stops being under way.
            row = self.store.roster(self.community, row.id).await?.unwrap_or(row);
        }
        let (state, done) = match (&job, row.state) {
            (Some(job), state) => (state, job.done.load(Ordering::Relaxed)),
            (None, RosterState::Running | RosterState::Undoing | RosterState::Stopped) => {
                let mut tx = self.store.begin_read(self.community).await?;
                (RosterState::Stopped, tx.count_of_device(row.device).await?.min(row.total))
            }
            (None, state) => (state, row.total),
        };
        let RosterRow { id, file, account, at, total, refused, counts, kept, .. } = row;
        Ok(Roster { id, file, account, at, state, done, total, refused, counts: Some(counts), kept })
    }

    /// The officer's choices, held against the file and the pack.
    fn understood(&self, held: &Held, asked: &RosterChoices) -> Result<Choices, Refused> {
        let pack = self.pack();
        let roles = Roles::of(&pack).ok_or(Refused::Forbidden)?;
        let sheet = held.sheets.get(asked.sheet as usize).ok_or(Refused::Choice("sheet".into()))?;
        if asked.heading_row as usize > sheet.rows.len() {
            return Err(Refused::Choice("heading_row".into()));
        }
        let column = |(&index, name): (&u32, &String)| {
            let target = name.parse::<Target>().ok().filter(|target| target.is_known(&roles));
            let is_there = (index as usize) < sheet.width();
            target.filter(|_| is_there).map(|t| (index as usize, t)).ok_or(Refused::Choice(format!("columns.{index}")))
        };
        Ok(Choices {
            heading_row: (asked.heading_row as usize).checked_sub(1),
            columns: asked.columns.iter().map(column).collect::<Result<_, _>>()?,
            create_buildings: asked.create_buildings,
            prefer_file: asked.prefer_file,
        })
    }

    /// The devices of all imports that stand: what they wrote last, nobody has changed since. Not of those taken back, even
    /// half way: that gives people's own values back from the same device.
    async fn imports(&self) -> Result<HashSet<DeviceId>, Fault> {
        let rows = self.store.rosters(self.community, None, u32::MAX).await?;
        let stands = |row: &RosterRow| matches!(row.state, RosterState::Running | RosterState::Done);
        Ok(rows.into_iter().filter(stands).map(|row| row.device).collect())
    }

    /// Plans over the register as it is now; with the plan, the records as they are.
    async fn planned(
        &self,
        who: &Author,
        held: &Held,
        sheet: usize,
        choices: &Choices,
    ) -> Result<(Plan, Vec<Record>), Fault> {
        let (pack, today, who) = (self.pack(), self.today(), who.clone());
        let imports = self.imports().await?;
        let mut states = Vec::new();
        if let Some(roles) = Roles::of(&pack) {
            let mut tx = self.store.begin_read_aside(self.community).await?;
            for kind in roles.kinds() {
                states.extend(tx.of_kind(&kind.name).await?);
            }
        }
        let (sheets, choices) = (held.sheets.clone(), choices.clone());
        let work = move || {
            let (Some(roles), Some(sheet)) = (Roles::of(&pack), sheets.get(sheet)) else {
                return Ok(Default::default());
            };
            let records: Vec<Record> =
                states.iter().map(|state| serde_json::from_str(state)).collect::<Result<_, serde_json::Error>>()?;
            let mut register = Register::new(roles);
            for record in records.iter().filter(|record| !record.is_void()) {
                register.put(record.id, &record.kind, record.values());
            }
            let by_id: HashMap<RecordId, &Record> = records.iter().map(|record| (record.id, record)).collect();
            let is_imported = |id: RecordId, field: &str| {
                by_id.get(&id).is_some_and(|record| {
                    let last = record.winner(field).is_some_and(|(clock, _)| imports.contains(&clock.device()));
                    last && record.losers(field).is_empty()
                })
            };
            let register = register.with_imports(&is_imported);
            let user = User { name: &who.account, post: &who.post };
            let plan = plan(register, sheet, &choices, today, user, &mut Uuid::now_v7);
            Ok((plan, records))
        };
        let done: Result<_, serde_json::Error> = beside(work).await?;
        done.map_err(|e| Fault::damaged("record", e))
    }
}

/// Runs work for the processor beside the server's own.
pub(super) async fn beside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Fault> {
    spawn_blocking(work).await.map_err(|e| Fault::damaged("roster", e))
}

/// The same of work that ends by itself when nobody waits for it any more: the client went away, or its time is over.
pub(super) async fn beside_until<T: Send + 'static>(
    work: impl FnOnce(&Stop) -> T + Send + 'static,
) -> Result<T, Fault> {
    struct Waited(Stop);
    impl Drop for Waited {
        fn drop(&mut self) {
            self.0.stop();
        }
    }
    let waited = Waited(Stop::default());
    let stop = waited.0.clone();
    beside(move || work(&stop)).await
}

/// What was planned, in the words of the wire.
fn counts(plan: &Plan) -> RosterCounts {
    shape::counts(&plan.counts)
}
