//! Reading the blocks into the book: what the first screen needs before it shows, the rest behind it.
//!
//! The register comes first, then the newest facts of every kind. Until all is open ([`State::whole`]) nothing that must know
//! all of it goes on: checksums are not compared, blocks are not rewritten, refused changes are not put right, and pages
//! over all records say that they wait. What the office says meanwhile joins with what comes later from the blocks, in
//! whatever order.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use futures_util::future::join;
use leptos::prelude::{GetUntracked, Notify, WithUntracked};
use records::pack::Nature;
use sync::{Bucket, block};
use wasm_bindgen_futures::spawn_local;

use super::{Phase, seat::Seat, state::State};
use crate::{
    platform,
    store::{Held, StoreError},
    tabs::Bell,
};

/// Blocks read at once while nothing is shown yet.
const LOT: usize = 16;
/// The same behind the first screen, where the browser must paint and take input in between: some ten milliseconds' work.
const SLICE: usize = 6;
/// Facts that are open before the first screen: all of a young community's, the last year of an old one's.
const FIRST: usize = 24_000;

/// What of the manifest has been read.
#[derive(Default)]
struct Read {
    opened: BTreeSet<String>,
    bad: BTreeSet<String>,
}

/// Reads what is needed most into a new book; the rest follows by itself. The caller holds the saving lock.
pub async fn fill(state: &Rc<State>, seat: &Rc<Seat>) -> Result<(), StoreError> {
    let book = state.book.borrow().renewed();
    state.book.replace(book);
    // Whoever waits for what an earlier turn was reading learns that it is of no use any more.
    state.opened.replace(Bell::default()).ring();
    State::set(&state.whole, false);
    let blocks = in_order(state, seat.store.here().blocks);
    let pack = state.pack.get_untracked();
    let is_fact = |held: &Held| pack.kind(held.bucket.kind()).is_none_or(|kind| kind.nature == Nature::Fact);
    let mut facts = 0;
    let first = blocks.iter().take_while(|held| {
        // Counted before this one: a single block more does no harm, and nothing is left out for being large.
        let fits = !is_fact(held) || facts < FIRST;
        facts += if is_fact(held) { held.records as usize } else { 0 };
        fits
    });
    let first: Vec<String> = first.map(|held| held.key.clone()).collect();
    let records = blocks.iter().map(|held| held.records as usize).sum();
    state.book.borrow_mut().reserve(records);
    let mut read = Read::default();
    take(state, seat, &first, LOT, &mut read).await?;
    let is_rest = blocks.len() > read.opened.len();
    if !is_rest {
        return finish(state, seat, read).await;
    }
    let (state, seat, opened) = (state.clone(), seat.clone(), state.opened.borrow().clone());
    spawn_local(async move {
        if let Err(error) = rest(&state, &seat, read).await
            && seat.is_open()
        {
            State::set(&state.phase, Phase::broken(&error));
        }
        // Whoever still waits need not: either all is open, or it will not be.
        opened.ring();
    });
    Ok(())
}

/// Reads what is left of the manifest as it then is: the office may have changed it meanwhile.
async fn rest(state: &Rc<State>, seat: &Rc<Seat>, mut read: Read) -> Result<(), StoreError> {
    let turn = seat.turn.get();
    // The first screen is made before older records are looked for.
    platform::breathe().await;
    while seat.turn.get() == turn && seat.is_open() {
        let blocks = in_order(state, seat.store.here().blocks);
        let left: Vec<String> =
            blocks.into_iter().map(|held| held.key).filter(|key| !read.opened.contains(key)).collect();
        if left.is_empty() {
            finish(state, seat, read).await?;
            state.revision.notify();
            break;
        }
        take(state, seat, &left, SLICE, &mut read).await?;
    }
    Ok(())
}

/// Takes blocks into the book, so many at once; while these are worked on, the shelf reads the next.
async fn take(state: &State, seat: &Seat, keys: &[String], at_once: usize, read: &mut Read) -> Result<(), StoreError> {
    let turn = seat.turn.get();
    let mut lots = keys.chunks(at_once);
    let Some(mut lot) = lots.next() else { return Ok(()) };
    let mut found = seat.store.blocks(lot.to_vec()).await?;
    while seat.turn.get() == turn && seat.is_open() {
        let next = lots.next();
        let ahead = async {
            match next {
                Some(next) => seat.store.blocks(next.to_vec()).await,
                None => Ok(Vec::new()),
            }
        };
        // In this order: what is polled first is on its way while the other takes the thread.
        let (more, ()) = join(ahead, async { take_in(state, seat, lot, found, read) }).await;
        let Some(next) = next else { break };
        (lot, found) = (next, more?);
    }
    Ok(())
}

fn take_in(state: &State, seat: &Seat, lot: &[String], found: Vec<Option<Vec<u8>>>, read: &mut Read) {
    let mut book = state.book.borrow_mut();
    for (key, bytes) in lot.iter().zip(found) {
        read.opened.insert(key.clone());
        // What the office took away or put anew while the shelf was read is no longer in use, and must not come back.
        if !seat.store.holds(key) {
            continue;
        }
        match bytes.and_then(|bytes| block::reopen(&bytes).ok()) {
            Some(records) => book.take_all(records),
            None => drop(read.bad.insert(key.clone())),
        }
    }
    let mut counter = seat.counter.get();
    counter.see_moment(book.latest(), platform::now());
    seat.count(counter);
}

async fn finish(state: &State, seat: &Seat, read: Read) -> Result<(), StoreError> {
    if !read.bad.is_empty() {
        seat.store.drop_blocks(&read.bad).await?;
    }
    State::set(&state.whole, true);
    state.opened.borrow().ring();
    platform::mark("linli:all");
    Ok(())
}

/// Waits until all records are open, or will not be: whether they are.
#[must_use]
pub async fn whole(state: &State) -> bool {
    let is_whole = || state.whole.with_untracked(|whole| *whole);
    if !is_whole() {
        let opened = state.opened.borrow().clone();
        opened.rung().await;
    }
    is_whole()
}

/// In order of need: kinds of the register as the pack has them, then facts, of each kind the newest first. Blocks stand in
/// the manifest as they came, and ids and times go up together.
fn in_order(state: &State, blocks: Vec<Held>) -> Vec<Held> {
    let (scope, pack) = (state.scope(), state.pack.get_untracked());
    let place = |bucket: &Bucket| scope.iter().position(|b| b == bucket).unwrap_or(usize::MAX);
    let is_fact = |held: &Held| pack.kind(held.bucket.kind()).is_none_or(|kind| kind.nature == Nature::Fact);
    let mut of_kind: BTreeMap<String, (u32, u32)> = BTreeMap::new();
    blocks.iter().for_each(|held| of_kind.entry(held.bucket.kind().to_owned()).or_default().1 += 1);
    let mut ranked: Vec<_> = blocks
        .into_iter()
        .map(|held| {
            let (seen, all) = of_kind.entry(held.bucket.kind().to_owned()).or_default();
            *seen += 1;
            // Parts in a thousand of the kind that are newer.
            let newer = 1000 * (*all - *seen) / (*all).max(1);
            let rank = if is_fact(&held) { (1, newer as usize) } else { (0, place(&held.bucket)) };
            (rank, held)
        })
        .collect();
    ranked.sort_by_key(|(rank, _)| *rank);
    ranked.into_iter().map(|(_, held)| held).collect()
}
