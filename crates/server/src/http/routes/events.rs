//! "There is more": a stream of server-sent events while a tablet is online.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    extract::State,
    response::{
        IntoResponse,
        sse::{Event, KeepAlive, Sse},
    },
};
use tokio::sync::mpsc;
use tokio_stream::{StreamExt, wrappers::ReceiverStream};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{App, caller::Caller, streams::Stream};

/// A stream ends after this and the browser begins another: a session that ended meanwhile gets no further.
const LIFE: Duration = Duration::from_secs(15 * 60);

/// `/events`.
pub fn router() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(events))
}

/// An event `more` after every commit that gave someone something to pull; its data is the last sequence number. What it
/// is, is only told by a pull, which knows the caller's rights.
#[utoipa::path(get, path = "/events", tag = "sync", responses(
    (status = 200, description = "Events named `more`", body = String, content_type = "text/event-stream"),
))]
async fn events(State(app): State<Arc<App>>, Caller(session): Caller) -> impl IntoResponse {
    let events = ReceiverStream::new(news(&app, app.streams.begin(session.device))).map(|head| {
        let event = Event::default().event("more").data(head.to_string());
        Ok::<_, Infallible>(event)
    });
    let stream = Sse::new(events).keep_alive(KeepAlive::new().interval(Duration::from_secs(25)));
    // Else nginx keeps events until it has enough of them.
    ([("x-accel-buffering", "no")], stream)
}

/// The community's last sequence number now and after every commit, until the listener leaves, begins others, the stream has
/// lived its life or the server stops. Commits faster than the listener become one.
fn news(app: &App, mut stream: Stream) -> mpsc::Receiver<u64> {
    let (tx, rx) = mpsc::channel(1);
    let (mut heads, mut stopping) = (app.office.news(), app.stopping.clone());
    tokio::spawn(async move {
        let end = tokio::time::sleep(LIFE);
        tokio::pin!(end);
        // A tablet that comes back compares it with its cursor.
        heads.mark_changed();
        loop {
            tokio::select! {
                changed = heads.changed() => {
                    let head = *heads.borrow_and_update();
                    // A listener that reads nothing must not outlive its turn either.
                    let sent = tokio::select! {
                        sent = tx.send(head) => sent.is_ok(),
                        _ = &mut stream.ended => false,
                    };
                    if changed.is_err() || !sent {
                        return;
                    }
                }
                _ = stopping.changed() => return,
                () = &mut end => return,
                _ = &mut stream.ended => return,
                () = tx.closed() => return,
            }
        }
    });
    rx
}
