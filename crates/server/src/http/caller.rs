//! Who calls: the session behind the cookie.

use std::{sync::Arc, time::Instant};

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, header, request::Parts},
};

use super::{App, problem::Problem, problems::Kind};
use crate::office::accounts::Session;

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

/// Whoever has a live session, also on a revoked device.
#[derive(Debug)]
pub struct Holder(pub Session);

impl FromRequestParts<Arc<App>> for Holder {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Problem> {
        let token = app.cookie.read(&parts.headers).ok_or(Kind::NotSignedIn)?;
        let session = app.office.session(token).await?.ok_or(Kind::NotSignedIn)?;
        let asked = app.pace.ask(&session.author.account, session.device, Instant::now());
        asked.map_err(|seconds| Problem::from(Kind::TooManyRequests).retry_after(seconds))?;
        Ok(Self(session))
    }
}

/// How the session's cookie is called and guarded.
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

    /// The token in a request's cookies.
    pub fn read(self, headers: &HeaderMap) -> Option<&str> {
        let pairs = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(';'));
        pairs
            .filter_map(|pair| pair.trim().split_once('='))
            .find(|(name, _)| *name == self.name())
            .map(|(_, token)| token)
    }

    /// The header that gives the browser its token: not readable by scripts, not sent along from other sites. It outlives
    /// the browser's window, for a tablet is switched off between visits; the server ends it by itself.
    pub fn write(self, token: &str) -> HeaderValue {
        self.header(token, 400 * 24 * 3600)
    }

    /// The header that takes it back.
    pub fn clear(self) -> HeaderValue {
        self.header("", 0)
    }

    fn header(self, token: &str, seconds: u32) -> HeaderValue {
        let secure = if self == Self::Secure { "; Secure" } else { "" };
        let name = self.name();
        let text = format!("{name}={token}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}");
        // Tokens are hexadecimal, so this always is a header.
        HeaderValue::try_from(text).unwrap_or_else(|_| HeaderValue::from_static(""))
    }
}
