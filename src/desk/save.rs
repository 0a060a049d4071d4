//! Saving: judge, write one strict row, then show, then sync. And what can be done about changes the office refused.

use std::{collections::BTreeMap, rc::Rc};

use leptos::prelude::*;
use records::{Context, Pack, Problem, RecordId, User};
use sync::{Among, Change, Draft, Record, book::Book, change::UNFINISHED, engine::Event, judge::judge};
use wasm_bindgen_futures::spawn_local;

use super::{draft, drive::tell, pen::Counter, prefs, read, seat::Seat, state::State};
use crate::{
    platform,
    store::{StoreError, mirror::Mirror},
    view::follow::follows,
};

/// Judges the drafts in order, each over what the ones before it would change, and saves them as one act.
pub async fn save(state: &Rc<State>, drafts: Vec<Draft>) -> Result<(), Vec<Problem>> {
    let closed = || vec![StoreError::Closed.problem()];
    let seat = state.seat().filter(|seat| !seat.alarmed.get()).ok_or_else(closed)?;
    let _saving = seat.saving.lock().await;
    if !seat.is_open() {
        return Err(closed());
    }
    // What is to be changed may stand in a block that is still to be read, also in part.
    let is_known = |draft: &Draft| draft.mends.is_none() && draft.was.is_empty();
    let are_here = drafts.iter().all(is_known) || read::whole(state).await && seat.is_open();
    if !are_here {
        return Err(closed());
    }
    super::clock::look(state, &seat);
    let now = platform::now();
    let mut counter = seat.counter.get();
    let changes = judged(state, &seat, &drafts, &mut counter, now)?;
    let reverted = drafts.iter().filter_map(|d| d.mends).filter(|n| !changes.iter().any(|c| c.mends == Some(*n)));
    for number in reverted.collect::<Vec<_>>() {
        // Mended back to what the office has: there is nothing left to send.
        seat.store.set_aside(number).await.map_err(|e| vec![e.problem()])?;
        state.book.borrow_mut().settle(number);
    }
    if changes.is_empty() {
        state.recount(&seat.store);
        return Ok(());
    }
    // Saved, they are drafts no longer; those still on their way to the store must not arrive after it.
    let keys = draft::of(state, &drafts);
    draft::recall(state, &keys);
    if let Err(error) = seat.store.act(changes.clone(), now, &keys).await {
        draft::put_back(state, &keys);
        return Err(vec![error.problem()]);
    }
    // Durable from here on.
    seat.count(counter);
    prefs::keep_mirror(&state.place(), Mirror { device: counter.device(), last: counter.last });
    draft::forget(state, &keys);
    show(state, &seat, changes);
    if !state.asked_to_persist.replace(true) {
        spawn_local(async { _ = platform::persist().await });
    }
    Ok(())
}

fn judged(
    state: &State,
    seat: &Seat,
    drafts: &[Draft],
    counter: &mut Counter,
    now: u64,
) -> Result<Vec<Change>, Vec<Problem>> {
    let me = state.account().ok_or_else(|| {
        let (zh, en) =
            ("请先登录，再保存。填写的内容还在。", "Please sign in first. What you filled in is still here.");
        vec![Problem::new("signed_out", zh, en)]
    })?;
    let pack = state.pack.get_untracked();
    let book = state.book.borrow();
    let mut merged: BTreeMap<RecordId, Record> = BTreeMap::new();
    let (mut changes, mut problems) = (Vec::new(), Vec::new());
    for draft in drafts {
        let Some(change) = draft.change(&pack, counter.next(now, &me.account)) else {
            // Nothing to say uses up no number; numbers of one act follow each other.
            counter.last -= 1;
            continue;
        };
        let before = match (merged.get(&draft.record), draft.mends) {
            (Some(record), _) => Some(record.clone()),
            (None, Some(number)) => without(&book, seat, draft.record, number),
            (None, None) => book.get(draft.record).cloned(),
        };
        let user = User { name: &me.account, post: &me.post };
        let context =
            Context { today: platform::today(), user, lookup: &Among(|id| merged.get(&id).or_else(|| book.get(id))) };
        match judge(&pack, &change, before.as_ref(), &context) {
            Ok(record) => {
                let entailed = entailed(&pack, draft, &context, |id| merged.get(&id).or_else(|| book.get(id)).cloned());
                merged.insert(record.id, record);
                changes.push(change);
                // What it entails goes with it where it can, and stands in its way nowhere.
                for (draft, before) in entailed {
                    let Some(change) = draft.change(&pack, counter.next(now, &me.account)) else { continue };
                    let user = User { name: &me.account, post: &me.post };
                    let lookup = Among(|id| merged.get(&id).or_else(|| book.get(id)));
                    let context = Context { today: platform::today(), user, lookup: &lookup };
                    match judge(&pack, &change, Some(&before), &context) {
                        Ok(record) => {
                            merged.insert(record.id, record);
                            changes.push(change);
                        }
                        Err(_) => counter.last -= 1,
                    }
                }
            }
            Err(found) => problems.extend(found),
        }
    }
    if problems.is_empty() { Ok(changes) } else { Err(problems) }
}

/// What saving a draft entails, each change with the record it is of.
fn entailed(
    pack: &Pack,
    draft: &Draft,
    context: &Context<'_>,
    of: impl Fn(RecordId) -> Option<Record>,
) -> Vec<(Draft, Record)> {
    let all = follows(pack, draft, context, &of).into_iter();
    all.filter_map(|draft| of(draft.record).map(|record| (draft, record))).collect()
}

/// A record as it would be without one refused change: what the office has, with own changes that wait over it.
fn without(book: &Book, seat: &Seat, id: RecordId, number: u64) -> Option<Record> {
    let own = seat.store.queue().into_iter().filter(|c| c.record == id && c.number != number);
    let states = book.settled(id).cloned().into_iter().chain(own.map(|c| Record::from(&c)));
    states.reduce(|mut whole, state| {
        whole.join(state);
        whole
    })
}

fn show(state: &Rc<State>, seat: &Rc<Seat>, changes: Vec<Change>) {
    {
        let mut book = state.book.borrow_mut();
        for change in &changes {
            book.write(change.clone());
            if let Some(number) = change.mends {
                book.settle(number);
            }
        }
    }
    match changes.iter().any(|change| change.mends.is_some()) {
        true => state.recount(&seat.store),
        false => state.wait_for(&changes),
    }
    tell(state, seat, Event::Saved(changes));
}

/// A draft that starts from the whole record as it shows with the refused change.
pub fn mend(state: &State, number: u64) -> Option<Draft> {
    let seat = state.seat()?;
    let (change, _) = seat.store.refused().into_iter().find(|(change, _)| change.number == number)?;
    let book = state.book.borrow();
    let mut draft = match without(&book, &seat, change.record, number) {
        Some(record) => Draft::of(&record),
        None => Draft::new(change.record, &change.kind, Default::default()),
    };
    draft.now = book.get(change.record).map(Record::values).unwrap_or_default();
    (draft.why, draft.mends) = (change.why, Some(number));
    Some(draft)
}

/// Gives a refused change up, which stays in the log under what was given up, or takes it up again among what was refused.
pub async fn set_given_up(state: &Rc<State>, number: u64, is_given_up: bool) -> Result<(), StoreError> {
    let seat = state.seat().ok_or(StoreError::Closed)?;
    let _saving = seat.saving.lock().await;
    if is_given_up {
        seat.store.give_up(number).await?;
        state.book.borrow_mut().settle(number);
    } else {
        seat.store.take_up(number).await?;
        let taken = seat.store.refused().into_iter().find(|(change, _)| change.number == number);
        taken.into_iter().for_each(|(change, _)| state.book.borrow_mut().write(change));
    }
    state.recount(&seat.store);
    Ok(())
}

/// Sends refused changes again as they are, under new numbers and with the moments they were written at: the office may
/// have the right, the rule or the change itself by now.
pub async fn resend(state: &Rc<State>, numbers: &[u64]) -> Result<(), Problem> {
    let closed = || StoreError::Closed.problem();
    let seat = state.seat().filter(|seat| !seat.alarmed.get()).ok_or_else(closed)?;
    let _saving = seat.saving.lock().await;
    let mut counter = seat.counter.get();
    let refused = seat.store.refused().into_iter().map(|(change, _)| change);
    let again = refused.filter(|change| numbers.contains(&change.number) && !change.more.contains_key(UNFINISHED));
    let changes: Vec<Change> = again
        .map(|change| {
            counter.last += 1;
            Change { device: counter.device(), number: counter.last, mends: Some(change.number), ..change }
        })
        .collect();
    if !changes.is_empty() {
        seat.store.act(changes.clone(), platform::now(), &[]).await.map_err(|error| error.problem())?;
        seat.count(counter);
        prefs::keep_mirror(&state.place(), Mirror { device: counter.device(), last: counter.last });
        show(state, &seat, changes);
    }
    Ok(())
}

/// All that the office does not have, photos and refused changes too, as a file that only the office opens.
pub async fn export(state: &State) -> Result<(), StoreError> {
    let seat = state.seat.borrow().clone().ok_or(StoreError::Closed)?;
    let account = state.account().ok_or(StoreError::Locked)?.account;
    let Some(parcel) = seat.store.parcel(&account).await? else { return Ok(()) };
    let name = format!("linli-{}.parcel", platform::today());
    platform::download(&name, "application/octet-stream", &parcel).map_err(|e| StoreError::Failing(format!("{e:?}")))
}
