//! HTTP over the [`Office`]: routes, the cookie, problems, and the built app.
//!
//! Map: [`routes`] the API, a file a noun · `body` and `caller` what handlers ask of a request · [`problem`] errors ·
//! [`assets`] the app itself · `guard` headers of every response · `metrics` counters.

mod api;
pub mod assets;
mod body;
mod caller;
mod guard;
mod metrics;
pub mod problem;
pub mod problems;
pub mod routes;

use std::sync::Arc;

use axum::{Router, middleware};
use tokio::sync::watch;

use crate::office::Office;
pub use api::openapi;
pub use assets::Assets;
pub use caller::Cookie;

/// What every handler may use.
pub struct App {
    office: Arc<Office>,
    cookie: Cookie,
    assets: Assets,
    metrics: metrics::Metrics,
    /// Changes once, when the server is asked to stop: streams end then.
    stopping: watch::Receiver<()>,
}

impl App {
    /// The app over an office.
    pub fn new(office: Arc<Office>, cookie: Cookie, assets: Assets, stopping: watch::Receiver<()>) -> Self {
        Self { office, cookie, assets, metrics: metrics::Metrics::default(), stopping }
    }
}

/// The whole server as one service.
pub fn service(app: App) -> Router {
    let app = Arc::new(app);
    let all = api::router().merge(routes::state::router()).fallback(assets::serve);
    all.layer(middleware::from_fn_with_state(app.clone(), guard::every_response)).with_state(app)
}
