//! Driving the engine: every event goes through one queue, every effect is carried out in the background and answered
//! with one event.

use std::{collections::BTreeSet, rc::Rc};

use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use records::Pack;
use sync::{
    Bucket, Change, block,
    engine::{self, Checkpoint, Effect, Event, Failure, Staged},
    wire::{Verdict, is_of_number},
};
use wasm_bindgen_futures::spawn_local;

use super::{Alarm, Phase, clock, files, read, refusals, seat::Seat, state::State, withdraw};
use crate::{
    net::{self, News, Trouble},
    platform,
    store::StoreError,
};

/// Tells the engine. An event that comes while another is being taken in waits its turn.
pub fn tell(state: &Rc<State>, seat: &Rc<Seat>, event: Event) {
    seat.events.borrow_mut().push_back(event);
    if seat.stepping.replace(true) {
        return;
    }
    loop {
        let Some(event) = seat.events.borrow_mut().pop_front() else { break };
        let effects = seat.engine.borrow_mut().step(platform::now(), platform::noise(), event);
        for effect in effects {
            carry_out(state, seat, effect);
        }
    }
    seat.stepping.set(false);
    show(state, seat);
}

fn show(state: &Rc<State>, seat: &Rc<Seat>) {
    if seat.alarmed.get() || !seat.is_open() {
        return;
    }
    let status = seat.engine.borrow().status();
    let phase = status.phase.clone();
    if withdraw::obey(state, seat, &status) {
        return;
    }
    state.settle(&seat.store, status);
    match phase {
        engine::Phase::Resting => {
            listen(state, seat);
            files::tend(state, seat);
            refusals::tend(state, seat);
            compact(state, seat);
        }
        // Else the browser would try to reach the office every few seconds, at doors without signal too.
        engine::Phase::Paused(_) => drop(seat.news.borrow_mut().take()),
        engine::Phase::SignIn => {
            drop(seat.news.borrow_mut().take());
            withdraw::listen(state, seat);
        }
        _ => {}
    }
}

fn carry_out(state: &Rc<State>, seat: &Rc<Seat>, effect: Effect) {
    if seat.alarmed.get() {
        return;
    }
    match effect {
        Effect::Timer(millis) => {
            let (timed, sat) = (state.clone(), seat.clone());
            let millis = u32::try_from(millis).unwrap_or(u32::MAX);
            *seat.timer.borrow_mut() = Some(Timeout::new(millis, move || tell(&timed, &sat, Event::Wake)));
        }
        Effect::Pack(version) => fetch_pack(state, seat, |pack| pack.version == version),
        Effect::Alarm { server, device } => {
            // What was pushed under numbers the office knows already was taken for what it has under them. Nothing is
            // settled by its answer; the person decides.
            seat.alarmed.set(true);
            seat.timer.borrow_mut().take();
            State::set(&state.phase, Phase::Lost(Alarm { here: device, known: server, at_office: true }));
        }
        effect => {
            let (state, seat, turn) = (state.clone(), seat.clone(), seat.turn.get());
            spawn_local(async move {
                let event = answer(&state, &seat, effect).await.unwrap_or_else(Event::Failed);
                if seat.turn.get() == turn && seat.is_open() {
                    tell(&state, &seat, event);
                }
            });
        }
    }
}

async fn answer(state: &Rc<State>, seat: &Rc<Seat>, effect: Effect) -> Result<Event, Failure> {
    let lang = state.lang.get_untracked();
    Ok(match effect {
        Effect::Send(mut request) => {
            request.sent_at = Some(platform::reading());
            // A cursor of no buckets is how a device that was taken out of use says that it is empty: only `withdraw` says it.
            request.cursor = request.cursor.filter(|cursor| !cursor.scope.is_empty());
            let answer = net::sync(&request, lang).await.map_err(|t| t.failure())?;
            withdraw::heard(state, seat, &answer);
            clock::heard(state, seat, &answer);
            // What is refused, or may be read from now on, can mean another post.
            let is_refused = answer.receipts.iter().any(|receipt| matches!(receipt.verdict, Verdict::Refused { .. }));
            if is_refused || request.cursor.as_ref().is_some_and(|had| had.scope != answer.next.scope) {
                refresh_account(state, seat);
            }
            // Another one under the same number.
            if !answer.pack_print.is_empty() {
                fetch_pack(state, seat, |pack| pack.print == answer.pack_print);
            }
            Event::Answered(Box::new(answer))
        }
        Effect::Stage(staged) => {
            seat.store.stage(&staged).await.map_err(unkept)?;
            Event::Stored
        }
        Effect::Fetch(ids) => {
            let missing = seat.store.missing(ids);
            if !missing.is_empty() {
                let blocks = net::blocks(missing, lang).await.map_err(|t| t.failure())?;
                seat.store.keep_blocks(blocks).await.map_err(unkept)?;
            }
            Event::Fetched
        }
        Effect::Switch(staged) => switch(state, seat, &staged).await?,
        Effect::Store(checkpoint) => store(state, seat, checkpoint).await?,
        Effect::Verify(sums) => {
            // Of half the records every checksum differs.
            if !read::whole(state).await {
                return Err(Failure::Store);
            }
            let book = state.book.borrow();
            let differ = sums.into_iter().filter(|(bucket, sum)| book.sum(bucket.kind()) != *sum);
            Event::Verified(differ.map(|(bucket, _)| bucket).collect())
        }
        Effect::Timer(_) | Effect::Pack(_) | Effect::Alarm { .. } => Event::Wake,
    })
}

fn unkept(error: StoreError) -> Failure {
    gloo::console::warn!(error.to_string());
    if error == StoreError::Full { Failure::Full } else { Failure::Store }
}

/// Puts fetched blocks in use, then shows them.
async fn switch(state: &Rc<State>, seat: &Rc<Seat>, staged: &Staged) -> Result<Event, Failure> {
    let mut records = Vec::new();
    for lot in staged.manifest.blocks.chunks(4) {
        let keys = lot.iter().map(|block| block.id.0.clone()).collect();
        for bytes in seat.store.blocks(keys).await.map_err(unkept)? {
            // Each was held against its name when it came; one that is gone or broken now means the store is failing.
            let block = bytes.and_then(|bytes| block::decode(&bytes).ok()).ok_or(Failure::Store)?;
            records.extend(block);
        }
    }
    let recalled = seat.store.switch(staged).await.map_err(unkept)?;
    let kinds = staged.manifest.buckets.iter().map(Bucket::kind);
    show_records(state, seat, kinds.collect(), records);
    recall(state, seat, recalled);
    state.revision.notify();
    Ok(Event::Stored)
}

/// Keeps a checkpoint, then shows it.
async fn store(state: &Rc<State>, seat: &Rc<Seat>, checkpoint: Checkpoint) -> Result<Event, Failure> {
    let pack = state.pack.get_untracked();
    let recalled = seat.store.checkpoint(&pack, &checkpoint).await.map_err(unkept)?;
    let Checkpoint { records, settled, refused, revoked, .. } = checkpoint;
    let shows = !(records.is_empty() && settled.is_empty() && revoked.is_empty());
    show_records(state, seat, revoked.iter().map(Bucket::kind).collect(), records);
    settled.iter().for_each(|number| state.book.borrow_mut().settle(*number));
    recall(state, seat, recalled);
    clock::come_down(seat);
    if shows || !refused.is_empty() {
        state.recount(&seat.store);
    }
    let is_of_another = refused.iter().any(|receipt| is_reused(&receipt.verdict));
    if is_of_another {
        // Another machine writes under this device's identity: it goes on under one of its own, with all that waits here.
        seat.alarmed.set(true);
        seat.timer.borrow_mut().take();
        let last = seat.counter.get().last;
        State::set(&state.phase, Phase::Lost(Alarm { here: last, known: last, at_office: true }));
    }
    Ok(Event::Stored)
}

/// The office may have given the account another name or post since; asked in the background.
pub fn refresh_account(state: &Rc<State>, seat: &Rc<Seat>) {
    let Some(me) = state.account().filter(|_| platform::is_online()) else { return };
    let (state, seat) = (state.clone(), seat.clone());
    spawn_local(async move {
        let Ok(now) = net::who(state.lang.get_untracked()).await else { return };
        let is_same = now.account == me.account && state.account().is_some_and(|me| me.account == now.account);
        if is_same && now != me && seat.store.sign_in(now.clone()).await.is_ok() {
            platform::set_zone(now.zone);
            State::set(&state.me, Some(now));
        }
    });
}

fn is_reused(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Refused { problems } if is_of_number(problems))
}

/// The office was put back to an older backup: these of our changes may be gone there, so they show and wait again.
fn recall(state: &Rc<State>, seat: &Rc<Seat>, changes: Vec<Change>) {
    if changes.is_empty() {
        return;
    }
    let account = state.account().map(|me| me.account);
    for change in changes.iter().filter(|change| Some(&change.author) == account.as_ref()) {
        state.book.borrow_mut().write(change.clone());
    }
    state.recount(&seat.store);
    tell(state, seat, Event::Recalled(changes));
}

fn show_records(state: &State, seat: &Seat, forget: BTreeSet<&str>, records: Vec<sync::Record>) {
    let mut counter = seat.counter.get();
    let mut book = state.book.borrow_mut();
    forget.into_iter().for_each(|kind| book.forget_kind(kind));
    book.take_all(records);
    let now = platform::now();
    counter.see_moment(book.latest(), now);
    seat.count(counter);
}

fn fetch_pack(state: &Rc<State>, seat: &Rc<Seat>, is_it: impl FnOnce(&Pack) -> bool) {
    if state.pack.with_untracked(|pack| is_it(pack)) || seat.fetching_pack.replace(true) {
        return;
    }
    let (state, seat) = (state.clone(), seat.clone());
    spawn_local(async move {
        drop(bring_pack(&state).await);
        seat.fetching_pack.set(false);
    });
}

/// Takes over the office's pack. Drafts stay as they are: a question more shows in them, an answer to one that is out of
/// use stays and shows.
pub async fn bring_pack(state: &Rc<State>) -> Result<(), Trouble> {
    let pack = net::pack(state.lang.get_untracked()).await?;
    if let Some(seat) = state.seat() {
        // A pack that could not be kept still serves until the page closes.
        let _ = seat.store.keep_pack(pack.clone()).await;
    }
    state.pack.set(Rc::new(pack));
    Ok(())
}

/// Hears of news at the office while online; after a sync that worked, so that there is an office.
fn listen(state: &Rc<State>, seat: &Rc<Seat>) {
    let mut news = seat.news.borrow_mut();
    let has_synced = seat.engine.borrow().status().last.is_some();
    if !has_synced || news.as_ref().is_some_and(|news| !news.is_over()) {
        return;
    }
    let (state, seat) = (Rc::downgrade(state), Rc::downgrade(seat));
    *news = News::listen(move || {
        if let (Some(state), Some(seat)) = (state.upgrade(), seat.upgrade()) {
            tell(&state, &seat, Event::Wake);
        }
    });
}

/// Rewrites small blocks while there is nothing else to do.
fn compact(state: &Rc<State>, seat: &Rc<Seat>) {
    if seat.compacting.replace(true) {
        return;
    }
    let (state, seat) = (state.clone(), seat.clone());
    spawn_local(async move {
        // Let what woke us be painted first.
        platform::sleep(500).await;
        while seat.is_open() && !seat.alarmed.get() {
            let pack = state.pack.get_untracked();
            // What is not in the book yet would be lost from the blocks.
            if !read::whole(&state).await {
                break;
            }
            match seat.store.compact(&pack, &state.book).await {
                Ok(true) => platform::sleep(100).await,
                Ok(false) | Err(_) => break,
            }
        }
        seat.compacting.set(false);
    });
}
