//! A tablet: a disk that survives crashes, and in memory an engine, a book and the effects not carried out yet.

use std::collections::{BTreeSet, VecDeque};

use sync::{
    Bucket, Change, Clock, DeviceId, Draft, Record, RecordId, Value,
    book::Book,
    contact::Contact,
    draft::Pen,
    engine::{Effect, Engine, Event, Failure, Phase},
    wire::{NUMBER_REUSED, SyncRequest, SyncResponse},
};

use super::{
    disk::Disk,
    office::{NEWEST, Office},
};

/// Requests on their way that nobody waits for any more: each may still arrive, any time later.
pub type Mail = Vec<(String, SyncRequest)>;

#[derive(Clone, Debug)]
pub struct Device {
    pub id: u64,
    /// Who is signed in; empty when nobody is.
    pub account: String,
    pub disk: Disk,
    pub engine: Engine,
    pub book: Book,
    pub todo: VecDeque<Effect>,
    /// The answer to the request under way, when it is on its way back.
    pub inbox: Option<SyncResponse>,
    pub clock: Clock,
    /// The tablet's wall clock; may be wrong by years.
    pub wall: u64,
    pub alarms: usize,
    /// The schema its app speaks.
    pub speaks: u16,
    /// The kinds the last answer allowed, and the records.
    pub allowed: Option<(BTreeSet<String>, BTreeSet<RecordId>)>,
    /// Calls of the engine.
    pub steps: u64,
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
    /// The answer takes a while; other things happen meanwhile.
    Slow,
    /// The device gives up, the request arrives later, after others.
    Late,
    /// Answered, and a copy of the request arrives once more later.
    Echo,
    /// The session has ended.
    NoSession,
    /// 503, 500 and the like, before anything is done.
    Busy,
}

/// Power goes between an effect and what would have been said of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Luck {
    pub store_fails: bool,
    pub cut: bool,
}

impl Device {
    pub fn new(id: u64) -> Self {
        let account = format!("officer{id}");
        let disk = Disk { owner: account.clone(), ..Disk::default() };
        let (book, todo) = Default::default();
        let mut device = Self {
            id,
            account,
            disk,
            engine: Engine::new(DeviceId(id), 0),
            book,
            todo,
            inbox: None,
            clock: Clock::default(),
            wall: super::NEW_YEAR,
            alarms: 0,
            speaks: NEWEST,
            allowed: None,
            steps: 0,
        };
        device.start();
        device
    }

    /// Power goes and comes back: only the disk is left.
    pub fn crash(&mut self) {
        self.engine = Engine::new(DeviceId(self.id), self.disk.last_number);
        self.todo.clear();
        (self.inbox, self.allowed) = (None, None);
        self.start();
    }

    fn start(&mut self) {
        self.show();
        self.count();
        let mut staged = self.disk.staged.clone();
        if let Some(staged) = &mut staged {
            staged.have = self.disk.blocks.keys().cloned().collect();
        }
        if !self.account.is_empty() {
            self.event(Event::SignedIn { account: self.account.clone() });
        }
        let queue = self.disk.log.values().cloned().collect();
        self.event(Event::Opened { cursor: self.disk.cursor.clone(), queue, staged });
    }

    /// What time it is, as far as the tablet knows.
    fn now(&self) -> u64 {
        self.disk.contact.map_or(self.wall, |contact| contact.now(self.wall))
    }

    /// The moment the next one comes after: what is here, as far as it can be true, and whatever own changes bear that still
    /// wait. The last one given out is kept too: what it stamped may not be among the records any more.
    fn count(&mut self) {
        let refused = self.disk.refused.values().map(|(change, _)| change.clock);
        let here = self.book.all().map(Record::touched).chain(refused).max().unwrap_or_default();
        let own = self.disk.log.values().map(|change| change.clock).max().unwrap_or_default();
        // While one's own is far ahead, so is what comes after it: below, a moment would be given out twice.
        let (now, given) = (self.now(), self.disk.clock);
        let given = if own.is_ahead(now) { given } else { given.capped(now) };
        self.clock = here.capped(now).max(given).max(own);
    }

    /// The book anew from the disk.
    fn show(&mut self) {
        self.book = Book::new();
        self.disk.records.values().for_each(|r| self.book.take(r.clone()));
        let refused = self.disk.refused.values().map(|(change, _)| change);
        let own = self.disk.log.values().chain(refused).filter(|change| change.author == self.account);
        own.for_each(|change| self.book.write(change.clone()));
    }

    pub fn event(&mut self, event: Event) {
        self.steps += 1;
        let effects = self.engine.step(self.wall, 7, event);
        self.todo.extend(effects.into_iter().filter(|e| !matches!(e, Effect::Timer(_) | Effect::Pack(_))));
    }

    pub fn wake(&mut self) {
        self.event(Event::Wake);
    }

    /// Someone signs in: after a mere end of the session the engine goes on, otherwise all is opened anew.
    pub fn sign_in(&mut self, account: &str) {
        let goes_on = self.account == account;
        self.account = account.into();
        self.disk.belong_to(account);
        match goes_on {
            true => self.event(Event::SignedIn { account: account.into() }),
            false => self.crash(),
        }
    }

    pub fn sign_out(&mut self) {
        self.account.clear();
        self.todo.clear();
        self.inbox = None;
        self.event(Event::SignedOut);
    }

    /// As `Store::start_again`: a store of which there are two goes on as another device, with all that waits under new numbers
    /// and what was refused for its number alone waiting again.
    pub fn start_again(&mut self, id: u64) {
        let disk = &mut self.disk;
        let refused = std::mem::take(&mut disk.refused).into_values();
        let waits = std::mem::take(&mut disk.log).into_values().map(|change| (change, Vec::new()));
        let mut all: Vec<_> = waits.chain(refused).collect();
        all.sort_by_key(|(change, _)| change.number);
        for (number, (mut change, problems)) in (1..).zip(all) {
            (change.device, change.number, disk.last_number) = (DeviceId(id), number, number);
            if problems.iter().all(|problem| problem.code == NUMBER_REUSED) {
                disk.log.insert(number, change);
            } else {
                disk.refused.insert(number, (change, problems));
            }
        }
        (disk.cursor, disk.staged) = (None, None);
        disk.records.clear();
        disk.blocks.clear();
        disk.kept.clear();
        if disk.log.is_empty() && disk.refused.is_empty() {
            disk.last_number = 0;
        }
        self.id = id;
        self.crash();
    }

    /// Edits a record as a form does: from what shows here now. Durable before the engine hears of it.
    pub fn save(&mut self, pack: &records::Pack, record: RecordId, field: &str, value: Value) {
        self.save_of(pack, "note", record, field, value, false);
    }

    /// The change it made, if there was anything to change and anyone to write it.
    pub fn save_of(
        &mut self,
        pack: &records::Pack,
        kind: &str,
        record: RecordId,
        field: &str,
        value: Value,
        cut: bool,
    ) -> Option<Change> {
        if self.account.is_empty() {
            return None;
        }
        let mut draft = match self.book.get(record) {
            Some(record) => Draft::of(record),
            None => Draft::new(record, kind, Default::default()),
        };
        draft.now.insert(field.into(), value);
        let number = self.disk.last_number + 1;
        self.clock = self.clock.tick(self.now(), DeviceId(self.id)).numbered(number);
        let pen = Pen { device: DeviceId(self.id), number, clock: self.clock, author: self.account.clone() };
        let change = Change { schema: self.speaks, ..draft.change(pack, pen)? };
        (self.disk.last_number, self.disk.clock) = (number, self.disk.clock.max(self.clock));
        self.disk.log.insert(number, change.clone());
        if cut {
            self.crash();
        } else {
            self.book.write(change.clone());
            self.event(Event::Saved(vec![change.clone()]));
        }
        Some(change)
    }

    /// Carries out the next effect, over a line that does as it is told.
    pub fn work(&mut self, office: &mut Office, line: Line, store_fails: bool) {
        self.work_with(office, &mut Vec::new(), line, Luck { store_fails, cut: false });
    }

    pub fn work_with(&mut self, office: &mut Office, mail: &mut Mail, line: Line, luck: Luck) {
        if let Some(answer) = self.inbox.take() {
            return match line {
                Line::LostAnswer => self.event(Event::Failed(Failure::Offline)),
                _ => self.event(Event::Answered(Box::new(answer))),
            };
        }
        let Some(effect) = self.todo.pop_front() else { return };
        let event = match effect {
            Effect::Send(request) => {
                let answer = self.send(*request, office, mail, line);
                if line == Line::Slow && answer.is_ok() {
                    self.inbox = answer.ok();
                    return;
                }
                answer.map(|answer| Event::Answered(Box::new(answer)))
            }
            Effect::Fetch(ids) => match ids.iter().all(|id| office.blocks.contains_key(id)) {
                _ if !matches!(line, Line::Good | Line::Doubled | Line::Slow | Line::Echo) => Err(Failure::Offline),
                true => {
                    self.disk.blocks.extend(ids.into_iter().map(|id| (id.clone(), office.blocks[&id].clone())));
                    Ok(Event::Fetched)
                }
                // Made anew since: the server was restored, or has newer ones.
                false => Err(Failure::Server),
            },
            Effect::Stage(_) | Effect::Switch(_) | Effect::Store(_) if luck.store_fails => Err(Failure::Store),
            Effect::Stage(staged) => {
                self.disk.staged = Some(staged);
                Ok(Event::Stored)
            }
            Effect::Switch(staged) => {
                let recalled = self.disk.switch(&staged);
                self.event_after(recalled)
            }
            Effect::Store(checkpoint) => {
                let recalled = self.disk.checkpoint(checkpoint);
                self.event_after(recalled)
            }
            Effect::Verify(sums) => {
                let differs = |(bucket, sum): (Bucket, _)| (self.book.sum(bucket.kind()) != sum).then_some(bucket);
                Ok(Event::Verified(sums.into_iter().filter_map(differs).collect()))
            }
            Effect::Alarm { .. } => {
                self.alarms += 1;
                return;
            }
            Effect::Timer(_) | Effect::Pack(_) => return,
        };
        if luck.cut {
            return self.crash();
        }
        self.event(event.unwrap_or_else(Event::Failed));
    }

    /// What the shell says after keeping something: first what waits again, then that it is kept.
    fn event_after(&mut self, recalled: Vec<Change>) -> Result<Event, Failure> {
        self.show();
        self.count();
        if !recalled.is_empty() {
            self.event(Event::Recalled(recalled));
        }
        Ok(Event::Stored)
    }

    fn send(
        &mut self,
        request: SyncRequest,
        office: &mut Office,
        mail: &mut Mail,
        line: Line,
    ) -> Result<SyncResponse, Failure> {
        let mut request = SyncRequest { schema: self.speaks, sent_at: Some(self.wall), ..request };
        // Through JSON, as on the wire; now and then, since it takes longer than all the rest.
        let as_text = self.steps.is_multiple_of(16);
        if as_text {
            request = serde_json::from_str(&serde_json::to_string(&request).unwrap()).unwrap();
        }
        match line {
            Line::LostRequest => return Err(Failure::Offline),
            Line::NoSession => return Err(Failure::SignIn),
            Line::Busy => return Err(Failure::Busy(3)),
            Line::Late => {
                mail.push((self.account.clone(), request));
                return Err(Failure::Offline);
            }
            Line::Echo => mail.push((self.account.clone(), request.clone())),
            Line::Doubled => drop(office.sync(request.clone(), &self.account)),
            Line::Good | Line::LostAnswer | Line::Slow => {}
        }
        let answer = office.sync(request, &self.account)?;
        if line == Line::LostAnswer {
            return Err(Failure::Offline);
        }
        self.allowed = Some(office.allowed(&self.account));
        self.disk.contact = Some(Contact::new(answer.now, self.wall));
        Ok(if as_text { serde_json::from_str(&serde_json::to_string(&answer).unwrap()).unwrap() } else { answer })
    }

    /// Whether a round has ended and nothing is under way.
    pub fn is_resting(&self) -> bool {
        self.todo.is_empty() && self.inbox.is_none() && self.engine.status().phase == Phase::Resting
    }
}
