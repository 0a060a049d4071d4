//! A tablet: a disk that survives crashes, and in memory an engine, a book and the effects not carried out yet.

use std::collections::{BTreeMap, VecDeque};

use sync::{
    Bucket, Change, Clock, DeviceId, Draft, Record, RecordId, Value,
    block::{self, BlockId},
    book::Book,
    engine::{Checkpoint, Effect, Engine, Event, Failure, Staged},
    wire::Cursor,
};

use super::office::Office;

/// What a crash leaves.
#[derive(Default)]
pub struct Disk {
    pub cursor: Option<Cursor>,
    pub log: BTreeMap<u64, Change>,
    pub refused: BTreeMap<u64, Change>,
    pub records: BTreeMap<RecordId, Record>,
    pub staged: Option<Staged>,
    pub blocks: BTreeMap<BlockId, Vec<u8>>,
    pub last_number: u64,
}

pub struct Device {
    pub id: u64,
    pub account: String,
    pub disk: Disk,
    pub engine: Engine,
    pub book: Book,
    pub todo: VecDeque<Effect>,
    pub clock: Clock,
    /// The tablet's wall clock; may be wrong by years.
    pub wall: u64,
    pub alarms: usize,
}

/// What the line does to one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Line {
    Good,
    /// The request never arrives.
    LostRequest,
    /// The server commits, the answer never arrives.
    LostAnswer,
    /// The request arrives twice.
    Doubled,
}

impl Device {
    pub fn new(id: u64) -> Self {
        let engine = Engine::new(DeviceId(id), 0);
        let (disk, book, todo) = Default::default();
        let account = format!("officer{id}");
        let mut device =
            Self { id, account, disk, engine, book, todo, clock: Clock::default(), wall: super::NEW_YEAR, alarms: 0 };
        device.start();
        device
    }

    /// Power goes and comes back: only the disk is left.
    pub fn crash(&mut self) {
        self.engine = Engine::new(DeviceId(self.id), self.disk.last_number);
        self.book = Book::new();
        self.todo.clear();
        self.start();
    }

    fn start(&mut self) {
        self.disk.records.values().for_each(|r| self.book.take(r.clone()));
        self.disk.log.values().chain(self.disk.refused.values()).for_each(|c| self.book.write(c.clone()));
        self.clock = self.book.all().map(Record::touched).max().unwrap_or_default();
        let mut staged = self.disk.staged.clone();
        if let Some(staged) = &mut staged {
            staged.have = self.disk.blocks.keys().cloned().collect();
        }
        let queue = self.disk.log.values().cloned().collect();
        self.event(Event::Opened { cursor: self.disk.cursor.clone(), queue, staged });
        self.event(Event::SignedIn { account: self.account.clone() });
    }

    fn event(&mut self, event: Event) {
        let effects = self.engine.step(self.wall, 7, event);
        self.todo.extend(effects.into_iter().filter(|e| !matches!(e, Effect::Timer(_) | Effect::Pack(_))));
    }

    pub fn wake(&mut self) {
        self.event(Event::Wake);
    }

    /// Edits a note as a form does: from what shows here now. Durable before the engine hears of it.
    pub fn save(&mut self, pack: &records::Pack, record: RecordId, field: &str, value: Value) {
        let mut draft = match self.book.get(record) {
            Some(record) => Draft::of(record),
            None => Draft::new(record, "note", Default::default()),
        };
        draft.now.insert(field.into(), value);
        self.clock = self.clock.tick(self.wall, DeviceId(self.id));
        let number = self.disk.last_number + 1;
        let pen =
            sync::draft::Pen { device: DeviceId(self.id), number, clock: self.clock, author: self.account.clone() };
        let Some(change) = draft.change(pack, pen) else { return };
        self.disk.last_number = number;
        self.disk.log.insert(number, change.clone());
        self.book.write(change.clone());
        self.event(Event::Saved(vec![change]));
    }

    /// Carries out the next effect, over a line that does as it is told.
    pub fn work(&mut self, office: &mut Office, line: Line, store_fails: bool) {
        let Some(effect) = self.todo.pop_front() else { return };
        match effect {
            Effect::Send(request) if line != Line::LostRequest => {
                // Through JSON, as on the wire.
                let request: sync::wire::SyncRequest =
                    serde_json::from_str(&serde_json::to_string(&request).unwrap()).unwrap();
                if line == Line::Doubled {
                    office.sync((request).clone(), &self.account);
                }
                let answer = office.sync(request, &self.account);
                let answer = serde_json::from_str(&serde_json::to_string(&answer).unwrap()).unwrap();
                match line {
                    Line::LostAnswer => self.event(Event::Failed(Failure::Offline)),
                    _ => self.event(Event::Answered(Box::new(answer))),
                }
            }
            Effect::Fetch(ids) if matches!(line, Line::Good | Line::Doubled) => {
                for id in ids {
                    self.disk.blocks.insert(id.clone(), office.blocks[&id].clone());
                }
                self.event(Event::Fetched);
            }
            Effect::Send(_) | Effect::Fetch(_) => self.event(Event::Failed(Failure::Offline)),
            Effect::Stage(_) | Effect::Switch(_) | Effect::Store(_) if store_fails => {
                self.event(Event::Failed(Failure::Store));
            }
            Effect::Stage(staged) => {
                self.disk.staged = Some(staged);
                self.event(Event::Stored);
            }
            Effect::Switch(staged) => {
                self.switch(&staged);
                self.event(Event::Stored);
            }
            Effect::Store(checkpoint) => {
                self.store(checkpoint);
                self.event(Event::Stored);
            }
            Effect::Verify(sums) => {
                let differs = |(bucket, sum): (Bucket, _)| (self.book.sum(bucket.kind()) != sum).then_some(bucket);
                let differ = sums.into_iter().filter_map(differs).collect();
                self.event(Event::Verified(differ));
            }
            Effect::Alarm { .. } => self.alarms += 1,
            Effect::Timer(_) | Effect::Pack(_) => {}
        }
    }

    fn switch(&mut self, staged: &Staged) {
        for bucket in &staged.manifest.buckets {
            self.disk.records.retain(|_, r| r.kind != bucket.kind());
            self.book.forget_kind(bucket.kind());
        }
        for block in &staged.manifest.blocks {
            for record in block::decode(&self.disk.blocks[&block.id]).unwrap() {
                self.take(record);
            }
        }
        self.disk.staged = None;
        self.disk.blocks.clear();
        self.disk.cursor = Some(staged.next.clone());
    }

    fn store(&mut self, checkpoint: Checkpoint) {
        checkpoint.records.into_iter().for_each(|r| self.take(r));
        for number in checkpoint.settled {
            self.disk.log.remove(&number);
            self.book.settle(number);
        }
        for receipt in checkpoint.refused {
            if let Some(change) = self.disk.log.remove(&receipt.number) {
                self.disk.refused.insert(receipt.number, change);
            }
        }
        self.disk.cursor = checkpoint.next;
    }

    fn take(&mut self, record: Record) {
        match self.disk.records.get_mut(&record.id) {
            Some(mine) => mine.join(record.clone()),
            None => drop(self.disk.records.insert(record.id, record.clone())),
        }
        self.clock = self.clock.max(record.touched());
        self.book.take(record);
    }
}
