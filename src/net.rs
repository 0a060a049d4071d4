//! The network's edge: the office's HTTP interface, and the only module that names the browser's requests.
//!
//! Answers are told apart by what the engine should do next; what is not certainly ours (a hotel's sign-in page answers
//! everything with something) counts as "try again later", never as a verdict.

use std::fmt;

use records::{Lang, Pack, Problem, Text};
use serde::de::DeserializeOwned;
use sync::{
    block::BlockId,
    engine::Failure,
    wire::{BlocksRequest, Figures, Me, ProblemDetails, SignIn, SyncRequest, SyncResponse, Welcome},
};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::EventSource;

mod call;
pub mod files;
pub mod guard;
pub mod roster;
pub mod workshop;

pub use call::speak_as;
use call::{Answer, Request};

/// The longest silence on the line, in milliseconds: the server has given up by then what it was working on.
const SILENCE: u32 = 35_000;
/// The longest silence that a person waits through to be signed in or out.
const PATIENCE: u32 = 15_000;

/// Why there is no answer to use.
#[derive(Clone, Debug)]
pub enum Trouble {
    /// The device has no network.
    NoNetwork,
    /// Nothing came, or not to its end.
    Offline,
    /// The server's own words and status; `retry` in seconds.
    Told {
        /// What it said.
        details: ProblemDetails,
        /// `Retry-After`, in seconds.
        retry: Option<u32>,
    },
    /// Something on the way lets nothing so large pass.
    TooLarge,
    /// Something on the way does not reach the server.
    Gateway,
    /// Something came that is not the office's answer.
    Strange,
}

impl Trouble {
    /// What it means for the engine.
    pub fn failure(&self) -> Failure {
        let (details, retry) = match self {
            Self::NoNetwork => return Failure::NoNetwork,
            Self::Offline => return Failure::Offline,
            Self::TooLarge => return Failure::TooLarge,
            Self::Gateway => return Failure::Gateway,
            Self::Strange => return Failure::Strange,
            Self::Told { details, retry } => (details, retry),
        };
        match (details.status, slug(details)) {
            // A session of another device is no session of ours.
            (401, _) | (403, "other-device") => Failure::SignIn,
            (403, _) => Failure::Forbidden,
            (426, "schema-too-new") => Failure::TooNew,
            (426, _) => Failure::TooOld,
            (429 | 503, _) => Failure::Busy(retry.unwrap_or(0)),
            (_, "malformed-json" | "wrong-shape" | "too-large" | "too-many") => Failure::Refused,
            _ => Failure::Server,
        }
    }

    /// Whether a smaller request might get through where this one did not.
    pub fn may_be_of_size(&self) -> bool {
        match self {
            Self::NoNetwork => false,
            Self::Told { details, .. } => matches!(details.status, 413 | 500..),
            Self::Offline | Self::TooLarge | Self::Gateway | Self::Strange => true,
        }
    }

    /// The same for the person who waits for it.
    pub fn problem(&self) -> Problem {
        match self {
            Self::Told { details, .. } if !details.detail.is_empty() => {
                // Of a file that cannot be read, why.
                let reason = details.more.get("reason").and_then(|why| serde_json::from_value(why.clone()).ok());
                let message = reason.unwrap_or_else(|| Text::new(&details.detail, &details.detail));
                Problem { message, ..Problem::new(slug(details), "", "") }
            }
            Self::NoNetwork => Problem::new(
                "offline",
                "这台设备没有网络，现在连不上办公室的服务器。请到有网络的地方再试；已经存下的记录都在这台设备上。",
                "This device has no network, so the office server cannot be reached now. Please try again where there is \
                 one; everything saved is safe on this device.",
            ),
            Self::Offline => Problem::new(
                "offline",
                "现在连不上办公室的服务器。请到有网络的地方再试；已经存下的记录都在这台设备上。",
                "The office server cannot be reached now. Please try again where there is a network; everything saved is \
                 safe on this device.",
            ),
            Self::TooLarge => Problem::new(
                "too-large-for-the-line",
                "内容太大，通往办公室的代理服务器不让通过。请管理员调大它的请求大小上限；已经存下的记录都在这台设备上。",
                "This is too large for the proxy in front of the office server. Please ask the administrator to raise its \
                 limit; everything saved is safe on this device.",
            ),
            Self::Gateway => Problem::new(
                "gateway",
                "网络是通的，可是代理服务器连不上办公室的服务器，它可能正在重启。请过一会儿再试；已经存下的记录都在这台设备上。",
                "There is a network, but the proxy does not reach the office server, which may be starting again. Please \
                 try again in a while; everything saved is safe on this device.",
            ),
            Self::Strange => Problem::new(
                "strange",
                "回答的不是办公室的服务器：这个网络可能要先在浏览器里登录。请换个网络或登录后再试；已经存下的记录都在这台设备上。",
                "It was not the office server that answered: this network may want you to sign in to it in the browser \
                 first. Please do, or use another network; everything saved is safe on this device.",
            ),
            Self::Told { .. } => Problem::new(
                "server",
                "办公室的服务器没有正常回答，请过一会儿再试；已经存下的记录都在这台设备上。",
                "The office server did not answer properly. Please try again in a while; everything saved is safe on this \
                 device.",
            ),
        }
    }
}

fn slug(details: &ProblemDetails) -> &str {
    details.r#type.rsplit('/').next().unwrap_or("server")
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.problem().message.en)
    }
}

/// One sync round trip.
pub async fn sync(request: &SyncRequest, lang: Lang) -> Result<SyncResponse, Trouble> {
    json(fetch(post("/api/v1/sync", lang), Some(request), SILENCE).await?)
}

/// Some blocks, each held against its name.
pub async fn blocks(ids: Vec<BlockId>, lang: Lang) -> Result<Vec<(BlockId, Vec<u8>)>, Trouble> {
    let request = BlocksRequest { ids };
    let bytes = fetch(post("/api/v1/blocks", lang), Some(&request), SILENCE).await?;
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
    json(fetch(spoken(Request::get("/api/v1/pack"), lang), None::<&()>, SILENCE).await?)
}

/// Figures the office counts; `question` is the query.
pub async fn figures(question: &str, lang: Lang) -> Result<Figures, Trouble> {
    let path = format!("/api/v1/figures?{question}");
    json(fetch(spoken(Request::get(&path), lang), None::<&()>, SILENCE).await?)
}

/// A file that the office makes, or keeps.
pub struct Paper {
    /// What it is to be called.
    pub name: String,
    /// What it is.
    pub mime: String,
    /// All of it.
    pub bytes: Vec<u8>,
}

/// Fetches one.
pub async fn paper(address: &str, lang: Lang) -> Result<Paper, Trouble> {
    let answer = fine(spoken(Request::get(address), lang).send(None, SILENCE).await?)?;
    // What has not the office's own policy is the page of whoever else answered, whatever its name would say.
    if !answer.header("content-security-policy").is_some_and(|policy| policy.starts_with("default-src 'none'")) {
        return Err(Trouble::Strange);
    }
    let mime = answer.header("content-type").unwrap_or_default();
    let name = named(&answer.header("content-disposition").unwrap_or_default(), address);
    Ok(Paper { name, mime, bytes: answer.bytes })
}

/// What an answer says a file is called; the end of its address where it does not.
fn named(disposition: &str, address: &str) -> String {
    let said = disposition.split_once("filename*=UTF-8''").map(|(_, name)| name.split(';').next().unwrap_or_default());
    let said = said.and_then(|name| js_sys::decode_uri_component(name).ok()).map(String::from);
    let path = address.split('?').next().unwrap_or_default();
    said.unwrap_or_else(|| {
        let end = path.rsplit('/').next().unwrap_or_default();
        if end.contains('.') { end.to_owned() } else { format!("{end}.html") }
    })
}

/// Asks for something that a person waits for.
async fn get<T: DeserializeOwned>(path: &str, lang: Lang) -> Result<T, Trouble> {
    json(fetch(spoken(Request::get(path), lang), None::<&()>, PATIENCE).await?)
}

fn post(path: &str, lang: Lang) -> Request {
    spoken(Request::post(path), lang)
}

fn spoken(request: Request, lang: Lang) -> Request {
    request.header("accept-language", if lang == Lang::Zh { "zh-CN" } else { "en" })
}

/// Sends, and takes the whole answer, with at most so many milliseconds of silence.
async fn fetch(request: Request, body: Option<&impl serde::Serialize>, silence: u32) -> Result<Vec<u8>, Trouble> {
    match body {
        Some(body) => {
            let bytes = serde_json::to_vec(body).map_err(|_| Trouble::Strange)?;
            fine(request.header("content-type", "application/json").send(Some(&bytes), silence).await?)
        }
        None => fine(request.send(None, silence).await?),
    }
    .map(|answer| answer.bytes)
}

/// The same with bytes for a body.
async fn carry(request: Request, bytes: &[u8], silence: u32) -> Result<Vec<u8>, Trouble> {
    let request = request.header("content-type", "application/octet-stream");
    fine(request.send(Some(bytes), silence).await?).map(|answer| answer.bytes)
}

/// An answer that says yes.
fn fine(answer: Answer) -> Result<Answer, Trouble> {
    if answer.is_ok() {
        return Ok(answer);
    }
    let is_ours = answer.header("content-type").is_some_and(|of| of.starts_with("application/problem+json"));
    Err(match serde_json::from_slice(&answer.bytes) {
        Ok(details) if is_ours => {
            let retry = answer.header("retry-after").and_then(|seconds| seconds.parse().ok());
            Trouble::Told { details, retry }
        }
        _ => foreign(answer.status),
    })
}

/// What a no means that is not the office's own.
fn foreign(status: u16) -> Trouble {
    match status {
        // It waited for a body that was too slow for it.
        408 => Trouble::Offline,
        413 => Trouble::TooLarge,
        511 => Trouble::Strange,
        429 | 500.. => Trouble::Gateway,
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
        assert_eq!(told(426, "schema-too-new"), Failure::TooNew, "the office is the older one");
        assert_eq!(told(429, "x"), Failure::Busy(9));
        assert_eq!(told(422, "wrong-shape"), Failure::Refused);
        assert_eq!(told(400, "bad-cursor"), Failure::Server);
        assert_eq!(told(410, "block-gone"), Failure::Server);
        assert_eq!(told(413, "too-large"), Failure::Refused);
        assert_eq!(foreign(413).failure(), Failure::TooLarge, "whoever says so, less may pass");
        for status in [429, 500, 502, 503, 504, 520] {
            assert_eq!(foreign(status).failure(), Failure::Gateway, "{status}");
        }
        for status in [302, 400, 401, 403, 404, 410, 511] {
            assert_eq!(foreign(status).failure(), Failure::Strange, "{status}: not the office said it");
        }
        assert_eq!(foreign(408).failure(), Failure::Offline);
        assert_eq!(Trouble::Offline.failure(), Failure::Offline);
        assert_eq!(Trouble::NoNetwork.failure(), Failure::NoNetwork);
    }
}
