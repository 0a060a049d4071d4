//! The network's edge: the office's HTTP interface, and the only module that names gloo's net.
//!
//! Answers are told apart by what the engine should do next; what is not certainly ours (a hotel's sign-in page answers
//! everything with something) counts as "try again later", never as a verdict.

use std::fmt;

use gloo::{
    net::{
        Error,
        http::{Method, Request, RequestBuilder, Response},
    },
    timers::callback::Timeout,
};
use records::{Lang, Pack, Problem, Text};
use serde::de::DeserializeOwned;
use sync::{
    block::BlockId,
    engine::Failure,
    wire::{BlocksRequest, Figures, Me, ProblemDetails, SignIn, SyncRequest, SyncResponse, Welcome},
};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{AbortController, EventSource, RequestCredentials};

pub mod files;
pub mod guard;
pub mod roster;
pub mod workshop;

/// How long a round trip may take, in milliseconds. The server gives up sooner.
const LONGEST: u32 = 35_000;
/// How long a person waits to be signed in or out.
const PATIENCE: u32 = 15_000;

/// Why there is no answer to use.
#[derive(Clone, Debug)]
pub enum Trouble {
    /// Nothing came, or not in time.
    Offline,
    /// The server's own words and status; `retry` in seconds.
    Told {
        /// What it said.
        details: ProblemDetails,
        /// `Retry-After`, in seconds.
        retry: Option<u32>,
    },
    /// Something came that is not the office's answer.
    Strange,
}

impl Trouble {
    /// What it means for the engine.
    pub fn failure(&self) -> Failure {
        let Self::Told { details, retry } = self else {
            return if matches!(self, Self::Offline) { Failure::Offline } else { Failure::Server };
        };
        let slug = details.r#type.rsplit('/').next().unwrap_or_default();
        match (details.status, slug) {
            // A session of another device is no session of ours.
            (401, _) | (403, "other-device") => Failure::SignIn,
            (403, _) => Failure::Forbidden,
            (426, _) => Failure::TooOld,
            (429 | 503, _) => Failure::Busy(retry.unwrap_or(0)),
            (_, "malformed-json" | "wrong-shape" | "too-large" | "too-many") => Failure::Refused,
            _ => Failure::Server,
        }
    }

    /// The same for the person who waits for it.
    pub fn problem(&self) -> Problem {
        match self {
            Self::Told { details, .. } if !details.detail.is_empty() => {
                let code = details.r#type.rsplit('/').next().unwrap_or("server");
                // Of a file that cannot be read, why.
                let reason = details.more.get("reason").and_then(|why| serde_json::from_value(why.clone()).ok());
                let message = reason.unwrap_or_else(|| Text::new(&details.detail, &details.detail));
                Problem { message, ..Problem::new(code, "", "") }
            }
            Self::Offline => Problem::new(
                "offline",
                "现在连不上办公室的服务器。请到有网络的地方再试；已经存下的记录都在这台设备上。",
                "The office server cannot be reached now. Please try again where there is a network; everything saved is \
                 safe on this device.",
            ),
            Self::Told { .. } | Self::Strange => Problem::new(
                "server",
                "办公室的服务器没有正常回答，请过一会儿再试；已经存下的记录都在这台设备上。",
                "The office server did not answer properly. Please try again in a while; everything saved is safe on this \
                 device.",
            ),
        }
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem().message.en)
    }
}

/// One sync round trip.
pub async fn sync(request: &SyncRequest, lang: Lang) -> Result<SyncResponse, Trouble> {
    json(fetch(post("/api/v1/sync", lang), Some(request), LONGEST).await?)
}

/// Some blocks, each held against its name.
pub async fn blocks(ids: Vec<BlockId>, lang: Lang) -> Result<Vec<(BlockId, Vec<u8>)>, Trouble> {
    let request = BlocksRequest { ids };
    let bytes = fetch(post("/api/v1/blocks", lang), Some(&request), LONGEST).await?;
    framed(&bytes, request.ids).ok_or(Trouble::Strange)
}

/// Signs in; the browser keeps the session's cookie.
pub async fn sign_in(account: &SignIn, lang: Lang) -> Result<Welcome, Trouble> {
    json(fetch(post("/api/v1/session", lang), Some(account), PATIENCE).await?)
}

/// Whose session the browser holds.
pub async fn who(lang: Lang) -> Result<Me, Trouble> {
    get("/api/v1/session", lang).await
}

/// Ends the session.
pub async fn sign_out(lang: Lang) -> Result<(), Trouble> {
    fetch(spoken(Request::delete("/api/v1/session"), lang), None::<&()>, PATIENCE).await.map(drop)
}

/// The pack in force.
pub async fn pack(lang: Lang) -> Result<Pack, Trouble> {
    json(fetch(spoken(Request::get("/api/v1/pack"), lang), None::<&()>, LONGEST).await?)
}

/// Figures the office counts; `question` is the query.
pub async fn figures(question: &str, lang: Lang) -> Result<Figures, Trouble> {
    let path = format!("/api/v1/figures?{question}");
    json(fetch(spoken(Request::get(&path), lang), None::<&()>, LONGEST).await?)
}

/// Asks for something that a person waits for.
async fn get<T: DeserializeOwned>(path: &str, lang: Lang) -> Result<T, Trouble> {
    json(fetch(spoken(Request::get(path), lang), None::<&()>, PATIENCE).await?)
}

fn post(path: &str, lang: Lang) -> RequestBuilder {
    spoken(Request::post(path), lang)
}

fn spoken(request: RequestBuilder, lang: Lang) -> RequestBuilder {
    let lang = if lang == Lang::Zh { "zh-CN" } else { "en" };
    request.credentials(RequestCredentials::SameOrigin).header("accept-language", lang)
}

/// Sends, and reads the whole body, within so many milliseconds.
async fn fetch(request: RequestBuilder, body: Option<&impl serde::Serialize>, millis: u32) -> Result<Vec<u8>, Trouble> {
    let built = |request: RequestBuilder| match body {
        // As bytes: a text would be turned into the browser's own form and back.
        Some(body) => {
            let bytes = serde_json::to_vec(body).map_err(Error::from)?;
            with_body(request, "application/json", &bytes)
        }
        None => request.build(),
    };
    send(request, built, millis).await
}

/// The same with bytes for a body.
async fn carry(request: RequestBuilder, bytes: &[u8], millis: u32) -> Result<Vec<u8>, Trouble> {
    send(request, |request| with_body(request, "application/octet-stream", bytes), millis).await
}

fn with_body(request: RequestBuilder, of: &str, bytes: &[u8]) -> Result<Request, Error> {
    request.header("content-type", of).body(js_sys::Uint8Array::from(bytes))
}

async fn send(
    request: RequestBuilder,
    built: impl FnOnce(RequestBuilder) -> Result<Request, Error>,
    millis: u32,
) -> Result<Vec<u8>, Trouble> {
    let response = answered(request, built, millis).await?;
    let bytes = response.binary().await.map_err(|_| Trouble::Offline)?;
    if response.ok() { Ok(bytes) } else { Err(told(&response, &bytes)) }
}

/// Sends, and waits for the answer's head.
async fn answered(
    request: RequestBuilder,
    built: impl FnOnce(RequestBuilder) -> Result<Request, Error>,
    millis: u32,
) -> Result<Response, Trouble> {
    let abort = AbortController::new().map_err(|_| Trouble::Strange)?;
    let request = request.abort_signal(Some(&abort.signal()));
    // Dropped, and with it disarmed, when this function ends.
    let _timeout = Timeout::new(millis, move || abort.abort());
    let request = built(request);
    request.map_err(|_| Trouble::Strange)?.send().await.map_err(|_| Trouble::Offline)
}

fn told(response: &Response, bytes: &[u8]) -> Trouble {
    let ours = response.headers().get("content-type").is_some_and(|t| t.starts_with("application/problem+json"));
    match serde_json::from_slice(bytes) {
        Ok(details) if ours => {
            let retry = response.headers().get("retry-after").and_then(|seconds| seconds.parse().ok());
            Trouble::Told { details, retry }
        }
        _ => Trouble::Strange,
    }
}

fn json<T: DeserializeOwned>(bytes: Vec<u8>) -> Result<T, Trouble> {
    serde_json::from_slice(&bytes).map_err(|_| Trouble::Strange)
}

/// Takes an answer apart: blocks one after another, each preceded by its length, four bytes, big end first. `None` when
/// one is missing, cut short, or not what its name says.
fn framed(mut bytes: &[u8], ids: Vec<BlockId>) -> Option<Vec<(BlockId, Vec<u8>)>> {
    let mut blocks = Vec::with_capacity(ids.len());
    for id in ids {
        let (length, rest) = bytes.split_first_chunk::<4>()?;
        let (block, rest) = rest.split_at_checked(u32::from_be_bytes(*length) as usize)?;
        if BlockId::of(block) != id {
            return None;
        }
        blocks.push((id, block.to_vec()));
        bytes = rest;
    }
    bytes.is_empty().then_some(blocks)
}

/// The office's "there is more", for as long as this lives.
pub struct News {
    source: EventSource,
    _heard: Closure<dyn FnMut()>,
}

impl News {
    /// Listens. The browser reconnects by itself after a cut line; when the server said no, it gives up and
    /// [`News::is_over`].
    pub fn listen(heard: impl FnMut() + 'static) -> Option<Self> {
        let source = EventSource::new("/api/v1/events").ok()?;
        let heard = Closure::<dyn FnMut()>::new(heard);
        source.add_event_listener_with_callback("more", heard.as_ref().unchecked_ref()).ok()?;
        Some(Self { source, _heard: heard })
    }

    /// Whether the browser has given up.
    pub fn is_over(&self) -> bool {
        self.source.ready_state() == EventSource::CLOSED
    }
}

impl Drop for News {
    fn drop(&mut self) {
        self.source.close();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frame(blocks: &[&[u8]]) -> Vec<u8> {
        blocks.iter().flat_map(|b| (b.len() as u32).to_be_bytes().into_iter().chain(b.iter().copied())).collect()
    }

    fn ids(blocks: &[&[u8]]) -> Vec<BlockId> {
        blocks.iter().map(|b| BlockId::of(b)).collect()
    }

    #[test]
    fn blocks_come_apart_in_the_order_asked() {
        let blocks: &[&[u8]] = &[b"one", b"", b"three"];
        let apart = framed(&frame(blocks), ids(blocks)).unwrap();
        assert_eq!(apart.iter().map(|(_, b)| b.as_slice()).collect::<Vec<_>>(), blocks);
    }

    #[test]
    fn a_cut_or_swapped_answer_is_no_answer() {
        let blocks: &[&[u8]] = &[b"one", b"two"];
        let bytes = frame(blocks);
        for length in 0..bytes.len() {
            assert!(framed(&bytes[..length], ids(blocks)).is_none(), "cut after {length} bytes");
        }
        assert!(framed(&frame(&[b"two", b"one"]), ids(blocks)).is_none());
        assert!(framed(&frame(&[b"one", b"two", b"three"]), ids(blocks)).is_none());
    }

    #[test]
    fn a_file_that_cannot_be_read_says_why() {
        let mut details = ProblemDetails {
            r#type: "/problems/roster-unreadable".into(),
            detail: "请看说明".into(),
            ..Default::default()
        };
        details.more.insert("reason".into(), serde_json::json!({"zh": "文件设了密码", "en": "It has a password"}));
        let problem = Trouble::Told { details, retry: None }.problem();
        assert_eq!((&*problem.code, &*problem.message.zh), ("roster-unreadable", "文件设了密码"));
    }

    #[test]
    fn only_what_the_office_certainly_said_is_a_verdict() {
        let told = |status, slug: &str| {
            let details = ProblemDetails { r#type: format!("/problems/{slug}"), status, ..Default::default() };
            Trouble::Told { details, retry: Some(9) }.failure()
        };
        assert_eq!(told(401, "not-signed-in"), Failure::SignIn);
        assert_eq!(told(403, "other-device"), Failure::SignIn);
        assert_eq!(told(403, "other-origin"), Failure::Forbidden);
        assert_eq!(told(426, "schema-too-old"), Failure::TooOld);
        assert_eq!(told(429, "x"), Failure::Busy(9));
        assert_eq!(told(422, "wrong-shape"), Failure::Refused);
        assert_eq!(told(400, "bad-cursor"), Failure::Server);
        assert_eq!(told(410, "block-gone"), Failure::Server);
        assert_eq!(Trouble::Strange.failure(), Failure::Server);
        assert_eq!(Trouble::Offline.failure(), Failure::Offline);
    }
}
