//! Where a request comes from, for limits only: it is never stored or logged.

use std::{
    convert::Infallible,
    net::{IpAddr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::request::Parts,
};

use super::App;

/// The network address of the browser, if it can be known.
#[derive(Clone, Copy, Debug)]
pub struct Address(pub Option<IpAddr>);

impl FromRequestParts<Arc<App>> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        if !app.proxied {
            let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
            return Ok(Self(peer.map(|ConnectInfo(peer)| peer.ip())));
        }
        // Behind a proxy the peer is the proxy. The last address is the one that the proxy itself wrote; a proxy that writes
        // none leaves the limit by address out, or all tablets would count as one.
        let mut all = parts.headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
        let last = all.next_back().and_then(|value| value.rsplit(',').next());
        Ok(Self(last.and_then(|address| address.trim().parse().ok())))
    }
}
