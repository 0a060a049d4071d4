//! A tablet: the real engine and book, a disk in memory, and the server at the other end of the line.

use std::collections::{BTreeMap, VecDeque};

use axum::http::StatusCode;
use records::{RecordId, Value};
use serde_json::json;
use sync::{
    Change, Clock, DeviceId, Draft, Record,
    block::{self, BlockId},
    book::Book,
    draft::Pen,
    engine::{Checkpoint, Effect, Engine, Event, Failure, Staged},
    history::History,
    wire::{Cursor, SyncRequest, SyncResponse},
};

use super::{Answer, NEW_YEAR, TestApp};

/// What becomes of the next requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    Good,
    /// The server commits, the answer never arrives.
    LostAnswer,
}

pub struct Tablet {
    pub id: DeviceId,
    pub account: String,
    pub session: String,
    pub engine: Engine,
    pub book: Book,
    pub cursor: Option<Cursor>,
    pub log: BTreeMap<u64, Change>,
    /// Settled changes, and the history in which they were settled: given back to a server that lost them.
    pub settled: BTreeMap<u64, Change>,
    history: Option<History>,
    pub refused: BTreeMap<u64, Vec<String>>,
    pub last_number: u64,
    pub alarms: usize,
    /// Requests sent: for tests of how little is needed.
    pub requests: usize,
    pub fetched: usize,
    /// Buckets the server took away.
    pub revoked: Vec<String>,
    /// The server said that the whole device is out of use.
    pub is_out_of_use: bool,
    pub line: Line,
    clock: Clock,
    wall: u64,
    staged: BTreeMap<BlockId, Vec<u8>>,
    todo: VecDeque<Effect>,
    failure: Option<Failure>,
}

impl Tablet {
    pub async fn new(app: &TestApp, account: &str, id: u64) -> Self {
        let id = DeviceId(id);
        let session = app.sign_in_on(account, id).await;
        let mut tablet = Self {
            id,
            account: account.into(),
            session,
            engine: Engine::new(id, 0),
            book: Book::new(),
            cursor: None,
            log: BTreeMap::new(),
            settled: BTreeMap::new(),
            history: None,
            refused: BTreeMap::new(),
            last_number: 0,
            alarms: 0,
            requests: 0,
            fetched: 0,
            revoked: Vec::new(),
            is_out_of_use: false,
            line: Line::Good,
            clock: Clock::default(),
            wall: NEW_YEAR,
            staged: BTreeMap::new(),
            todo: VecDeque::new(),
            failure: None,
        };
        tablet.event(Event::Opened { cursor: None, queue: vec![], staged: None });
        tablet.event(Event::SignedIn { account: account.into() });
        tablet
    }

    /// Signs in again, after the session ended.
    pub async fn sign_in(&mut self, app: &TestApp) {
        self.session = app.sign_in_on(&self.account, self.id).await;
        self.event(Event::SignedIn { account: self.account.clone() });
    }

    fn event(&mut self, event: Event) {
        self.wall += 1000;
        let effects = self.engine.step(self.wall, 7, event);
        self.todo.extend(effects);
    }

    /// Writes a field as a form does; durable before the engine hears of it.
    pub fn save(&mut self, app: &TestApp, record: RecordId, kind: &str, field: &str, value: Value) {
        let mut draft = match self.book.get(record) {
            Some(record) => Draft::of(record),
            None => Draft::new(record, kind, Default::default()),
        };
        draft.now.insert(field.into(), value);
        self.write(app, draft);
    }

    /// The same, when the value may be what shows already: then nothing is written.
    pub fn try_save(&mut self, app: &TestApp, record: RecordId, kind: &str, field: &str, value: Value) {
        if self.shows(record, field).as_ref() != Some(&value) {
            self.save(app, record, kind, field, value);
        }
    }

    pub fn write(&mut self, app: &TestApp, draft: Draft) {
        self.wall += 1000;
        self.clock = self.clock.tick(self.wall, self.id);
        self.last_number += 1;
        let pen = Pen { device: self.id, number: self.last_number, clock: self.clock, author: self.account.clone() };
        let change = draft.change(&app.test.office.pack(), pen).expect("something was written");
        self.log.insert(change.number, change.clone());
        self.book.write(change.clone());
        self.event(Event::Saved(vec![change]));
    }

    /// Wakes the engine and works until it rests; the failure it rests with, if any.
    pub async fn sync(&mut self, app: &TestApp) -> Option<Failure> {
        self.failure = None;
        self.event(Event::Wake);
        while let Some(effect) = self.todo.pop_front() {
            self.work(app, effect).await;
        }
        self.failure
    }

    async fn work(&mut self, app: &TestApp, effect: Effect) {
        match effect {
            Effect::Send(request) => self.send(app, *request).await,
            Effect::Fetch(ids) => {
                self.requests += 1;
                self.fetched += ids.len();
                let answer = app.post("/api/v1/blocks", &self.session, &json!({"ids": ids})).await;
                if answer.status != StatusCode::OK {
                    return self.fail(&answer);
                }
                let mut rest = &answer.bytes[..];
                for id in ids {
                    let (length, after) = rest.split_first_chunk::<4>().unwrap();
                    let (bytes, after) = after.split_at(u32::from_be_bytes(*length) as usize);
                    assert_eq!(BlockId::of(bytes), id, "a block is named by its bytes");
                    self.staged.insert(id, bytes.to_vec());
                    rest = after;
                }
                assert!(rest.is_empty());
                self.event(Event::Fetched);
            }
            Effect::Stage(_) => self.event(Event::Stored),
            Effect::Switch(staged) => {
                self.switch(&staged);
                self.event(Event::Stored);
            }
            Effect::Store(checkpoint) => {
                self.store(checkpoint);
                self.event(Event::Stored);
            }
            Effect::Verify(sums) => {
                let differ = sums.into_iter().filter(|(bucket, sum)| self.book.sum(bucket.kind()) != *sum);
                let differ = differ.map(|(bucket, _)| bucket).collect();
                self.event(Event::Verified(differ));
            }
            Effect::Alarm { .. } => self.alarms += 1,
            Effect::Timer(_) | Effect::Pack(_) => {}
        }
    }

    async fn send(&mut self, app: &TestApp, request: SyncRequest) {
        self.requests += 1;
        let answer = app.post("/api/v1/sync", &self.session, &serde_json::to_value(&request).unwrap()).await;
        if self.line == Line::LostAnswer {
            self.failure = Some(Failure::Offline);
            self.event(Event::Failed(Failure::Offline));
        } else if answer.status == StatusCode::OK {
            let answer: SyncResponse = serde_json::from_slice(&answer.bytes).unwrap();
            self.is_out_of_use |= answer.device_revoked;
            self.event(Event::Answered(Box::new(answer)));
        } else {
            self.fail(&answer);
        }
    }

    fn fail(&mut self, answer: &Answer) {
        let failure = match answer.status.as_u16() {
            401 => Failure::SignIn,
            403 => Failure::Forbidden,
            426 => Failure::TooOld,
            status if status >= 500 => Failure::Server,
            _ => Failure::Refused,
        };
        self.failure = Some(failure);
        self.event(Event::Failed(failure));
    }

    fn switch(&mut self, staged: &Staged) {
        for bucket in &staged.manifest.buckets {
            self.book.forget_kind(bucket.kind());
        }
        for block in &staged.manifest.blocks {
            let records = block::decode(&self.staged[&block.id]).unwrap();
            assert_eq!(records.len(), block.records as usize);
            assert_eq!(self.staged[&block.id].len(), block.bytes as usize);
            records.into_iter().for_each(|record| self.take(record));
        }
        self.staged.clear();
        self.recall(&staged.next, false);
        self.cursor = Some(staged.next.clone());
    }

    fn store(&mut self, checkpoint: Checkpoint) {
        if let Some(next) = &checkpoint.next {
            self.recall(next, true);
        }
        for bucket in &checkpoint.revoked {
            self.revoked.push(bucket.0.clone());
            self.book.forget_kind(bucket.kind());
        }
        checkpoint.records.into_iter().for_each(|record| self.take(record));
        for number in checkpoint.settled {
            self.settled.extend(self.log.remove(&number).map(|change| (number, change)));
            self.book.settle(number);
        }
        for receipt in checkpoint.refused {
            self.log.remove(&receipt.number);
            let codes = super::codes(&receipt.verdict).into_iter().map(Into::into).collect();
            self.refused.insert(receipt.number, codes);
        }
        self.cursor = checkpoint.next;
    }

    /// What was settled in another history waits again.
    fn recall(&mut self, next: &Cursor, is_round_end: bool) {
        let is_lost = History::is_lost(self.history.as_ref(), next, is_round_end);
        if is_lost || is_round_end || self.history.is_none() {
            self.history = Some(History::at(next));
        }
        if is_lost {
            let back = std::mem::take(&mut self.settled);
            self.log.extend(back.clone());
            back.values().cloned().for_each(|change| self.book.write(change));
            self.event(Event::Recalled(back.into_values().collect()));
        }
    }

    fn take(&mut self, record: Record) {
        self.clock = self.clock.max(record.touched());
        self.book.take(record);
    }

    /// What a field shows.
    pub fn shows(&self, record: RecordId, field: &str) -> Option<Value> {
        self.book.get(record)?.value(field)
    }
}
