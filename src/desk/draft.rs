//! Drafts: kept at every key press, one write of each under way at a time, always the newest next.

use std::{collections::BTreeMap, rc::Rc};

use leptos::prelude::*;
use sync::Draft;
use wasm_bindgen_futures::spawn_local;

use super::{DraftHead, prefs, state::State};
use crate::{
    platform,
    store::{Kept, SealedDraft, Store},
};

/// Keeps a draft: shown at once, written at once.
pub fn keep(state: &Rc<State>, key: &str, draft: &Draft) {
    let head = DraftHead { key: key.into(), draft: draft.clone(), at: platform::now() };
    state.drafts.update(|drafts| drop(drafts.insert(key.into(), head.clone())));
    put(state, key, Some(head));
}

/// Before the key of a draft that was thrown away, with the moment of it between: `thrown/1795400000000/new/service`.
const THROWN: &str = "thrown/";
/// How long it can be fetched back, in milliseconds: a day.
const KEPT: u64 = 24 * 60 * 60 * 1000;

/// Whether a key is of a draft that was thrown away.
pub fn is_thrown(key: &str) -> bool {
    key.starts_with(THROWN)
}

/// Throws a draft away: for a day it is kept under the key that is returned, durably as before.
pub fn throw(state: &Rc<State>, key: &str) -> Option<String> {
    forget_old(state);
    let draft = state.drafts.with_untracked(|drafts| drafts.get(key).map(|head| head.draft.clone()))?;
    let thrown = format!("{THROWN}{}/{key}", platform::now());
    keep(state, &thrown, &draft);
    drop_it(state, key);
    Some(thrown)
}

/// Fetches one back to where it was. What was begun there meanwhile is thrown away in its turn.
pub fn fetch_back(state: &Rc<State>, thrown: &str) -> Option<Draft> {
    let (_, key) = thrown.strip_prefix(THROWN)?.split_once('/')?;
    let draft = state.drafts.with_untracked(|drafts| drafts.get(thrown).map(|head| head.draft.clone()))?;
    throw(state, key);
    keep(state, key, &draft);
    drop_it(state, thrown);
    Some(draft)
}

/// Forgets what was thrown away more than a day ago.
fn forget_old(state: &Rc<State>) {
    let now = platform::now();
    let is_old = |(key, head): &(&String, &DraftHead)| is_thrown(key) && now.saturating_sub(head.at) > KEPT;
    let old: Vec<String> =
        state.drafts.with_untracked(|drafts| drafts.iter().filter(is_old).map(|(key, _)| key.clone()).collect());
    old.iter().for_each(|key| drop_it(state, key));
}

/// Forgets a draft.
pub fn drop_it(state: &Rc<State>, key: &str) {
    if state.drafts.with_untracked(|drafts| drafts.contains_key(key)) {
        state.drafts.update(|drafts| drop(drafts.remove(key)));
    }
    put(state, key, None);
}

fn put(state: &Rc<State>, key: &str, head: Option<DraftHead>) {
    state.unwritten.borrow_mut().insert(key.into(), head);
    if !state.writing.replace(true) {
        let state = state.clone();
        spawn_local(async move {
            write(&state).await;
            state.writing.set(false);
            if state.has_left.take() {
                // The page stayed after all.
                prefs::forget_left(&state.place());
            }
        });
    }
}

/// Keeps what is still unwritten where it is kept at once: the page may be gone before the database takes it, and then the
/// browser drops what waits there.
pub fn leave(state: &Rc<State>) {
    let (Some(seat), Some(me)) = (state.seat.borrow().clone(), state.account()) else { return };
    let unwritten = state.unwritten.borrow();
    let under_way = state.under_way.borrow().clone().filter(|head| !unwritten.contains_key(&head.key));
    let heads = unwritten.values().flatten().cloned().chain(under_way);
    let kept = heads.map(|DraftHead { key, draft, at }| Kept { by: me.account.clone(), key, draft, at });
    let sealed: Vec<SealedDraft> = kept.filter_map(|kept| seat.store.sealed_draft(&kept)).collect();
    if !sealed.is_empty() {
        prefs::keep_left(&state.place(), &sealed);
        state.has_left.set(true);
    }
}

/// Takes back what a page kept as it went.
pub async fn come_back(state: &State, store: &Store) {
    for draft in prefs::left(&state.place()) {
        if let Err(error) = store.take_draft(draft).await {
            gloo::console::warn!(error.to_string());
        }
    }
    prefs::forget_left(&state.place());
}

async fn write(state: &Rc<State>) {
    loop {
        // Let go of before anything is awaited: key presses go on meanwhile. What is kept goes before what is dropped, so
        // that a draft on its way to another key is at no time under none.
        let next = {
            let mut unwritten = state.unwritten.borrow_mut();
            let kept = unwritten.iter().find(|(_, head)| head.is_some()).map(|(key, _)| key.clone());
            kept.and_then(|key| unwritten.remove_entry(&key)).or_else(|| unwritten.pop_first())
        };
        let Some((key, head)) = next else { return };
        let (Some(seat), Some(me)) = (state.seat.borrow().clone(), state.account()) else { return };
        state.under_way.replace(head.clone());
        let written = match head {
            Some(DraftHead { key, draft, at }) => seat.store.keep_draft(Kept { by: me.account, key, draft, at }).await,
            None => seat.store.drop_draft(&me.account, &key).await,
        };
        state.under_way.take();
        if let Err(error) = written {
            // The form itself still holds it, and the next key press tries again.
            gloo::console::warn!(error.to_string());
        }
    }
}

/// The names of the account's drafts of these records.
pub fn of(state: &State, drafts: &[Draft]) -> Vec<String> {
    let is_of = |head: &DraftHead| drafts.iter().any(|d| d.record == head.draft.record && d.mends == head.draft.mends);
    state
        .drafts
        .with_untracked(|heads| heads.values().filter(|head| is_of(head)).map(|head| head.key.clone()).collect())
}

/// Stops drafts that are still on their way to the store.
pub fn recall(state: &State, keys: &[String]) {
    keys.iter().for_each(|key| drop(state.unwritten.borrow_mut().remove(key)));
}

/// Sends them on their way again, after what was to make them obsolete did not come off.
pub fn put_back(state: &Rc<State>, keys: &[String]) {
    for key in keys {
        if let Some(head) = state.drafts.with_untracked(|heads| heads.get(key).cloned()) {
            put(state, key, Some(head));
        }
    }
}

/// Shows them no longer.
pub fn forget(state: &State, keys: &[String]) {
    if !keys.is_empty() {
        state.drafts.update(|heads| keys.iter().for_each(|key| drop(heads.remove(key))));
    }
}

/// Waits until every draft is written.
pub async fn written(state: &Rc<State>) {
    while state.writing.get() {
        platform::sleep(5).await;
    }
}

/// Shows what the store has of the account's drafts.
pub fn show(state: &State, store: &Store) {
    let account = state.account().map(|me| me.account);
    let own = store.drafts().into_iter().map(|(_, kept)| kept).filter(|kept| Some(&kept.by) == account.as_ref());
    let heads: BTreeMap<_, _> =
        own.map(|Kept { key, draft, at, .. }| (key.clone(), DraftHead { key, draft, at })).collect();
    State::set(&state.drafts, heads);
}
