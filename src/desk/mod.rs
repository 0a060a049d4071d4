//! The desk: the one object that screens talk to. Behind it are the store, the sync engine, tabs and updates, which no
//! screen names.
//!
//! Reads track signals, so a view that reads re-runs when what it read changes. Acts are commands: a screen says what is
//! wanted, the desk does it in order and says how it went.

use std::rc::Rc;

use leptos::prelude::*;
use records::{Context, Fields, Lang, Pack, Problem, RecordId, Right, User, pack::Frame as Places};
use sync::{Among, Draft, book::Book, engine::Status, wire::Me};
use wasm_bindgen_futures::spawn_local;

use crate::{later, platform};

mod account;
mod clock;
mod door;
mod draft;
mod drive;
mod files;
mod guard;
mod inside;
mod lock;
mod office_figures;
mod open;
mod passkey;
mod pen;
mod phase;
mod prefs;
mod read;
mod refusals;
mod rosters;
mod save;
mod seat;
mod standing;
mod state;
mod withdraw;
mod workshop;

use self::inside::Act;
pub use crate::{store::Filed, updates::Offline};
pub use clock::ClockFacts;
pub(crate) use inside::Task;
pub use office_figures::OfficeFigures;
pub use phase::{Alarm, DraftHead, Phase, Refusal, StorageFacts};
pub use prefs::Withdrawn;
use state::State;
pub use workshop::{EDITS, FormIn, Unpublished, Unread};

/// The database's name.
const DATABASE: &str = "linli";

/// A handle to the desk; as cheap to copy as a signal.
#[derive(Clone, Copy)]
pub struct Desk {
    state: StoredValue<Rc<State>, LocalStorage>,
}

/// The desk of this app.
///
/// # Panics
/// Outside the app's root component.
pub fn use_desk() -> Desk {
    expect_context()
}

impl Desk {
    /// Opens the desk: store, tabs, sync and updates start in the background. Called once, by the app's root.
    pub fn open() -> Self {
        Self::open_named(DATABASE)
    }

    /// The same over another database; for tests.
    pub fn open_named(name: &str) -> Self {
        let state = State::new(name);
        open::start(state.clone());
        Self { state: StoredValue::new_local(state) }
    }

    fn state(&self) -> Rc<State> {
        self.state.get_value()
    }

    /// Which screen is due.
    pub fn phase(&self) -> Phase {
        State::get(&self.state().phase)
    }

    /// Who is signed in.
    pub fn me(&self) -> Option<Me> {
        State::get(&self.state().me)
    }

    /// The person behind an account, as colleagues call them; the account's name where it is not known here.
    pub fn name_of(&self, account: &str) -> String {
        self.me().map_or_else(|| account.to_owned(), |me| account::name_in(&me, account).to_owned())
    }

    /// The community's kinds, posts and figures.
    pub fn pack(&self) -> Rc<Pack> {
        State::get(&self.state().pack)
    }

    /// The language of the interface.
    pub fn lang(&self) -> Lang {
        State::get(&self.state().lang)
    }

    /// Changes it, on this device.
    pub fn set_lang(&self, lang: Lang) {
        prefs::keep_lang(lang);
        State::set(&self.state().lang, lang);
    }

    /// Whether type and buttons are larger: as was chosen on this device; until someone chooses, volunteers, many over sixty
    /// and out at night, get large type without asking.
    pub fn elder(&self) -> bool {
        State::get(&self.state().elder).unwrap_or_else(|| self.is_volunteer())
    }

    /// Whether the post of the account signed in has the volunteers' frame.
    pub fn is_volunteer(&self) -> bool {
        let pack = self.pack();
        self.me().and_then(|me| pack.post(&me.post).map(|post| post.frame == Places::Volunteer)).unwrap_or(false)
    }

    /// Changes it, on this device.
    pub fn set_elder(&self, elder: bool) {
        prefs::keep_elder(elder);
        State::set(&self.state().elder, Some(elder));
    }

    /// Whether the help for the first time was read on this device.
    pub fn welcomed(&self) -> bool {
        State::get(&self.state().welcomed)
    }

    /// Whether the post of the account signed in walks rounds.
    pub fn walks(&self) -> bool {
        let (pack, post) = (self.pack(), self.me().map(|me| me.post).unwrap_or_default());
        pack.kinds.values().any(|kind| kind.walk.is_some() && pack.allows(&post, &kind.name, Right::Write))
    }

    /// Whether the account's rounds take down where it is at a point.
    pub fn takes_places(&self) -> bool {
        self.me().is_some_and(|me| prefs::with_places(&me.account))
    }

    /// Changes it, on this device.
    pub fn take_places(&self, with: bool) {
        if let Some(me) = untrack(|| self.me()) {
            prefs::keep_with_places(&me.account, with);
        }
    }

    /// It was.
    pub fn set_welcomed(&self) {
        prefs::keep_welcomed();
        State::set(&self.state().welcomed, true);
    }

    /// Reads records. Tracks every record: the reader re-runs when any changes.
    pub fn read<T>(&self, f: impl FnOnce(&Book) -> T) -> T {
        let state = self.state();
        state.track();
        let book = state.book.borrow();
        f(&book)
    }

    /// Whether all records are open. Until then the older ones are still being read, and what must know all of them waits.
    pub fn is_whole(&self) -> bool {
        State::get(&self.state().whole)
    }

    /// What waits, what is being done, when all was last equal.
    pub fn status(&self) -> Status {
        State::get(&self.state().status)
    }

    /// Changes the office did not take.
    pub fn refused(&self) -> Vec<Refusal> {
        State::get(&self.state().refused)
    }

    /// Those of them that the account gave up.
    pub fn given_up(&self) -> Vec<Refusal> {
        State::get(&self.state().given_up)
    }

    /// Whether own changes of a record have no receipt of the office yet.
    pub fn is_waiting(&self, id: RecordId) -> bool {
        let state = self.state();
        state.track();
        state.waiting.borrow().contains(&id)
    }

    /// Forms half filled by the account signed in, the latest touched first.
    pub fn drafts(&self) -> Vec<DraftHead> {
        self.draft_heads(false)
    }

    /// Those that were thrown away within a day, the latest first.
    pub fn thrown(&self) -> Vec<DraftHead> {
        self.draft_heads(true)
    }

    fn draft_heads(&self, thrown: bool) -> Vec<DraftHead> {
        let mut drafts: Vec<_> = State::get(&self.state().drafts).into_values().collect();
        drafts.retain(|head| draft::is_thrown(&head.key) == thrown);
        drafts.sort_by_key(|head| std::cmp::Reverse(head.at));
        drafts
    }

    /// Asks the browser about the room there is.
    pub fn measure_storage(&self) {
        let state = self.state();
        spawn_local(async move { state.measure().await });
    }

    /// What it said last.
    pub fn storage(&self) -> StorageFacts {
        State::get(&self.state().storage)
    }

    /// Opens the tablet for an account: with its password alone if it has signed in here before, else at the office's
    /// server.
    ///
    /// # Errors
    /// In words for the person: wrong password, no network …
    pub async fn sign_in(&self, account: String, password: String) -> Result<(), Problem> {
        let state = self.state();
        State::set(&state.turned_away, None);
        let account = prefs::as_known(&state.name, account);
        let answer = later::inside(Task::new(state.clone(), Act::SignIn(account, password))).await;
        State::set(&state.turned_away, answer.clone().err());
        answer
    }

    /// Signs out. What has not reached the office stays and waits for its author.
    ///
    /// # Errors
    /// The tablet's store could not keep it.
    pub async fn sign_out(&self) -> Result<(), Problem> {
        account::sign_out(&self.state()).await
    }

    /// Why signing in did not work; the page that asked may be another by now.
    pub fn turned_away(&self) -> Option<Problem> {
        State::get(&self.state().turned_away)
    }

    /// The account that was here last, before anyone has said a password.
    pub fn last_account(&self) -> Option<String> {
        prefs::people(&self.state().name).into_iter().next().map(|person| person.account)
    }

    /// Locks the tablet: the next one to use it says their password.
    pub fn lock(&self) {
        let state = self.state();
        spawn_local(async move { lock::lock(&state).await });
    }

    /// Starts a round of sync now.
    pub fn sync_now(&self) {
        let task = Task::new(self.state(), Act::Wake);
        spawn_local(async move { drop(later::inside(task).await) });
    }

    /// Judges the drafts and saves what they change as one act. `Ok` only when it is durable on this device.
    ///
    /// # Errors
    /// All that stands in its way; nothing is saved then.
    pub async fn save(&self, drafts: Vec<Draft>) -> Result<(), Vec<Problem>> {
        save::save(&self.state(), drafts).await
    }

    /// A draft of a new record.
    pub fn new_draft(&self, kind: &str, fields: Fields) -> Draft {
        Draft::new(platform::new_id(), kind, fields)
    }

    /// A draft to change a record as it shows now; `None` when it is not here.
    pub fn edit_draft(&self, id: RecordId) -> Option<Draft> {
        self.read(|book| book.get(id).map(Draft::of))
    }

    /// A draft to put right a refused change.
    pub fn mend_draft(&self, number: u64) -> Option<Draft> {
        save::mend(&self.state(), number)
    }

    /// Gives a refused change up, so that it shows no longer, or takes it up again.
    ///
    /// # Errors
    /// The tablet's store could not keep it.
    pub async fn set_given_up(&self, number: u64, is_given_up: bool) -> Result<(), Problem> {
        save::set_given_up(&self.state(), number, is_given_up).await.map_err(|error| error.problem())
    }

    /// Keeps a draft; to be called at every key press.
    pub fn keep_draft(&self, key: &str, draft: &Draft) {
        draft::keep(&self.state(), key, draft);
    }

    /// A kept draft.
    pub async fn load_draft(&self, key: &str) -> Option<Draft> {
        self.state().drafts.with_untracked(|drafts| drafts.get(key).map(|head| head.draft.clone()))
    }

    /// Throws a draft away; for a day it can be fetched back by the key that is returned.
    pub fn throw_draft(&self, key: &str) -> Option<String> {
        draft::throw(&self.state(), key)
    }

    /// Fetches back what was thrown away.
    pub fn fetch_back(&self, thrown: &str) -> Option<Draft> {
        draft::fetch_back(&self.state(), thrown)
    }

    /// Forgets a draft after it was saved.
    pub fn drop_draft(&self, key: &str) {
        draft::drop_it(&self.state(), key);
    }

    /// Makes this tab the one that writes.
    pub fn use_here(&self) {
        if let Some(tabs) = self.state().tabs.borrow().clone() {
            tabs.take_over();
        }
    }

    /// After [`Phase::Lost`]: starts again as a new device. Someone signs in, the office's records come anew, and what
    /// waits here comes along.
    pub fn start_again(&self) {
        let state = self.state();
        spawn_local(async move {
            let task = Task::new(state.clone(), Act::StartAgain);
            if let Err(error) = later::inside(task).await {
                State::set(&state.phase, Phase::Broken { why: error.message, for_good: false });
            }
        });
    }

    /// After [`Phase::Broken`] for good: deletes the store that cannot be opened. What follows is [`Phase::Lost`].
    pub fn give_up_store(&self) {
        let state = self.state();
        spawn_local(async move { withdraw::give_up(&state).await });
    }

    /// Sends refused changes again as they are.
    ///
    /// # Errors
    /// The tablet's store could not keep it.
    pub async fn resend(&self, numbers: Vec<u64>) -> Result<(), Problem> {
        save::resend(&self.state(), &numbers).await
    }

    /// Offers all that the office does not have as a file, the last resort.
    ///
    /// # Errors
    /// The store could not be read, or the browser takes no file.
    pub async fn export_queue(&self) -> Result<(), Problem> {
        save::export(&self.state()).await.map_err(|error| error.problem())
    }

    /// Calls `f` with today's date, the account and the records: what expressions may know.
    pub fn context<R>(&self, f: impl FnOnce(&Context<'_>) -> R) -> R {
        let me = self.me();
        let user = me.as_ref().map_or(User::default(), |me| User { name: &me.account, post: &me.post });
        self.read(|book| f(&Context { today: platform::today(), user, lookup: &Among(|id| book.get(id)) }))
    }

    /// The line that names a record, in the language of the interface, and says beside it when it is of one who is no longer
    /// here; empty when it is not on this tablet.
    pub fn title_of(&self, id: RecordId) -> String {
        let (pack, lang) = (self.pack(), self.lang());
        let Some((kind, fields)) = self.read(|book| book.record(id)) else { return String::new() };
        self.context(|context| records::words::called(&pack, &kind, &fields, lang, context))
    }

    /// The line that names a record and nothing beside it, as papers have it.
    pub fn plain_title_of(&self, id: RecordId) -> String {
        let (pack, lang) = (self.pack(), self.lang());
        let Some((kind, fields)) = self.read(|book| book.record(id)) else { return String::new() };
        self.context(|context| records::words::title(&pack, &kind, &fields, lang, context))
    }

    /// Whether a record is of one who is no longer here.
    pub fn is_gone(&self, id: RecordId) -> bool {
        let pack = self.pack();
        self.read(|book| crate::view::gone::is_gone(&pack, book, id, platform::today()))
    }
}

/// Held by the compiler: the desk can be provided as context and moved into any closure.
const _: fn() = || {
    fn moves<T: Copy + Send + Sync + 'static>() {}
    moves::<Desk>();
};
