//! A tablet of the rush: the real engine over a real connection, with a shelf that only counts.

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::json;
use sync::{
    Change, DeviceId,
    engine::{Effect, Engine, Event, Failure},
    wire::SyncResponse,
};

use super::millis;

/// Tries of one round before the bench gives up.
const PATIENCE: usize = 40;

/// What one round took.
#[derive(Default)]
pub struct Round {
    pub took: Duration,
    pub requests: usize,
    pub bytes: usize,
    pub failures: usize,
}

pub struct Tablet {
    line: Arc<reqwest::Client>,
    url: String,
    cookie: String,
    engine: Engine,
    todo: VecDeque<Effect>,
    pub refused: usize,
}

impl Tablet {
    pub fn new(line: Arc<reqwest::Client>, url: &str, token: &str, device: DeviceId, account: &str) -> Self {
        let mut tablet = Self {
            line,
            url: url.into(),
            cookie: format!("linli={token}"),
            engine: Engine::new(device, 0),
            todo: VecDeque::new(),
            refused: 0,
        };
        // What the engine asks for is carried out when the bench says so.
        tablet.event(Event::Opened { cursor: None, queue: vec![], staged: None });
        tablet.event(Event::SignedIn { account: account.into() });
        tablet
    }

    /// These are in its log. Nothing is sent before [`Tablet::round`].
    pub fn saved(&mut self, changes: Vec<Change>) {
        self.event(Event::Saved(changes));
    }

    /// Changes without a receipt.
    pub fn waiting(&self) -> usize {
        self.engine.status().waiting
    }

    fn event(&mut self, event: Event) {
        let effects = self.engine.step(millis(), 7, event);
        self.todo.extend(effects);
    }

    /// Works until the engine rests with nothing waiting.
    pub async fn round(&mut self) -> Round {
        let began = Instant::now();
        let mut round = Round::default();
        self.event(Event::Wake);
        loop {
            let mut later = None;
            while let Some(effect) = self.todo.pop_front() {
                match effect {
                    Effect::Timer(wait) => later = Some(wait),
                    effect => self.work(effect, &mut round).await,
                }
            }
            let is_done = self.waiting() == 0 && self.engine.status().last.is_some();
            if is_done || round.failures > PATIENCE {
                break;
            }
            // It failed and wants to try again: as the app would.
            tokio::time::sleep(Duration::from_millis(later.unwrap_or(1000).min(5000))).await;
            self.event(Event::Wake);
        }
        round.took = began.elapsed();
        round
    }

    async fn work(&mut self, effect: Effect, round: &mut Round) {
        match effect {
            Effect::Send(request) => {
                match self.post("/api/v1/sync", serde_json::to_vec(&request).unwrap(), round).await {
                    Ok(bytes) => {
                        let answer: SyncResponse = serde_json::from_slice(&bytes).unwrap();
                        self.event(Event::Answered(Box::new(answer)));
                    }
                    Err(failure) => self.fail(failure, round),
                }
            }
            Effect::Fetch(ids) => {
                let body = serde_json::to_vec(&json!({"ids": ids})).unwrap();
                match self.post("/api/v1/blocks", body, round).await {
                    Ok(_) => self.event(Event::Fetched),
                    Err(failure) => self.fail(failure, round),
                }
            }
            Effect::Stage(_) | Effect::Switch(_) => self.event(Event::Stored),
            Effect::Store(checkpoint) => {
                self.refused += checkpoint.refused.len();
                self.event(Event::Stored);
            }
            Effect::Verify(_) => self.event(Event::Verified(vec![])),
            Effect::Alarm { .. } | Effect::Pack(_) | Effect::Timer(_) => {}
        }
    }

    async fn post(&self, path: &str, body: Vec<u8>, round: &mut Round) -> Result<Vec<u8>, Failure> {
        round.requests += 1;
        round.bytes += body.len();
        let request = self.line.post(format!("{}{path}", self.url));
        let request = request.header("cookie", &self.cookie).header("content-type", "application/json").body(body);
        // Compressed, as for a browser; gzip, because it is read with what is here.
        let request = request.header("accept-encoding", "gzip");
        let answer = request.send().await.map_err(|_| Failure::Offline)?;
        match answer.status().as_u16() {
            200 => {
                let is_packed = answer.headers().get("content-encoding").is_some_and(|how| how == "gzip");
                let bytes = answer.bytes().await.map_err(|_| Failure::Offline)?;
                round.bytes += bytes.len();
                Ok(if is_packed { unpacked(&bytes) } else { bytes.to_vec() })
            }
            401 => panic!("the session is not good"),
            _ => Err(Failure::Server),
        }
    }

    fn fail(&mut self, failure: Failure, round: &mut Round) {
        round.failures += 1;
        self.event(Event::Failed(failure));
    }
}

/// Out of gzip (RFC 1952) as the server writes it: ten bytes before, eight behind.
fn unpacked(bytes: &[u8]) -> Vec<u8> {
    let body = bytes.get(10..bytes.len() - 8).expect("an answer in gzip");
    miniz_oxide::inflate::decompress_to_vec(body).expect("an answer in gzip")
}
