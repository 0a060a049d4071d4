//! The bench: edits that are not published yet, and the pack they make of the one in force. It outlives the pages, and
//! being kept as a draft also the app.

use std::rc::Rc;

use leptos::prelude::*;
use records::{
    Pack, Problem,
    pack::{
        Wrong,
        workshop::{Edit, News, put},
    },
};
use wasm_bindgen_futures::spawn_local;

use crate::desk::{Desk, EDITS, Unpublished};

/// What became of the last attempt to publish.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Outcome {
    /// There was none, or it is over.
    #[default]
    None,
    /// It is on its way.
    Busy,
    /// This version is in force.
    Published(u32),
    /// The office found these wrong.
    Wrong(Vec<Wrong>),
    /// It did not come so far.
    Problem(Problem),
}

/// The changed pack with what it was made of: version in force, number of edits made so far.
type Made = (u32, u64, Rc<Pack>);

/// The bench; provided by the app of someone who is signed in.
#[derive(Clone, Copy)]
pub struct Bench {
    desk: Desk,
    /// The version of the pack that the edits were made over.
    base: RwSignal<u32>,
    edits: RwSignal<Vec<Edit>>,
    /// Grows with each edit.
    turn: RwSignal<u64>,
    made: StoredValue<Option<Made>, LocalStorage>,
    /// What became of publishing.
    pub outcome: RwSignal<Outcome>,
}

/// The bench.
///
/// # Panics
/// Outside the app of someone who is signed in.
pub fn use_bench() -> Bench {
    expect_context()
}

impl Bench {
    /// With what was kept.
    pub fn new(desk: Desk) -> Self {
        let (base, kept) = untrack(|| desk.kept_edits()).unwrap_or_default();
        let edits = kept.iter().filter_map(|value| Edit::from_value(value).ok()).collect();
        let bench = Self {
            desk,
            base: RwSignal::new(base),
            edits: RwSignal::new(edits),
            turn: RwSignal::new(0),
            made: StoredValue::new_local(None),
            outcome: RwSignal::default(),
        };
        // Thrown away on Today's list of what is half-written.
        Effect::new(move |_| {
            let is_kept = desk.drafts().iter().any(|head| head.key == EDITS);
            if !is_kept && bench.edits.with_untracked(|edits| !edits.is_empty()) {
                bench.edits.set(Vec::new());
                bench.turn.update(|turn| *turn += 1);
            }
        });
        bench
    }

    /// The pack in force.
    pub fn in_force(&self) -> Rc<Pack> {
        self.desk.pack()
    }

    /// The pack in force with the edits laid over it; tracks both.
    pub fn pack(&self) -> Rc<Pack> {
        let (in_force, turn) = (self.in_force(), self.turn.get());
        let made = self.made.get_value().filter(|(version, at, _)| (*version, *at) == (in_force.version, turn));
        if let Some((.., pack)) = made {
            return pack;
        }
        let pack = Rc::new(self.edits.with_untracked(|edits| in_force.edited(edits)));
        self.made.set_value(Some((in_force.version, turn, pack.clone())));
        pack
    }

    /// The edits; tracks them.
    pub fn edits(&self) -> Vec<Edit> {
        self.turn.track();
        self.edits.get()
    }

    /// How many things are changed, as a person counts: the choices of a new question are one with it.
    pub fn count(&self) -> usize {
        let edits = self.edits();
        edits.iter().filter(|edit| !is_part(edit, &edits)).count()
    }

    /// How many things of a form are changed, counted likewise.
    pub fn count_of(&self, kind: &str) -> usize {
        let edits = self.edits();
        edits.iter().filter(|edit| edit.of_form() == Some(kind) && !is_part(edit, &edits)).count()
    }

    /// What is done to a question, where it is changed.
    pub fn news_of(&self, kind: &str, name: &str) -> News {
        let of = |edit: &&Edit| matches!(edit, Edit::Field { kind: of, field, .. } if of == kind && field.name == name);
        let in_force = self.in_force();
        self.turn.track();
        self.edits.with(|edits| edits.iter().find(of).map_or(News::Nothing, |edit| edit.news(&in_force)))
    }

    /// What the office found wrong at a thing, at the last attempt to publish.
    pub fn wrongs_at(&self, kind: Option<&str>, field: &str) -> Vec<Wrong> {
        self.outcome.with(|outcome| match outcome {
            Outcome::Wrong(all) => {
                let at = |wrong: &&Wrong| wrong.kind.as_deref() == kind && wrong.field.as_deref() == Some(field);
                all.iter().filter(at).cloned().collect()
            }
            _ => Vec::new(),
        })
    }

    /// Lays an edit on the bench.
    pub fn put(&self, edit: Edit) {
        self.put_all(vec![edit]);
    }

    /// Lays several on it, as one act.
    pub fn put_all(&self, all: Vec<Edit>) {
        let in_force = untrack(|| self.in_force());
        if self.edits.with_untracked(Vec::is_empty) {
            self.base.set(in_force.version);
        }
        self.edits.update(|edits| all.into_iter().for_each(|edit| put(&in_force, edits, edit)));
        self.changed();
    }

    /// Lays a whole form on it, in the place of what was changed of that form.
    pub fn put_form(&self, kind: &str, all: Vec<Edit>) {
        self.edits.update(|edits| edits.retain(|edit| edit.of_form() != Some(kind)));
        self.put_all(all);
    }

    /// Takes an edit back, and with a new question its choices.
    pub fn take_back(&self, edit: &Edit) {
        self.edits.update(|edits| {
            let all = edits.clone();
            edits
                .retain(|other| other != edit && !(is_part(other, &all) && is_part(other, std::slice::from_ref(edit))));
        });
        self.changed();
    }

    fn changed(&self) {
        self.turn.update(|turn| *turn += 1);
        self.outcome.set(Outcome::None);
        self.keep();
    }

    fn keep(&self) {
        let edits = self.edits.with_untracked(|edits| edits.iter().map(Edit::to_value).collect());
        self.desk.keep_edits(self.base.get_untracked(), edits);
    }

    /// Whether someone else published after the edits were begun.
    pub fn is_overtaken(&self) -> bool {
        self.base.get() != self.in_force().version && !self.edits().is_empty()
    }

    /// Takes the newer pack for the one the edits are made over.
    pub fn lay_over(&self) {
        self.base.set(untrack(|| self.in_force()).version);
        self.outcome.set(Outcome::None);
        self.keep();
    }

    /// Publishes.
    pub fn publish(&self) {
        if self.outcome.with_untracked(|outcome| *outcome == Outcome::Busy) {
            return;
        }
        let (bench, pack) = (*self, untrack(|| self.pack()));
        bench.outcome.set(Outcome::Busy);
        spawn_local(async move {
            let outcome = match bench.desk.publish(&pack).await {
                Ok(version) => {
                    bench.edits.try_set(Vec::new());
                    bench.turn.try_update(|turn| *turn += 1);
                    bench.desk.keep_edits(version, Vec::new());
                    Outcome::Published(version)
                }
                // The page says so of itself.
                Err(Unpublished::Overtaken) => Outcome::None,
                Err(Unpublished::Wrong(all)) => Outcome::Wrong(all),
                Err(Unpublished::Problem(problem)) => Outcome::Problem(problem),
            };
            bench.outcome.try_set(outcome);
        });
    }
}

/// Whether an edit adds a choice to a question or a form that is itself among the edits.
pub fn is_part(edit: &Edit, edits: &[Edit]) -> bool {
    let Edit::Choice { list, .. } = edit else { return false };
    edits.iter().any(|other| match other {
        Edit::Field { kind, field, .. } => list.strip_prefix(kind.as_str()) == Some(&format!(".{}", field.name)),
        Edit::Kind { kind, .. } => edit.of_form() == Some(&kind.name),
        _ => false,
    })
}
