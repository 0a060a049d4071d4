//! How long a request may take: bounded by silence, not by length. A body that keeps coming over a slow line is waited for; one
//! that falls silent, or comes so slowly that somebody means to hold the connection, is not. A handler's own time counts
//! from the last bytes it was given.

use std::{
    pin::pin,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::{StreamExt, stream};
use tokio::time::{Instant, timeout_at};

use super::{problem::Problem, problems::Kind};

/// What a client waits after a time-out, in seconds.
const AGAIN: u64 = 5;

/// How long what may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The longest silence in a body.
    pub silence: Duration,
    /// The longest that a body may take however slowly it comes.
    pub body: Duration,
    /// Bytes that make it a second longer.
    pub each_second: u64,
    /// The longest that a handler may take when it has what it waited for; streams take longer only after they have begun.
    pub handler: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let [silence, body, handler] = [30, 60, 30].map(Duration::from_secs);
        Self { silence, body, each_second: 512, handler }
    }
}

/// Runs a request within its limits. One that takes too long is answered, and its work given up: a push that was not
/// committed did not happen.
pub async fn in_time(limits: Limits, request: Request, next: Next) -> Response {
    let flow = Arc::new(Flow::new());
    let request = request.map(|body| flow.clone().watch(limits, body));
    let mut response = pin!(next.run(request));
    loop {
        let end = flow.since() + limits.handler;
        let answer = match timeout_at(end, &mut response).await {
            // A handler that was given half a body says something else of it.
            Ok(response) if flow.is_broken() && !response.status().is_success() => None,
            Ok(response) => Some(response),
            // The body has its own limits, and whoever waits for it comes to them.
            Err(_) if flow.is_awaited() || flow.since() + limits.handler > end => continue,
            Err(_) => None,
        };
        return answer.unwrap_or_else(|| Problem::from(Kind::Timeout).retry_after(AGAIN).into_response());
    }
}

/// A body on its way in.
struct Flow(Mutex<State>);

struct State {
    /// When the handler got the last of it, or began.
    since: Instant,
    /// The handler waits for more.
    is_awaited: bool,
    /// It was given up.
    is_broken: bool,
}

impl Flow {
    fn new() -> Self {
        Self(Mutex::new(State { since: Instant::now(), is_awaited: false, is_broken: false }))
    }

    fn with<T>(&self, f: impl FnOnce(&mut State) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Since when the handler has had what it waited for; now, while it waits.
    fn since(&self) -> Instant {
        self.with(|state| if state.is_awaited { Instant::now() } else { state.since })
    }

    fn is_awaited(&self) -> bool {
        self.with(|state| state.is_awaited)
    }

    fn is_broken(&self) -> bool {
        self.with(|state| state.is_broken)
    }

    /// The body, ending in an error where it falls silent: what came until then the handler may keep.
    fn watch(self: Arc<Self>, limits: Limits, body: Body) -> Body {
        if body.is_end_stream() {
            return body;
        }
        let begun = Instant::now();
        Body::from_stream(stream::unfold((body.into_data_stream(), 0), move |(mut data, came)| {
            let flow = self.clone();
            async move {
                let slowest = begun + limits.body + Duration::from_secs(came / limits.each_second.max(1));
                flow.with(|state| state.is_awaited = true);
                let more = timeout_at(slowest.min(Instant::now() + limits.silence), data.next()).await;
                flow.with(|state| {
                    (state.is_awaited, state.since) = (false, Instant::now());
                    state.is_broken |= more.is_err();
                });
                let more: Result<Bytes, axum::Error> = more.unwrap_or_else(|late| Some(Err(axum::Error::new(late))))?;
                let length = more.as_ref().map_or(0, |bytes| bytes.len() as u64);
                Some((more, (data, came + length)))
            }
        }))
    }
}
