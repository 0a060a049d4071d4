//! The tablet's side of sync as a state machine without I/O: events in, effects out.
//!
//! One *round* pushes what waits, pulls what is new, stores both at one checkpoint, compares checksums, and rests until
//! something wakes it. The shell (app, test, simulation) carries out effects and answers each with one event. Whatever
//! goes wrong, the queue of unsettled changes is untouched: a change leaves it only when the store says that the
//! server's verdict and its effect are durable here.

use std::collections::BTreeMap;

use crate::{
    Bucket, Change, DeviceId,
    block::BlockId,
    wire::{Cursor, MAX_CHANGES, MAX_PUSH_BYTES, Receipt, SCHEMA, SyncRequest, SyncResponse},
};

mod pause;
mod portion;
mod round;
mod words;
pub use pause::{Failure, UNREADABLE};
pub use portion::Portion;
use round::Round;
pub use words::{Checkpoint, Effect, Event, Phase, Staged, Status};

/// Most batches that a round pushes before it is kept: a year's work of a tablet that was away, some five megabytes.
const MAX_RUN: usize = 10;

/// Most blocks fetched at once: half a megabyte.
const MAX_FETCH: usize = 16;

/// The engine. See the module's words; [`Engine::step`] is all there is.
#[derive(Clone, Debug)]
pub struct Engine {
    device: DeviceId,
    account: Option<String>,
    cursor: Option<Cursor>,
    queue: BTreeMap<u64, Change>,
    last_number: u64,
    state: State,
    round: Round,
    /// A wake came while busy.
    again: bool,
    failures: u32,
    /// Bytes of changes in a request.
    push: Portion,
    /// Blocks in a request.
    fetch: Portion,
    /// Most batches until what came of them is kept: one after a line that broke in between, twice as many each time that the line holds.
    run: usize,
    last: Option<u64>,
    /// The round took something out of the queue, so another one may too.
    moved: bool,
}

#[derive(Clone, Debug, Default)]
enum State {
    #[default]
    Closed,
    SignIn,
    Resting,
    Paused(Failure),
    Asking {
        sent: Vec<u64>,
        /// Of the changes sent, as JSON.
        bytes: usize,
    },
    Staging(Staged),
    Fetching {
        staged: Staged,
        asked: Vec<BlockId>,
    },
    Switching(Staged),
    Storing(Checkpoint),
    Verifying,
}

impl Engine {
    /// An engine whose store is not open yet. `last_number` is the last change number this device gave out.
    pub fn new(device: DeviceId, last_number: u64) -> Self {
        Self {
            device,
            account: None,
            cursor: None,
            queue: BTreeMap::new(),
            last_number,
            state: State::Closed,
            round: Round::default(),
            again: false,
            failures: 0,
            push: Portion::of_at_most(MAX_PUSH_BYTES),
            fetch: Portion::of_at_most(MAX_FETCH),
            run: MAX_RUN,
            last: None,
            moved: false,
        }
    }

    /// Takes in one event at `now` (milliseconds since 1970 UTC) with `noise` (any random number, for jitter), and says
    /// what to do. Answers that belong to nothing under way are ignored.
    pub fn step(&mut self, now: u64, noise: u64, event: Event) -> Vec<Effect> {
        match event {
            Event::Opened { cursor, queue, staged } => self.open(cursor, queue, staged),
            Event::SignedIn { account } => self.sign_in(account),
            Event::SignedOut => self.sign_out(),
            Event::Saved(changes) => self.saved(changes),
            Event::Recalled(changes) => self.recalled(changes),
            Event::Wake => self.wake(),
            Event::Answered(answer) => self.answered(now, noise, *answer),
            Event::Fetched => self.fetched(),
            Event::Stored => self.stored(now, noise),
            Event::Verified(differ) => self.verified(now, noise, differ),
            Event::Failed(failure) => self.failed(noise, failure),
        }
    }

    /// What the screen may say now.
    pub fn status(&self) -> Status {
        let phase = match &self.state {
            State::Closed => Phase::Closed,
            State::SignIn => Phase::SignIn,
            State::Resting => Phase::Resting,
            State::Paused(failure) => Phase::Paused(*failure),
            State::Staging(staged) | State::Fetching { staged, .. } | State::Switching(staged) => {
                Phase::Filling { done: staged.have.len(), total: staged.manifest.blocks.len() }
            }
            State::Asking { .. } | State::Storing(_) | State::Verifying => Phase::Working,
        };
        let others = self.queue.values().filter(|c| Some(&c.author) != self.account.as_ref()).count();
        Status { waiting: self.queue.len(), others, phase, last: self.last }
    }

    /// Changes without a receipt, by number.
    pub fn queue(&self) -> impl Iterator<Item = &Change> {
        self.queue.values()
    }

    fn open(&mut self, cursor: Option<Cursor>, queue: Vec<Change>, staged: Option<Staged>) -> Vec<Effect> {
        self.cursor = cursor;
        self.last_number = queue.iter().map(|c| c.number).max().unwrap_or(0).max(self.last_number);
        self.queue.extend(queue.into_iter().map(|c| (c.number, c)));
        if self.account.is_none() {
            self.state = State::SignIn;
            return vec![];
        }
        match staged {
            Some(staged) => self.fetch(staged),
            None => self.ask(),
        }
    }

    fn sign_in(&mut self, account: String) -> Vec<Effect> {
        self.account = Some(account);
        match self.state {
            State::SignIn | State::Resting | State::Paused(_) => self.ask(),
            _ => vec![],
        }
    }

    fn sign_out(&mut self) -> Vec<Effect> {
        self.account = None;
        if !matches!(self.state, State::Closed) {
            self.state = State::SignIn;
        }
        self.round = Round::default();
        vec![]
    }

    fn saved(&mut self, changes: Vec<Change>) -> Vec<Effect> {
        for change in changes {
            self.last_number = self.last_number.max(change.number);
            self.queue.insert(change.number, change);
        }
        match self.state {
            // A pause is waited out: saving at a door without signal must not try the radio at every visit.
            State::Paused(_) => vec![],
            _ => self.wake(),
        }
    }

    /// The answer to the effect under way is still to come; what waits again goes out with the next request.
    fn recalled(&mut self, changes: Vec<Change>) -> Vec<Effect> {
        self.moved |= !changes.is_empty();
        self.queue.extend(changes.into_iter().map(|c| (c.number, c)));
        vec![]
    }

    fn wake(&mut self) -> Vec<Effect> {
        match self.state {
            State::Resting | State::Paused(_) => self.ask(),
            State::Closed | State::SignIn => vec![],
            _ => {
                self.again = true;
                vec![]
            }
        }
    }

    /// What the account has waiting that this round is still to bring: nothing once it has brought as many batches as may be
    /// lost together. Nothing either while buckets are fetched whole: where it made a case change hands, they would differ
    /// once more, and once a round is enough.
    fn unsent(&self) -> impl Iterator<Item = &Change> {
        let is_full = self.round.refetched || self.round.batches >= self.run;
        let own = self.queue.values().filter(move |c| !is_full && Some(&c.author) == self.account.as_ref());
        own.filter(|c| !self.round.receipts.contains_key(&c.number))
    }

    /// Asks for the next page, with what waits to be pushed.
    fn ask(&mut self) -> Vec<Effect> {
        let mut bytes = 0;
        let mut changes = Vec::new();
        for change in self.unsent().take(MAX_CHANGES) {
            // With the comma behind it.
            let more = serde_json::to_string(change).map_or(0, |json| json.len()) + 1;
            if bytes + more > self.push.size() && !changes.is_empty() {
                break;
            }
            bytes += more;
            changes.push(change.clone());
        }
        self.state = State::Asking { sent: changes.iter().map(|c| c.number).collect(), bytes };
        vec![Effect::Send(Box::new(SyncRequest {
            device: self.device,
            schema: SCHEMA,
            cursor: self.round.reached.clone().or_else(|| self.cursor.clone()),
            refetch: std::mem::take(&mut self.round.refetch),
            changes,
            // The shell's to say: `now` may be corrected.
            sent_at: None,
        }))]
    }

    fn answered(&mut self, now: u64, noise: u64, answer: SyncResponse) -> Vec<Effect> {
        let State::Asking { sent, .. } = &self.state else { return vec![] };
        let sent = sent.clone();
        self.failures = 0;
        let mut effects = vec![Effect::Pack(answer.pack)];
        if answer.last_number > self.last_number {
            effects.push(Effect::Alarm { server: answer.last_number, device: self.last_number });
            // From here on we must not give out numbers the server has seen.
            self.last_number = answer.last_number;
        }
        if answer.blocks.is_some() && self.round.is_ahead_of(self.cursor.as_ref()) {
            // The cursor kept with the blocks would be beyond pages that are not kept yet: again, from the kept one.
            self.round = Round::again(&self.round);
            effects.extend(self.ask());
            return effects;
        }
        let more = answer.more;
        // A server that says nothing of what it was sent is not sent the same again in this round.
        let is_heard = answer.receipts.iter().any(|receipt| sent.contains(&receipt.number));
        match self.round.take(answer, &sent) {
            Some(staged) => {
                self.state = State::Staging(staged.clone());
                effects.push(Effect::Stage(staged));
            }
            None if more || (is_heard && self.unsent().next().is_some()) => effects.extend(self.ask()),
            None => effects.extend(self.checkpoint(now, noise)),
        }
        effects
    }

    fn fetch(&mut self, staged: Staged) -> Vec<Effect> {
        let missing = staged.manifest.blocks.iter().map(|b| &b.id).filter(|id| !staged.have.contains(*id));
        let asked: Vec<BlockId> = missing.take(self.fetch.size()).cloned().collect();
        if asked.is_empty() {
            self.state = State::Switching(staged.clone());
            return vec![Effect::Switch(staged)];
        }
        self.state = State::Fetching { staged, asked: asked.clone() };
        vec![Effect::Fetch(asked)]
    }

    fn fetched(&mut self) -> Vec<Effect> {
        let State::Fetching { staged, asked } = &self.state else { return vec![] };
        let mut staged = staged.clone();
        staged.have.extend(asked.iter().cloned());
        self.fetch.grow();
        self.fetch(staged)
    }

    /// Ends the pulling part of a round: everything of it is stored at once.
    fn checkpoint(&mut self, now: u64, noise: u64) -> Vec<Effect> {
        let checkpoint = self.round.checkpoint(self.cursor.as_ref());
        if checkpoint.is_nothing() && checkpoint.next == self.cursor {
            return self.verify(now, noise);
        }
        self.state = State::Storing(checkpoint.clone());
        vec![Effect::Store(checkpoint)]
    }

    fn stored(&mut self, now: u64, noise: u64) -> Vec<Effect> {
        match std::mem::take(&mut self.state) {
            State::Staging(staged) => self.fetch(staged),
            State::Switching(staged) => {
                self.cursor = Some(staged.next.clone());
                self.round.reached = Some(staged.next);
                // What was written between the snapshot and now is still to come, and the checksums with it.
                self.ask()
            }
            State::Storing(checkpoint) => {
                self.cursor = checkpoint.next;
                for number in checkpoint.settled.iter().copied().chain(checkpoint.refused.iter().map(|r| r.number)) {
                    self.moved |= self.queue.remove(&number).is_some();
                }
                self.verify(now, noise)
            }
            other => {
                self.state = other;
                vec![]
            }
        }
    }

    fn verify(&mut self, now: u64, noise: u64) -> Vec<Effect> {
        let sums = std::mem::take(&mut self.round.sums);
        if sums.is_empty() {
            return self.rest(now, noise);
        }
        self.state = State::Verifying;
        vec![Effect::Verify(sums)]
    }

    fn verified(&mut self, now: u64, noise: u64, differ: Vec<Bucket>) -> Vec<Effect> {
        if !matches!(self.state, State::Verifying) {
            return vec![];
        }
        // Once a round: if fetching a bucket whole does not help, asking for ever will not either.
        if !differ.is_empty() && !self.round.refetched {
            self.round = Round::refetching(differ);
            return self.ask();
        }
        self.rest(now, noise)
    }

    /// Ends a round; starts the next if there is more to push or someone asked meanwhile.
    fn rest(&mut self, now: u64, noise: u64) -> Vec<Effect> {
        self.round = Round::default();
        self.last = Some(now);
        self.state = State::Resting;
        self.push.grow();
        self.run = self.run.saturating_mul(2).min(MAX_RUN);
        let own = self.queue.values().any(|c| Some(&c.author) == self.account.as_ref());
        let moved = std::mem::take(&mut self.moved);
        if std::mem::take(&mut self.again) || (own && moved) {
            return self.ask();
        }
        vec![Effect::Timer(pause::between_rounds(noise))]
    }

    fn failed(&mut self, noise: u64, failure: Failure) -> Vec<Effect> {
        let state = std::mem::take(&mut self.state);
        let busy = !matches!(state, State::Closed | State::SignIn | State::Resting | State::Paused(_));
        if !busy {
            self.state = state;
            return vec![];
        }
        self.again = false;
        // Keep nothing half-done: the next round asks from the stored cursor. What a batch brought is not to be lost so again.
        if self.round.batches > 0 {
            self.run = 1;
        }
        self.round = Round::default();
        self.failures = self.failures.saturating_add(1);
        if failure.may_be_of_size() {
            match &state {
                State::Asking { sent, bytes } if !sent.is_empty() => self.push.shrink(*bytes),
                State::Fetching { asked, .. } => self.fetch.shrink(asked.len()),
                _ => {}
            }
        }
        match (failure, state) {
            (Failure::SignIn, _) => {
                self.state = State::SignIn;
                vec![]
            }
            // Less of it may pass at once.
            (Failure::Refused | Failure::TooLarge, State::Asking { sent, .. }) if sent.len() > 1 => self.ask(),
            (Failure::Refused, State::Asking { sent, .. }) if !sent.is_empty() => self.unreadable(sent[0]),
            (failure, _) => {
                self.state = State::Paused(failure);
                vec![Effect::Timer(pause::after(failure, self.failures, noise))]
            }
        }
    }

    /// The server cannot read this change even alone: it is set aside as refused.
    fn unreadable(&mut self, number: u64) -> Vec<Effect> {
        let refused = vec![Receipt { number, verdict: pause::unreadable() }];
        let checkpoint = Checkpoint { refused, next: self.cursor.clone(), ..Checkpoint::default() };
        self.state = State::Storing(checkpoint.clone());
        vec![Effect::Store(checkpoint)]
    }
}
