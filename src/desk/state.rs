//! What the desk keeps while the app runs: signals for screens, and the seat while this tab has it.

use std::{cell::RefCell, collections::BTreeMap, rc::Rc};

use leptos::prelude::*;
use records::{Lang, Pack};
use sync::{book::Book, engine::Status, wire::Me};

use super::{DraftHead, Phase, Refusal, StorageFacts};

/// Signals are reference-counted, not owned by a component, so that a task that outlives a page can still set them.
pub struct State {
    pub phase: ArcRwSignal<Phase>,
    pub me: ArcRwSignal<Option<Me>>,
    pub pack: ArcRwSignal<Rc<Pack>>,
    pub lang: ArcRwSignal<Lang>,
    pub elder: ArcRwSignal<bool>,
    pub status: ArcRwSignal<Status>,
    pub refused: ArcRwSignal<Vec<Refusal>>,
    pub drafts: ArcRwSignal<BTreeMap<String, DraftHead>>,
    pub storage: ArcRwSignal<StorageFacts>,
    pub update_ready: ArcRwSignal<bool>,
    /// Notified after every change of the book.
    pub revision: ArcTrigger,
    pub book: RefCell<Book>,
}

impl State {
    pub fn new() -> Rc<Self> {
        Rc::new(Self {
            phase: ArcRwSignal::new(Phase::Opening),
            me: ArcRwSignal::new(None),
            pack: ArcRwSignal::new(Rc::new(Pack::community())),
            lang: ArcRwSignal::new(Lang::Zh),
            elder: ArcRwSignal::new(false),
            status: ArcRwSignal::new(Status::default()),
            refused: ArcRwSignal::new(Vec::new()),
            drafts: ArcRwSignal::new(BTreeMap::new()),
            storage: ArcRwSignal::new(StorageFacts::default()),
            update_ready: ArcRwSignal::new(false),
            revision: ArcTrigger::new(),
            book: RefCell::new(Book::new()),
        })
    }
}
