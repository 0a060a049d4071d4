//! One sitting at a roster: the file chosen, how it is understood, what importing would do, and what was imported. It
//! outlives the page, so that looking something up elsewhere loses nothing; it ends with the session.

use std::{collections::HashSet, sync::Arc};

use leptos::prelude::*;
use records::Problem;
use sync::wire::{MAX_ROSTER_BYTES, Roster, RosterChoices, RosterPlan, RosterState, RosterUpload};
use uuid::Uuid;
use wasm_bindgen_futures::{JsFuture, spawn_local};

use crate::{desk::Desk, platform, view::roster::guessed};

/// How long choices rest before they are checked again, in milliseconds.
const SETTLED: u32 = 350;
/// How often an import is asked for its progress, in milliseconds.
const LOOK: u32 = 400;
/// The same while the office cannot be reached.
const LOOK_AGAIN: u32 = 3000;

/// A file as it was chosen. Its bytes stay in memory only.
#[derive(Clone, PartialEq)]
pub struct Chosen {
    /// Its name.
    pub name: String,
    bytes: Arc<Vec<u8>>,
}

/// What is being done with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doing {
    /// It goes to the office and is read there.
    Reading,
    /// The office works out what importing would do.
    Checking,
    /// The import begins.
    Starting,
}

/// The sitting; provided by the app of someone who is signed in.
#[derive(Clone, Copy)]
pub struct Sitting {
    desk: Desk,
    /// The file.
    pub file: RwSignal<Option<Chosen>>,
    /// What it holds.
    pub upload: RwSignal<Option<Arc<RosterUpload>>>,
    /// How it is to be understood.
    pub choices: RwSignal<RosterChoices>,
    /// What importing would do.
    pub plan: RwSignal<Option<Arc<RosterPlan>>>,
    /// What is under way.
    pub doing: RwSignal<Option<Doing>>,
    /// Why it does not go on.
    pub problem: RwSignal<Option<Problem>>,
    /// Rosters imported before, the latest first; `None` until the office has told.
    pub past: RwSignal<Option<Vec<Roster>>>,
    /// The one imported in this sitting.
    pub latest: RwSignal<Option<Uuid>>,
    /// Whether an import under way cannot be asked for its progress.
    pub lost: RwSignal<bool>,
    /// Counts what was chosen, to tell answers that came too late.
    turn: StoredValue<u32>,
    is_working: StoredValue<bool>,
    watched: StoredValue<HashSet<Uuid>>,
}

impl Sitting {
    /// Nothing chosen yet.
    pub fn new(desk: Desk) -> Self {
        Self {
            desk,
            file: RwSignal::default(),
            upload: RwSignal::default(),
            choices: RwSignal::default(),
            plan: RwSignal::default(),
            doing: RwSignal::default(),
            problem: RwSignal::default(),
            past: RwSignal::default(),
            latest: RwSignal::default(),
            lost: RwSignal::default(),
            turn: StoredValue::default(),
            is_working: StoredValue::default(),
            watched: StoredValue::default(),
        }
    }

    /// Takes a file and has it read and checked.
    pub fn choose(self, file: web_sys::File) {
        self.put_away();
        if file.size() > MAX_ROSTER_BYTES as f64 {
            self.problem.set(Some(Problem::new(
                "too-large",
                "这个文件超过 20 MB，请分成几个文件再导。",
                "This file is larger than 20 MB; please split it.",
            )));
            return;
        }
        spawn_local(async move {
            let Ok(buffer) = JsFuture::from(file.array_buffer()).await else {
                self.problem.try_set(Some(Problem::new(
                    "unreadable",
                    "这台设备读不出这个文件，请再选一次。",
                    "This device cannot read the file; please choose it again.",
                )));
                return;
            };
            let bytes = Arc::new(js_sys::Uint8Array::new(&buffer).to_vec());
            self.file.try_set(Some(Chosen { name: file.name(), bytes }));
            self.go_on();
        });
    }

    /// Forgets the file, here and at the office.
    pub fn put_away(self) {
        self.turn.update_value(|turn| *turn += 1);
        let read = self.upload.get_untracked().map(|upload| upload.roster.id);
        self.file.set(None);
        self.upload.set(None);
        self.plan.set(None);
        self.problem.set(None);
        self.choices.set(RosterChoices::default());
        if let Some(id) = read {
            // The office forgets it by itself when it cannot be told now.
            spawn_local(async move { drop(self.desk.end_roster(id).await) });
        }
    }

    /// Understands the file differently.
    pub fn change(self, change: impl FnOnce(&mut RosterChoices)) {
        self.choices.update(change);
        self.go_on();
    }

    /// Looks at another sheet of the file.
    pub fn take_sheet(self, sheet: u32) {
        let Some(upload) = self.upload.get_untracked() else { return };
        let create_buildings = self.choices.with_untracked(|choices| choices.create_buildings);
        self.plan.set(None);
        self.change(|choices| *choices = guessed(&upload, sheet, create_buildings));
    }

    /// Reads and checks what is chosen, again if it changed meanwhile; one request after another, for what the office
    /// planned last is what it imports.
    pub fn go_on(self) {
        self.turn.update_value(|turn| *turn += 1);
        self.problem.set(None);
        if self.file.with_untracked(Option::is_none) {
            return;
        }
        self.doing.set(Some(if self.upload.with_untracked(Option::is_none) {
            Doing::Reading
        } else {
            Doing::Checking
        }));
        if self.is_working.get_value() {
            return;
        }
        self.is_working.set_value(true);
        spawn_local(async move {
            while let Some(turn) = self.turn.try_get_value() {
                let went = self.round(turn).await;
                if self.turn.try_get_value() == Some(turn) {
                    self.problem.try_set(went.err());
                    break;
                }
            }
            self.is_working.try_set_value(false);
            self.doing.try_set(None);
        });
    }

    async fn round(self, turn: u32) -> Result<(), Problem> {
        let is_stale = || self.turn.try_get_value() != Some(turn);
        let Some(file) = self.file.try_get_untracked().flatten() else { return Ok(()) };
        match self.upload.try_get_untracked().flatten() {
            Some(_) => platform::sleep(SETTLED).await,
            None => self.send(&file, turn).await?,
        }
        for _ in 0..2 {
            let Some(upload) = self.upload.try_get_untracked().flatten() else { return Ok(()) };
            if is_stale() {
                return Ok(());
            }
            self.doing.try_set(Some(Doing::Checking));
            let Some(choices) = self.choices.try_get_untracked() else { return Ok(()) };
            match self.desk.plan_roster(upload.roster.id, &choices).await {
                // Forgotten after an hour or a restart: it is still here.
                Err(problem) if problem.code == "not-found" => self.send(&file, turn).await?,
                Err(problem) => return Err(problem),
                Ok(plan) if !is_stale() => {
                    self.plan.try_set(Some(Arc::new(plan)));
                    return Ok(());
                }
                Ok(_) => return Ok(()),
            }
        }
        Ok(())
    }

    async fn send(self, file: &Chosen, turn: u32) -> Result<(), Problem> {
        self.doing.try_set(Some(Doing::Reading));
        let upload = Arc::new(self.desk.send_roster(&file.name, &file.bytes).await?);
        if self.turn.try_get_value() != Some(turn) && self.file.try_get_untracked().flatten().as_ref() != Some(file) {
            drop(self.desk.end_roster(upload.roster.id).await);
            return Ok(());
        }
        if self.choices.try_with_untracked(|choices| choices.columns.is_empty()) == Some(true) {
            self.choices.try_set(guessed(&upload, upload.best, self.is_first()));
        }
        self.upload.try_set(Some(upload));
        Ok(())
    }

    /// Whether the register has no buildings yet: then the file's are made without asking.
    fn is_first(self) -> bool {
        let pack = self.desk.pack();
        let doors = pack.screens.doors.as_ref();
        doors.is_some_and(|doors| self.desk.read(|book| book.of_kind(&doors.building).next().is_none()))
    }

    /// Imports what was checked.
    pub fn run(self) {
        let Some(id) = self.upload.get_untracked().map(|upload| upload.roster.id) else { return };
        if self.doing.get_untracked().is_some() {
            return;
        }
        self.doing.set(Some(Doing::Starting));
        self.problem.set(None);
        spawn_local(async move {
            let started = match self.desk.run_roster(id).await {
                // The answer may have been lost on the way, not the import.
                Err(problem) => match self.desk.roster(id).await {
                    Ok(roster) if roster.state != RosterState::Uploaded => Ok(roster),
                    _ => Err(problem),
                },
                started => started,
            };
            self.doing.try_set(None);
            match started {
                Err(problem) if problem.code == "not-found" => self.go_on(),
                Err(problem) => drop(self.problem.try_set(Some(problem))),
                Ok(roster) => {
                    // The office has let go of the file; so does the tablet, unless nobody is signed in any more.
                    if self.upload.try_set(None).is_some() {
                        return;
                    }
                    self.put_away();
                    self.latest.try_set(Some(id));
                    self.put(roster);
                    self.watch(id);
                }
            }
        });
    }

    /// Stops an import under way.
    pub fn stop(self, id: Uuid) {
        self.problem.set(None);
        spawn_local(async move {
            // The office takes the same request for taking back once the import is over, which nobody asked for.
            match self.desk.roster(id).await {
                Ok(roster) if roster.state != RosterState::Running => self.put(roster),
                _ => self.end(id).await,
            }
        });
    }

    /// Takes back an import that is over.
    pub fn take_back(self, id: Uuid) {
        self.problem.set(None);
        spawn_local(self.end(id));
    }

    async fn end(self, id: Uuid) {
        match self.desk.end_roster(id).await {
            Ok(roster) => self.put(roster),
            Err(problem) => drop(self.problem.try_set(Some(problem))),
        }
        self.watch(id);
    }

    /// Asks the office what was imported before.
    pub fn refresh(self) {
        spawn_local(async move {
            match self.desk.rosters().await {
                Ok(past) => {
                    let under_way: Vec<Uuid> = past.iter().filter(|r| is_under_way(r.state)).map(|r| r.id).collect();
                    self.past.try_set(Some(past));
                    under_way.into_iter().for_each(|id| self.watch(id));
                }
                Err(problem) => drop(self.problem.try_set(Some(problem))),
            }
        });
    }

    fn watch(self, id: Uuid) {
        if !self.watched.try_update_value(|watched| watched.insert(id)).unwrap_or(false) {
            return;
        }
        spawn_local(async move {
            loop {
                match self.desk.roster(id).await {
                    Ok(roster) => {
                        let state = roster.state;
                        self.lost.try_set(false);
                        self.put(roster);
                        if !is_under_way(state) {
                            break;
                        }
                        platform::sleep(LOOK).await;
                    }
                    Err(problem) if problem.code == "offline" || problem.code == "server" => {
                        // It goes on at the office, whether it is looked at or not.
                        if self.lost.try_set(true).is_some() {
                            break;
                        }
                        platform::sleep(LOOK_AGAIN).await;
                    }
                    Err(problem) => {
                        self.problem.try_set(Some(problem));
                        break;
                    }
                }
            }
            self.watched.try_update_value(|watched| watched.remove(&id));
            self.desk.sync_now();
        });
    }

    fn put(self, roster: Roster) {
        self.past.try_update(|past| {
            let past = past.get_or_insert_default();
            match past.iter_mut().find(|known| known.id == roster.id) {
                Some(known) => *known = roster,
                None => past.insert(0, roster),
            }
        });
    }
}

/// Whether the office is at it.
pub fn is_under_way(state: RosterState) -> bool {
    matches!(state, RosterState::Running | RosterState::Undoing)
}
