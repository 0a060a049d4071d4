//! What the desk keeps while the app runs: signals for screens, records in memory, and the seat while this tab has it.

use std::{
    cell::{Cell, RefCell},
    collections::{BTreeMap, HashMap, HashSet},
    rc::Rc,
};

use leptos::{prelude::*, reactive::graph::Observer};
use records::{Lang, Pack, Problem, RecordId};
use sync::{Bucket, Change, book::Book, engine, engine::Status, wire::Me};

use super::{ClockFacts, DraftHead, Phase, Refusal, StorageFacts, door::Door, prefs, seat::Seat};
use crate::{
    platform,
    store::{Filed, Store},
    tabs::{Bell, Tabs},
    updates::{Offline, Updates},
};

/// Signals are reference-counted, not owned by a component, so that a task that outlives a page can still set them.
pub struct State {
    /// The name of this browser's databases; tests have their own.
    pub name: String,
    /// The database in use: the first person's has the name itself, others' have a number more.
    pub place: RefCell<String>,
    pub phase: ArcRwSignal<Phase>,
    pub me: ArcRwSignal<Option<Me>>,
    pub turned_away: ArcRwSignal<Option<Problem>>,
    pub pack: ArcRwSignal<Rc<Pack>>,
    pub lang: ArcRwSignal<Lang>,
    pub elder: ArcRwSignal<Option<bool>>,
    pub welcomed: ArcRwSignal<bool>,
    pub status: ArcRwSignal<Status>,
    pub refused: ArcRwSignal<Vec<Refusal>>,
    pub given_up: ArcRwSignal<Vec<Refusal>>,
    pub drafts: ArcRwSignal<BTreeMap<String, DraftHead>>,
    pub storage: ArcRwSignal<StorageFacts>,
    /// Since when changes wait, and when the office was last met, milliseconds since 1970 UTC by the device's clock.
    pub since: ArcRwSignal<Option<u64>>,
    pub met: ArcRwSignal<Option<u64>>,
    /// The account's files that the office does not have.
    pub unsent: ArcRwSignal<Vec<Filed>>,
    /// Records' changes as the office last sent them.
    pub changes: ArcRwSignal<HashMap<RecordId, Vec<Change>>>,
    pub update_ready: ArcRwSignal<bool>,
    /// Whether the app starts here without a network.
    pub offline: ArcRwSignal<Offline>,
    /// What is to be told of clocks.
    pub clock: ArcRwSignal<ClockFacts>,
    /// Residents' records were put away.
    pub lapsed: ArcRwSignal<bool>,
    /// Notified after every change of the book or of what waits.
    pub revision: ArcTrigger,
    pub book: RefCell<Book>,
    /// All records that are here are in the book.
    pub whole: ArcRwSignal<bool>,
    /// Rings when they are.
    pub opened: RefCell<Bell>,
    /// Records with own changes that have no receipt yet.
    pub waiting: RefCell<HashSet<RecordId>>,
    pub seat: RefCell<Option<Rc<Seat>>>,
    pub door: RefCell<Option<Rc<Door>>>,
    /// When someone last touched the tablet, milliseconds since 1970 UTC.
    pub touched: Cell<u64>,
    /// The page has been told to sync when it wakes and to lock when it is left alone.
    pub watched: Cell<bool>,
    /// The browser has been asked, in this page, to promise not to empty the storage.
    pub asked_to_persist: Cell<bool>,
    pub tabs: RefCell<Option<Rc<Tabs>>>,
    pub updates: RefCell<Updates>,
    /// Drafts on their way to the store: what is newest of each, until it is written.
    pub unwritten: RefCell<BTreeMap<String, Option<DraftHead>>>,
    pub writing: Cell<bool>,
    /// The draft that is being written.
    pub under_way: RefCell<Option<DraftHead>>,
    /// Whether the page kept drafts as if it were going.
    pub has_left: Cell<bool>,
}

impl State {
    pub fn new(name: &str) -> Rc<Self> {
        Rc::new(Self {
            name: name.into(),
            place: RefCell::new(prefs::people(name).into_iter().next().map_or(name.into(), |last| last.database)),
            phase: ArcRwSignal::new(Phase::Opening),
            me: ArcRwSignal::new(None),
            turned_away: ArcRwSignal::new(None),
            // The office's pack comes with signing in; the program carries none to the tablet, and no TOML reader either.
            pack: ArcRwSignal::new(Rc::new(Pack::default())),
            lang: ArcRwSignal::new(prefs::lang()),
            elder: ArcRwSignal::new(prefs::elder()),
            welcomed: ArcRwSignal::new(prefs::welcomed()),
            status: ArcRwSignal::new(Status::default()),
            refused: ArcRwSignal::new(Vec::new()),
            given_up: ArcRwSignal::new(Vec::new()),
            drafts: ArcRwSignal::new(BTreeMap::new()),
            storage: ArcRwSignal::new(StorageFacts::default()),
            since: ArcRwSignal::new(None),
            met: ArcRwSignal::new(None),
            unsent: ArcRwSignal::new(Vec::new()),
            changes: ArcRwSignal::default(),
            update_ready: ArcRwSignal::new(false),
            offline: ArcRwSignal::default(),
            clock: ArcRwSignal::new(ClockFacts::default()),
            lapsed: ArcRwSignal::new(false),
            revision: ArcTrigger::new(),
            book: RefCell::new(Book::new()),
            whole: ArcRwSignal::new(false),
            opened: RefCell::default(),
            waiting: RefCell::default(),
            seat: RefCell::default(),
            door: RefCell::default(),
            touched: Cell::default(),
            watched: Cell::new(false),
            asked_to_persist: Cell::new(false),
            tabs: RefCell::default(),
            updates: RefCell::default(),
            unwritten: RefCell::default(),
            writing: Cell::new(false),
            under_way: RefCell::default(),
            has_left: Cell::new(false),
        })
    }

    /// The seat, while this tab has it and its records are open.
    pub fn seat(&self) -> Option<Rc<Seat>> {
        self.seat.borrow().clone().filter(|seat| seat.is_open())
    }

    /// The door, while the tablet is locked.
    pub fn door(&self) -> Option<Rc<Door>> {
        self.door.borrow().clone()
    }

    /// The database in use.
    pub fn place(&self) -> String {
        self.place.borrow().clone()
    }

    /// The account, without tracking.
    pub fn account(&self) -> Option<Me> {
        self.me.get_untracked()
    }

    /// The buckets the account may hold.
    pub fn scope(&self) -> Vec<Bucket> {
        let (pack, me) = (self.pack.get_untracked(), self.account());
        me.map(|me| Bucket::scope(&pack, &me.post, &me.account)).unwrap_or_default()
    }

    /// Reads a signal; tracks where something can track. Screens read in views and in event handlers alike.
    pub fn get<T: Clone + 'static>(signal: &ArcRwSignal<T>) -> T {
        if Observer::get().is_some() { signal.get() } else { signal.get_untracked() }
    }

    /// Tracks records, where something can track.
    pub fn track(&self) {
        if Observer::get().is_some() {
            self.revision.track();
        }
    }

    /// Sets a signal's value if it differs, so that nothing re-runs for nothing.
    pub fn set<T: PartialEq + 'static>(signal: &ArcRwSignal<T>, value: T) {
        if signal.with_untracked(|old| *old != value) {
            signal.set(value);
        }
    }

    /// Says which screen is due, as far as the store and the engine decide it.
    pub fn settle(&self, store: &Store, status: Status) {
        let phase = match (self.account(), store.cursor(), &status.phase) {
            (None, ..) => Phase::SignedOut,
            (_, Some(_), _) => Phase::Ready,
            (_, None, engine::Phase::Filling { done, total }) => Phase::Filling { done: *done, total: *total },
            (_, None, _) => match self.phase.get_untracked() {
                // A pause in the middle does not take the bar back to nothing.
                Phase::Filling { done, total } => Phase::Filling { done, total },
                _ => Phase::Filling { done: 0, total: 0 },
            },
        };
        Self::set(&self.since, store.waiting_since());
        Self::set(&self.met, store.met().max(status.last));
        Self::set(&self.phase, phase);
        Self::set(&self.status, status);
    }

    /// Takes over from the store what waits and what was refused, after it changed.
    pub fn recount(&self, store: &Store) {
        let account = self.account().map(|me| me.account);
        *self.waiting.borrow_mut() = store.waiting();
        let own = |all: Vec<(Change, Vec<Problem>)>| {
            let own = all.into_iter().filter(|(change, _)| Some(&change.author) == account.as_ref());
            own.map(|(change, problems)| Refusal { change, problems }).collect()
        };
        Self::set(&self.refused, own(store.refused()));
        Self::set(&self.given_up, own(store.given_up()));
        self.revision.notify();
    }

    /// Notes that records wait by changes that were saved and mend nothing.
    pub fn wait_for(&self, changes: &[Change]) {
        self.waiting.borrow_mut().extend(changes.iter().map(|change| change.record));
        self.revision.notify();
    }

    /// Asks the browser how much room there is.
    pub async fn measure(&self) {
        let persisted = platform::is_persisted().await;
        let used = platform::room().await.map(|(used, _)| used);
        Self::set(&self.storage, StorageFacts { persisted, used });
    }
}
