//! Headers that every response carries.

use std::{net::SocketAddr, sync::Arc, time::Instant};

use axum::{
    extract::{ConnectInfo, MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

use super::App;

/// Of responses that are no page of the app: nothing may be loaded or framed.
const NOTHING: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");

const HEADERS: [(HeaderName, HeaderValue); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-embedder-policy"), HeaderValue::from_static("require-corp")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin")),
];

/// Gives a request that a proxy passed on under another name the one that the browser used: whether it comes from a page of
/// our own is held against it.
pub async fn true_host(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    if peer.is_some_and(|peer| app.proxies.holds(peer)) {
        let headers = request.headers_mut();
        if let Some(host) = headers.get("x-forwarded-host").cloned() {
            headers.insert(header::HOST, host);
        }
    }
    next.run(request).await
}

/// Puts on the security headers, counts, and logs: the route and never the address, for addresses name records.
pub async fn every_response(
    State(app): State<Arc<App>>,
    route: Option<MatchedPath>,
    request: Request,
    next: Next,
) -> Response {
    let (began, method) = (Instant::now(), request.method().clone());
    let mut response = next.run(request).await;
    let status = response.status();
    let route = route.as_ref().map_or("app", MatchedPath::as_str);
    let ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    app.metrics.responded(route, status, ms);
    tracing::debug!(%method, route, status = status.as_u16(), ms, "answered");
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, value);
    }
    // Only what the person allows on the tablet: a position with a record, a photo.
    let policy = HeaderValue::from_static("camera=(self), geolocation=(self), microphone=(), payment=(), usb=()");
    headers.insert(HeaderName::from_static("permissions-policy"), policy);
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(NOTHING);
    if app.only_https {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    response
}
