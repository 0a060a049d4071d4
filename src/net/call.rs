//! One request and its answer. Over XMLHttpRequest, which alone tells how a body goes out: so that a slow line is told from a
//! dead one, and what keeps moving is waited for.

use std::{cell::Cell, rc::Rc};

use gloo::{events::EventListener, timers::callback::Interval, utils::window};
use js_sys::{Promise, Uint8Array};
use sync::DeviceId;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ProgressEvent, XmlHttpRequest, XmlHttpRequestResponseType};

use super::Trouble;
use crate::platform;

/// The slowest line that is still one, in bytes a second: what was handed to the system may lie in its buffers so long.
const SLOWEST: f64 = 1024.0;
/// The most that those buffers are taken to hold.
const BUFFERED: f64 = 256.0 * 1024.0;
/// How often silence is measured, in milliseconds.
const LOOK: u32 = 500;

thread_local! {
    /// The device that asks.
    static DEVICE: Cell<Option<DeviceId>> = const { Cell::new(None) };
}

/// From here on it is this device that asks.
pub fn speak_as(device: DeviceId) {
    DEVICE.set(Some(device));
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Request {
    method: &'static str,
    path: String,
    headers: Vec<(&'static str, String)>,
}

/// What came back, all of it.
#[derive(Clone, Debug)]
pub struct Answer {
    request: XmlHttpRequest,
    pub status: u16,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn is_ok(&self) -> bool {
        (200..300).contains(&self.status)
    }

    pub fn header(&self, name: &str) -> Option<String> {
        self.request.get_response_header(name).ok().flatten()
    }
}

impl Request {
    pub fn new(method: &'static str, path: &str) -> Self {
        // A session says which device asks; one that has ended does not, and a browser may have several.
        let device = DEVICE.get().map(|id| ("linli-device", id.to_string()));
        Self { method, path: path.to_owned(), headers: device.into_iter().collect() }
    }

    pub fn get(path: &str) -> Self {
        Self::new("GET", path)
    }

    pub fn post(path: &str) -> Self {
        Self::new("POST", path)
    }

    pub fn put(path: &str) -> Self {
        Self::new("PUT", path)
    }

    pub fn delete(path: &str) -> Self {
        Self::new("DELETE", path)
    }

    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Sends it and waits for the whole answer, as long as bytes move; `silence` milliseconds without any end it.
    pub async fn send(self, body: Option<&[u8]>, silence: u32) -> Result<Answer, Trouble> {
        let request = self.open().map_err(|_| Trouble::Strange)?;
        let under_way = UnderWay::watch(&request, f64::from(silence))?;
        // Copied by the browser before it returns.
        request.send_with_opt_u8_array(body).map_err(|_| unreached())?;
        under_way.ended().await;
        let status = request.status().unwrap_or(0);
        if status == 0 {
            return Err(unreached());
        }
        if !self.is_here(&request) {
            return Err(Trouble::Strange);
        }
        let bytes = request.response().ok().filter(JsValue::is_object);
        let bytes = bytes.map_or_else(Vec::new, |buffer| Uint8Array::new(&buffer).to_vec());
        Ok(Answer { request, status, bytes })
    }

    fn open(&self) -> Result<XmlHttpRequest, JsValue> {
        let request = XmlHttpRequest::new()?;
        request.open_with_async(self.method, &self.path, true)?;
        request.set_response_type(XmlHttpRequestResponseType::Arraybuffer);
        for (name, value) in &self.headers {
            request.set_request_header(name, value)?;
        }
        Ok(request)
    }

    /// Whether it was answered where it was sent to: the office's interface sends nobody elsewhere, sign-in pages of hotels do.
    fn is_here(&self, request: &XmlHttpRequest) -> bool {
        let landed = request.response_url();
        let asked = web_sys::Url::new_with_base(&self.path, &landed).map(|url| url.href());
        asked.is_ok_and(|asked| asked == landed)
    }
}

impl Trouble {
    /// The password is right, but the office does not know the device again: the key that opens what was sealed under its
    /// number. It goes on under another.
    pub fn unproven(&self) -> Option<&str> {
        match self {
            Self::Told { details, .. } if super::slug(details) == "unproven-device" => {
                details.more.get("recovery")?.as_str()
            }
            _ => None,
        }
    }

    /// Nobody is signed in, or not with this password.
    pub fn is_over(&self) -> bool {
        matches!(self, Self::Told { details, .. } if details.status == 401)
    }
}

/// Why nothing came.
fn unreached() -> Trouble {
    if platform::is_online() { Trouble::Offline } else { Trouble::NoNetwork }
}

/// How long nothing may move after so many bytes were handed to the system, and no word of the answer has come.
fn patience(silence: f64, handed: f64) -> f64 {
    silence + handed.min(BUFFERED) / SLOWEST * 1000.0
}

/// A request under way; dropped before its end it is given up.
struct UnderWay {
    request: XmlHttpRequest,
    ended: Promise,
    _heard: Vec<EventListener>,
    _watch: Interval,
}

impl UnderWay {
    fn watch(request: &XmlHttpRequest, silence: f64) -> Result<Self, Trouble> {
        // When something last moved, and what had been handed over by then.
        let moved = Rc::new(Cell::new((now(), 0.0)));
        let mut heard = Vec::new();
        let mut hear = |target: &web_sys::EventTarget, name: &'static str, is_out: bool| {
            let moved = moved.clone();
            heard.push(EventListener::new(target, name, move |event| {
                let handed = event.dyn_ref::<ProgressEvent>().filter(|_| is_out).map_or(0.0, ProgressEvent::loaded);
                moved.set((now(), handed));
            }));
        };
        let upload = request.upload().map_err(|_| Trouble::Strange)?;
        hear(&upload, "progress", true);
        hear(&upload, "load", true);
        hear(request, "readystatechange", false);
        hear(request, "progress", false);
        let mut ended_heard = None;
        let ended = Promise::new(&mut |resolve, _| {
            ended_heard = Some(EventListener::once(request, "loadend", move |_| drop(resolve.call0(&JsValue::NULL))));
        });
        heard.extend(ended_heard);
        let watched = request.clone();
        let watch = Interval::new(LOOK, move || {
            let (at, handed) = moved.get();
            if now() - at > patience(silence, handed) {
                let _ = watched.abort();
            }
        });
        Ok(Self { request: request.clone(), ended, _heard: heard, _watch: watch })
    }

    async fn ended(self) {
        // A promise that is only ever resolved.
        let _ = JsFuture::from(self.ended.clone()).await;
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        // Nothing happens to one that has ended.
        if self.request.ready_state() != XmlHttpRequest::DONE {
            let _ = self.request.abort();
        }
    }
}

/// Milliseconds that no setting of the clock moves.
fn now() -> f64 {
    window().performance().map_or_else(js_sys::Date::now, |clock| clock.now())
}

#[cfg(test)]
mod tests {
    use super::patience;

    #[test]
    fn silence_is_measured_from_what_may_still_lie_in_the_systems_buffers() {
        assert_eq!(patience(35_000.0, 0.0), 35_000.0, "an answer under way");
        assert_eq!(patience(35_000.0, 20_480.0), 55_000.0);
        assert!(patience(35_000.0, 8e6) < 300_000.0, "a dead line is one after five minutes at most");
    }
}
