//! HTTP over the [`Office`]: routes, the cookie, problems, and the built app.
//!
//! Map: [`routes`] the API, a file a noun · `body` and `caller` what handlers ask of a request · [`problem`] errors ·
//! `describe` what all routes may answer · [`assets`] the app itself · `guard` headers of every response · `flow`, `pace`, [`address`], `streams` and [`doorkeeper`] limits · `metrics` counters.

pub mod address;
mod api;
pub mod assets;
mod body;
mod caller;
mod describe;
pub mod doorkeeper;
mod flow;
mod guard;
pub mod listen;
mod metrics;
mod pace;
pub mod problem;
pub mod problems;
pub mod routes;
mod streams;

use std::{net::IpAddr, path::PathBuf, sync::Arc};

use axum::{Router, http::HeaderMap, middleware};
use tokio::sync::watch;

use crate::office::{Office, proof::Browser};
pub use api::openapi;
pub use assets::Assets;
pub use caller::Cookie;
pub use flow::Limits;

/// What every handler may use.
pub struct App {
    office: Arc<Office>,
    cookie: Cookie,
    assets: Assets,
    metrics: metrics::Metrics,
    pace: pace::Pace,
    limits: Limits,
    streams: Arc<streams::Streams>,
    /// The data folder, whose disk is looked at.
    folder: Option<PathBuf>,
    /// Proxies between this server and the tablets.
    proxies: address::Proxies,
    /// What browsers call this server, where a proxy hides it: `https://linli.example`.
    origins: Vec<String>,
    /// Browsers are told never to come by plain HTTP again.
    only_https: bool,
    /// Changes once, when the server is asked to stop: streams end then.
    stopping: watch::Receiver<()>,
}

impl App {
    /// The app over an office.
    pub fn new(office: Arc<Office>, cookie: Cookie, assets: Assets, stopping: watch::Receiver<()>) -> Self {
        let (metrics, pace, limits, streams, folder, proxies, origins) = Default::default();
        Self {
            office,
            cookie,
            assets,
            metrics,
            pace,
            limits,
            streams,
            folder,
            proxies,
            origins,
            only_https: false,
            stopping,
        }
    }

    /// The same, taking so many requests a second of each device, on and on.
    pub fn paced(self, each_second: u32) -> Self {
        Self { pace: pace::Pace::new(each_second), ..self }
    }

    /// The same, waiting so long for what it is sent and for its own handlers.
    pub fn limited(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// The same, telling how full the disk of its data folder is.
    pub fn watching(self, folder: PathBuf) -> Self {
        Self { folder: Some(folder), ..self }
    }

    /// The same behind proxies, whose `X-Forwarded-For` says who asks; what anyone else writes there counts for nothing.
    pub fn proxied(self, proxies: address::Proxies) -> Self {
        Self { proxies, ..self }
    }

    /// The same, called so by browsers although a proxy says something else: scheme, host and port.
    pub fn called(self, origins: Vec<String>) -> Self {
        Self { origins, ..self }
    }

    /// What a browser shows of itself.
    fn browser<'h>(&self, address: Option<IpAddr>, headers: &'h HeaderMap) -> Browser<'h> {
        Browser { address, session: self.cookie.read(headers), secret: self.cookie.secret(headers) }
    }

    /// The same, telling browsers that this name is only ever served over HTTPS. Not for certificates made here: a
    /// tablet that does not trust them yet could then not be helped.
    pub fn only_https(self, only_https: bool) -> Self {
        Self { only_https, ..self }
    }
}

/// The whole server as one service.
pub fn service(app: App) -> Router {
    let app = Arc::new(app);
    let all = api::router(&app).merge(routes::state::router()).fallback(assets::serve);
    all.layer(middleware::from_fn_with_state(app.clone(), guard::every_response))
        .layer(middleware::from_fn_with_state(app.clone(), guard::true_host))
        .with_state(app)
}
