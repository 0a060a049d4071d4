//! Whether the server lives, can work, and how much it did.

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};

use crate::{
    db::Passing,
    http::{App, metrics},
    office::time,
};

/// `/health`, `/ready`, `/metrics`: for machines that watch machines, so outside the API.
pub fn router() -> Router<Arc<App>> {
    Router::new().route("/health", get(health)).route("/ready", get(ready)).route("/metrics", get(counters))
}

/// The process answers.
async fn health() -> &'static str {
    "ok\n"
}

/// The office can do its work: something was written and taken out again a moment ago.
async fn ready(State(app): State<Arc<App>>) -> Response {
    match app.office.ready().await {
        Ok(()) if app.office.behind() == 0 => "ok\n".into_response(),
        // It works, and refuses nothing for it.
        Ok(()) => {
            let known = time::spoken(app.office.now() + app.office.behind());
            format!("ok, but the clock is wrong: it is later than {known}\n").into_response()
        }
        Err(fault) => {
            tracing::error!(%fault, "not ready");
            let said = match fault.passing() {
                Some(Passing::Full) => "the disk is full: nothing can be written\n",
                Some(Passing::Busy | Passing::Collision) => "the database is too busy to be written to\n",
                Some(Passing::Away) | None => "the database does not answer, or takes nothing\n",
            };
            (StatusCode::SERVICE_UNAVAILABLE, said).into_response()
        }
    }
}

/// Counters in Prometheus's text form. Numbers only: no account, no device, no record.
async fn counters(State(app): State<Arc<App>>) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], metrics::page(&app).await).into_response()
}
