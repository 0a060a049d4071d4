//! Who calls: the session behind the cookie.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderName, HeaderValue, header, request::Parts},
};

use super::{App, problem::Problem, problems::Kind};
use crate::office::{accounts::Session, proof::Leaving};

/// The longest that browsers keep a cookie, in seconds: 400 days.
const AS_LONG_AS_BROWSERS_DO: u32 = 400 * 24 * 3600;

/// A signed-in caller; a request without a live session gets 401, one too many gets 429, one of a revoked device 403.
#[derive(Debug)]
pub struct Caller(pub Session);

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let Holder(session) = Holder::from_request_parts(parts, app).await?;
        if session.is_revoked { Err(Kind::DeviceRevoked.into()) } else { Ok(Self(session)) }
    }
}

/// Whoever has a live session, also on a revoked device, or proves to be a revoked device without one.
#[derive(Debug)]
pub struct Holder(pub Session);

impl FromRequestParts<Arc<App>> for Holder {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let session = session(app, &parts.headers).await?;
        let asked = app.pace.ask(&session.author.account, session.device, Instant::now());
        asked.map_err(|seconds| Problem::from(Kind::TooManyRequests).retry_after(seconds))?;
        Ok(Self(session))
    }
}

/// The session of a request. A revoked device is heard without one as well, so that it hands in what waits and empties itself
/// however its session ended; from then on its browser's secret is all it has.
async fn session(app: &App, headers: &HeaderMap) -> Result<Session, Problem> {
    let asks = headers.get(DEVICE).and_then(|id| id.to_str().ok()).and_then(|id| id.parse().ok());
    let live = match app.cookie.read(headers) {
        Some(token) => app.office.session(token).await?,
        None => None,
    };
    match (live, app.cookie.secret(headers)) {
        // Someone else's may live in the same browser.
        (Some(live), _) if asks.is_none_or(|asks| asks == live.device) => Ok(live),
        (live, Some(secret)) => match (app.office.leaving(secret, asks).await?, live) {
            (Leaving::On(session), _) => Ok(*session),
            (_, Some(live)) => Ok(live),
            (Leaving::Several, None) => Err(Problem::from(Kind::NotSignedIn).with("device_revoked", true)),
            (Leaving::None, None) => Err(Kind::NotSignedIn.into()),
        },
        (live, None) => live.ok_or(Kind::NotSignedIn.into()),
    }
}

/// Which device asks. Its session says so too, while it has one.
const DEVICE: HeaderName = HeaderName::from_static("linli-device");

/// How the session's cookie is called and guarded, and that of the browser's secret, by which its devices are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookie {
    /// Over HTTPS: the browser itself makes sure that nobody else can have set it.
    Secure,
    /// Over plain HTTP, for one machine: browsers do not keep `__Host-` cookies there.
    Plain,
}

impl Cookie {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Secure => "__Host-linli",
            Self::Plain => "linli",
        }
    }

    /// The name of the one with the browser's secret.
    pub fn secret_name(self) -> &'static str {
        match self {
            Self::Secure => "__Host-linli-browser",
            Self::Plain => "linli-browser",
        }
    }

    /// The token in a request's cookies.
    pub fn read(self, headers: &HeaderMap) -> Option<&str> {
        Self::find(headers, self.name())
    }

    /// The browser's secret in a request's cookies.
    pub fn secret(self, headers: &HeaderMap) -> Option<&str> {
        Self::find(headers, self.secret_name())
    }

    fn find<'h>(headers: &'h HeaderMap, wanted: &str) -> Option<&'h str> {
        let pairs = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(';'));
        pairs.filter_map(|pair| pair.trim().split_once('=')).find(|(name, _)| *name == wanted).map(|(_, token)| token)
    }

    /// The header that gives the browser its token: not readable by scripts, not sent along from other sites. It outlives
    /// the browser's window, for a tablet is switched off between visits; the server ends it by itself.
    pub fn write(self, token: &str) -> HeaderValue {
        self.header(self.name(), token, AS_LONG_AS_BROWSERS_DO)
    }

    /// The header that gives the browser its secret. It stays when someone signs out.
    pub fn write_secret(self, secret: &str) -> HeaderValue {
        self.header(self.secret_name(), secret, AS_LONG_AS_BROWSERS_DO)
    }

    /// The header that takes it back.
    pub fn clear(self) -> HeaderValue {
        self.header(self.name(), "", 0)
    }

    fn header(self, name: &str, token: &str, seconds: u32) -> HeaderValue {
        let secure = if self == Self::Secure { "; Secure" } else { "" };
        let text = format!("{name}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}");
        // Tokens are hexadecimal, so this always is a header.
        HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static(""))
    }
}
