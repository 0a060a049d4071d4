//! The seat of the tab that writes: the open store, the engine and the counter. It is left when another tab takes over,
//! and nothing that was under way writes any more.

use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    rc::Rc,
};

use async_lock::Mutex;
use gloo::timers::callback::Timeout;
use sync::engine::{Engine, Event};

use super::pen::Counter;
use crate::{
    net::{self, News, files::Part},
    store::Store,
    tabs::{Bell, Hold},
};

pub struct Seat {
    pub store: Store,
    pub hold: Hold,
    /// Rings when the seat is left.
    pub left: Bell,
    pub engine: RefCell<Engine>,
    pub counter: Cell<Counter>,
    /// Saves take turns: each is judged against what the one before left.
    pub saving: Mutex<()>,
    pub events: RefCell<VecDeque<Event>>,
    pub stepping: Cell<bool>,
    pub timer: RefCell<Option<Timeout>>,
    pub news: RefCell<Option<News>>,
    /// The office's pack is being fetched.
    pub fetching_pack: Cell<bool>,
    pub compacting: Cell<bool>,
    /// Files are being brought to the office; and whether that was asked for meanwhile.
    pub tending: Cell<bool>,
    pub files_asked: Cell<bool>,
    /// In parts of this size.
    pub part: Part,
    /// When the office was last asked what became of refused work.
    pub refusals_asked: Cell<u64>,
    /// Answers to effects of an earlier turn are thrown away: the engine they were for is no more, or signed out.
    pub turn: Cell<u64>,
    /// The store is not the one that was left: nothing is settled or pushed until its owner decides.
    pub alarmed: Cell<bool>,
    /// The office has taken the device out of use.
    pub revoked: Cell<bool>,
    /// What is left on it is being handed in, to be destroyed then.
    pub leaving: Cell<bool>,
    open: Cell<bool>,
}

impl Seat {
    pub fn new(store: Store, hold: Hold, counter: Counter) -> Rc<Self> {
        net::speak_as(counter.device());
        Rc::new(Self {
            store,
            hold,
            left: Bell::default(),
            engine: RefCell::new(Engine::new(counter.device(), counter.last)),
            counter: Cell::new(counter),
            saving: Mutex::new(()),
            events: RefCell::default(),
            stepping: Cell::new(false),
            timer: RefCell::default(),
            news: RefCell::default(),
            fetching_pack: Cell::new(false),
            compacting: Cell::new(false),
            tending: Cell::new(false),
            files_asked: Cell::new(false),
            part: Part::default(),
            refusals_asked: Cell::new(0),
            turn: Cell::new(0),
            alarmed: Cell::new(false),
            revoked: Cell::new(false),
            leaving: Cell::new(false),
            open: Cell::new(true),
        })
    }

    /// Whether this tab still writes.
    pub fn is_open(&self) -> bool {
        self.open.get()
    }

    /// Starts over with a new engine; what the old one has under way is ignored when it comes.
    pub fn restart(&self, counter: Counter) {
        self.turn.set(self.turn.get() + 1);
        self.events.borrow_mut().clear();
        self.timer.borrow_mut().take();
        // It listens with the session of the account before.
        self.news.borrow_mut().take();
        *self.engine.borrow_mut() = Engine::new(counter.device(), counter.last);
        self.counter.set(counter);
        net::speak_as(counter.device());
        self.alarmed.set(false);
    }

    /// Leaves: a save under way is finished, then the store closes and the next tab may have it.
    pub async fn leave(&self) {
        let _saving = self.saving.lock().await;
        self.leave_now();
        self.store.close().await;
        self.hold.release();
        self.left.ring();
        // Also ends the watch for being taken by force.
        self.hold.taken.ring();
    }

    /// Takes in what a counter that was copied from this seat's has seen since.
    pub fn count(&self, counter: Counter) {
        let mut own = self.counter.get();
        own.join(counter);
        self.counter.set(own);
    }

    /// Stops taking anything on.
    pub fn leave_now(&self) {
        self.open.set(false);
        self.timer.borrow_mut().take();
        self.news.borrow_mut().take();
    }
}
