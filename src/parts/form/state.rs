//! A form in use: its answers, the draft it is kept as, and what is wrong with it.

use std::rc::Rc;

use leptos::prelude::*;
use records::{
    Context, Fields, Kind, Pack, Problem, RecordId, Value,
    form::{Form, Touched},
    words,
};
use sync::Draft;

use super::asked::{Asked, Sheet};
use crate::{
    desk::{Desk, use_desk},
    parts::{
        one_tap::{taken_off, throw},
        stamp::Stamps,
    },
    platform,
};

/// A handle to a form in use.
#[derive(Clone, Copy)]
pub struct FormState {
    desk: Desk,
    key: StoredValue<String>,
    draft: RwSignal<Draft>,
    form: RwSignal<Form>,
    /// What answers have touched since the questions were last looked at.
    touched: StoredValue<Touched>,
    questions: Memo<Sheet>,
    /// Fields that were left, so that problems show where the writer has been and not before.
    left: RwSignal<Vec<String>>,
    tried: RwSignal<bool>,
    /// What the judge said at the last try.
    judged: RwSignal<Vec<Problem>>,
    /// Fields put first, where not all are asked alike.
    first: StoredValue<Vec<String>>,
    /// A field that takes the moment of saving.
    stamp: StoredValue<Option<String>>,
    /// Where is said what one tap took off, and offered back.
    stamps: Option<Stamps>,
    /// The pack of a form that is only tried, which is not in force; nothing of it is kept.
    trial: StoredValue<Option<Rc<Pack>>, LocalStorage>,
}

/// What the judge calls a correction that does not say why.
const WHY: &str = "why";

impl FormState {
    /// The form over a draft. `is_fresh`: nothing of it was written yet, so defaults are filled in.
    pub fn new(key: String, draft: Draft, is_fresh: bool) -> Self {
        Self::over(key, draft, is_fresh, None)
    }

    /// A form of a pack that is not in force, to be tried: nothing is kept, nothing is saved.
    pub fn trial(pack: Rc<Pack>, draft: Draft) -> Self {
        Self::over(String::new(), draft, true, Some(pack))
    }

    fn over(key: String, draft: Draft, is_fresh: bool, trial: Option<Rc<Pack>>) -> Self {
        let desk = use_desk();
        let trial = StoredValue::new_local(trial);
        let pack_of = move || trial.get_value().unwrap_or_else(|| desk.pack());
        // Untracked: what sync brings meanwhile must not make the form anew under the writer's fingers.
        let mut form = untrack(|| {
            let pack = pack_of();
            desk.context(|context| Form::new(&pack, &draft.kind, draft.now.clone(), is_fresh, context))
        });
        let touched = StoredValue::new(form.take_touched());
        let form = RwSignal::new(form);
        // Counts up whenever something beside the answers changes.
        let around = Memo::new(move |before: Option<&u32>| {
            pack_of();
            desk.context(|_| ());
            before.map_or(0, |before| before + 1)
        });
        // What did not change stays the very same, so that only views of what did are made anew.
        let questions = Memo::new_owning(move |before: Option<Sheet>| {
            let now = (around.get(), touched.try_update_value(std::mem::take).unwrap_or_default());
            let pack = untrack(pack_of);
            form.with(|form| untrack(|| desk.context(|context| Sheet::next(before, now, form, (&pack, context)))))
        });
        Self {
            desk,
            key: StoredValue::new(key),
            draft: RwSignal::new(draft),
            form,
            touched,
            questions,
            left: RwSignal::new(Vec::new()),
            tried: RwSignal::new(false),
            judged: RwSignal::new(Vec::new()),
            first: StoredValue::new(Vec::new()),
            stamp: StoredValue::new(None),
            stamps: use_context(),
            trial,
        }
    }

    /// Whether it is only tried.
    pub fn is_trial(&self) -> bool {
        self.trial.with_value(Option::is_some)
    }

    /// The same, putting some questions first, also those a whole form only shows, and stamping the moment of saving.
    pub fn asking(self, first: Vec<String>, stamp: Option<String>) -> Self {
        self.first.set_value(first);
        self.stamp.set_value(stamp);
        self
    }

    /// The fields put first; none when all are asked alike.
    pub fn first(&self) -> Vec<String> {
        self.first.get_value()
    }

    /// Whether a question is put by name, so that it may be answered even where the form only shows it.
    pub fn puts(&self, field: &str) -> bool {
        self.first.with_value(|first| first.iter().any(|name| name == field))
    }

    /// The desk.
    pub fn desk(&self) -> Desk {
        self.desk
    }

    /// The pack.
    pub fn pack(&self) -> Rc<Pack> {
        self.trial.try_get_value().flatten().unwrap_or_else(|| self.desk.pack())
    }

    /// The record that is being written.
    pub fn record(&self) -> RecordId {
        self.draft.with_untracked(|draft| draft.record)
    }

    /// The kind that is being written.
    pub fn kind(&self) -> Option<Kind> {
        self.pack().kind(&self.kind_name()).cloned()
    }

    /// Its name.
    pub fn kind_name(&self) -> String {
        self.draft.with_untracked(|draft| draft.kind.clone())
    }

    /// A question as it stands; tracks it.
    pub fn question(&self, name: &str) -> Option<Asked> {
        self.questions.try_with(|all| all.get(name).cloned()).flatten()
    }

    /// Reads all answers; tracks them.
    pub fn with_answers<T>(&self, f: impl FnOnce(&Fields) -> T) -> T {
        self.form.with(|form| f(form.answers()))
    }

    /// One answer, null for none; tracks it.
    pub fn answer(&self, name: &str) -> Value {
        self.with_answers(|answers| answers.get(name).cloned()).unwrap_or_default()
    }

    /// A row of a repeat in words.
    pub fn row_words(&self, repeat: &str, row: usize) -> String {
        let (pack, desk) = (self.pack(), self.desk);
        let value = self.answer(repeat).get(row).cloned().unwrap_or_default();
        let field = pack.kind(&self.kind_name()).and_then(|kind| kind.field(repeat).cloned());
        let name_of = |id| Some(desk.title_of(id)).filter(|title| !title.is_empty());
        let one = Value::Array(vec![value]);
        field.map(|field| words::read(&pack, &field, &one, desk.lang(), &name_of)).unwrap_or_default()
    }

    /// Throws away what was written.
    pub fn throw_away(&self) {
        if let Some(stamps) = self.stamps {
            throw(self.desk, stamps, &self.key.get_value());
        }
    }

    /// Whether it is still on the screen.
    pub fn is_here(&self) -> bool {
        self.form.try_with_untracked(|_| ()).is_some()
    }

    /// Sets an answer, and offers the one before it for some seconds: what one tap takes off, one tap brings back.
    pub fn take_off(&self, field: &str, value: Value) {
        let before = untrack(|| self.answer(field));
        self.set(field, value);
        self.offer_back(field, before);
    }

    /// Takes a row out of a repeat, and offers it back.
    pub fn take_row(&self, repeat: &str, row: usize) {
        let before = untrack(|| self.answer(repeat));
        self.remove_row(repeat, row);
        self.offer_back(repeat, before);
    }

    /// Sets an answer in a row of a repeat, and offers the one before it.
    pub fn take_off_in_row(&self, repeat: &str, row: usize, field: &str, value: Value) {
        let before = untrack(|| self.answer(repeat));
        self.set_in_row(repeat, row, field, value);
        self.offer_back(repeat, before);
    }

    fn offer_back(&self, field: &str, before: Value) {
        let (form, field) = (*self, field.to_owned());
        if let Some(stamps) = self.stamps.filter(|_| untrack(|| form.answer(&field)) != before) {
            let back = move || {
                if form.is_here() {
                    form.set(&field, before.clone());
                }
            };
            stamps.press_undoable(taken_off(untrack(|| self.desk.lang())), back);
        }
    }

    /// The records that answers point at now; tracks them.
    pub fn links(&self) -> Vec<RecordId> {
        self.form.with(|form| form.answers().values().filter_map(|v| v.as_str()?.parse().ok()).collect())
    }

    /// Takes an answer and keeps the draft.
    pub fn set(&self, field: &str, value: Value) {
        self.change(|form, pack, context| form.set(pack, field, value, context));
    }

    /// Takes an answer in a row of a repeat.
    pub fn set_in_row(&self, repeat: &str, row: usize, field: &str, value: Value) {
        self.change(|form, pack, context| form.set_in_row(pack, repeat, row, field, value, context));
    }

    /// Adds a row to a repeat.
    pub fn add_row(&self, repeat: &str) {
        self.change(|form, pack, context| _ = form.add_row(pack, repeat, context));
    }

    /// Takes a row out of a repeat.
    pub fn remove_row(&self, repeat: &str, row: usize) {
        self.change(|form, pack, context| form.remove_row(pack, repeat, row, context));
    }

    fn change(&self, act: impl FnOnce(&mut Form, &Pack, &Context<'_>)) {
        let pack = self.pack();
        self.desk.context(|context| {
            self.form.update(|form| {
                act(form, &pack, context);
                let now = form.take_touched();
                self.touched.update_value(|touched| touched.join(now));
            });
        });
        self.keep();
    }

    /// What a field held when the form was opened.
    pub fn began_with(&self, field: &str) -> Value {
        self.draft.with_untracked(|draft| draft.was.get(field).cloned()).unwrap_or_default()
    }

    /// Why a fact is corrected.
    pub fn set_why(&self, why: String) {
        self.draft.update(|draft| draft.why = Some(why));
        self.keep();
    }

    /// Why, as kept.
    pub fn why(&self) -> String {
        self.draft.with_untracked(|d| d.why.clone().unwrap_or_default())
    }

    /// The writer has left a field: from now on its problem shows.
    pub fn leave(&self, field: &str) {
        // A box that goes away with its page is left too, when there is no form any more.
        let known = self.left.try_with_untracked(|left| left.iter().any(|f| f == field));
        if known == Some(false) {
            self.left.update(|left| left.push(field.into()));
        }
    }

    /// The problem to show at a field now.
    pub fn problem(&self, field: &str, asked: Option<Asked>) -> Option<Problem> {
        let at = |p: &&Problem| p.field.as_deref().and_then(|f| f.split('[').next()) == Some(field);
        let judged = self.judged.try_with(|all| all.iter().find(at).cloned()).flatten();
        let is_left = || self.left.try_with(|left| left.iter().any(|f| f == field)).unwrap_or(false);
        let shows = self.tried.try_get().unwrap_or(false) || is_left();
        judged.or_else(|| asked.filter(|q| shows && q.relevant).and_then(|q| q.problem.clone()))
    }

    /// Problems of the record as a whole.
    pub fn general(&self) -> Vec<Problem> {
        self.judged.with(|all| all.iter().filter(|p| p.field.is_none() && p.code != WHY).cloned().collect())
    }

    /// That a correction does not say why, once saving was tried.
    pub fn why_problem(&self) -> Option<Problem> {
        self.judged.with(|all| all.iter().find(|p| p.field.is_none() && p.code == WHY).cloned())
    }

    /// Saves. `Ok` with the record's id when it is durable.
    ///
    /// # Errors
    /// The first field with a problem, or `None` when it is the record as a whole.
    pub async fn save(&self) -> Result<RecordId, Option<String>> {
        self.tried.set(true);
        let pack = self.pack();
        let (key, draft) = (self.key.get_value(), self.current());
        let problems = match draft.was.is_empty() {
            true => self.problems_under(&pack),
            // Of a record that was there before, only what is changed is judged, when it is saved.
            false => Vec::new(),
        };
        if problems.is_empty() {
            match self.desk.save(vec![draft.clone()]).await {
                Ok(()) => {
                    // The key was taken before: the writer may have left the page while it was saved.
                    self.desk.drop_draft(&key);
                    return Ok(draft.record);
                }
                Err(problems) => return Err(self.blame(problems)),
            }
        }
        Err(self.blame(problems))
    }

    fn problems_under(&self, pack: &Pack) -> Vec<Problem> {
        self.desk.context(|context| self.form.with_untracked(|form| form.problems(pack, context)))
    }

    /// Tries to save a form that is only tried. `Ok` when it could be saved.
    ///
    /// # Errors
    /// The first field with a problem, or `None` when it is the record as a whole.
    pub fn try_saving(&self) -> Result<(), Option<String>> {
        self.tried.set(true);
        let problems = self.problems_under(&self.pack());
        if problems.is_empty() { Ok(()) } else { Err(self.blame(problems)) }
    }

    fn blame(&self, problems: Vec<Problem>) -> Option<String> {
        let at = |p: &Problem| p.field.clone().or_else(|| (p.code == WHY).then(|| WHY.to_owned()));
        let first = problems.iter().find_map(at);
        self.judged.try_set(problems);
        first.and_then(|f| f.split('[').next().map(Into::into))
    }

    fn current(&self) -> Draft {
        let mut draft = self.draft.get_untracked();
        draft.now = self.form.with_untracked(|form| form.fields().clone());
        if let Some(stamp) = self.stamp.get_value() {
            draft.now.insert(stamp, platform::moment(platform::now()).into());
        }
        draft
    }

    /// Keeps the form as a draft. Answers, not what would be saved: a choice undone and made again keeps what was said.
    fn keep(&self) {
        // What the judge said of the answers before says nothing of these.
        if self.judged.with_untracked(|all| !all.is_empty()) {
            self.judged.update(Vec::clear);
        }
        if self.is_trial() {
            return;
        }
        let mut draft = self.draft.get_untracked();
        draft.now = self.form.with_untracked(|form| form.answers().clone());
        self.desk.keep_draft(&self.key.get_value(), &draft);
    }
}
