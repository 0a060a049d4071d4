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

/// The database answers too.
async fn ready(State(app): State<Arc<App>>) -> Response {
    match app.office.ping().await {
        Ok(()) if app.office.behind() == 0 => "ok\n".into_response(),
        // It works, and refuses nothing for it.
        Ok(()) => {
            let known = time::spoken(app.office.now() + app.office.behind());
            format!("ok, but the clock is wrong: it is later than {known}\n").into_response()
        }
        Err(fault) => {
            tracing::error!(%fault, "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n").into_response()
        }
    }
}

/// Counters in Prometheus's text form. Numbers only: no account, no device, no record.
async fn counters(State(app): State<Arc<App>>) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4")], metrics::page(&app).await).into_response()
}
