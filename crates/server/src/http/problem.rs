//! Every error as RFC 9457 problem details, in the language the client asks for.
//!
//! Handlers return a [`Problem`]; it travels in the response's extensions until [`words`], the outermost layer of the
//! API, writes it out. So errors that axum and tower make themselves (405, 413 …) get the same form.

use axum::{
    Json,
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use records::Lang;
use serde_json::Value;
use sync::wire::ProblemDetails;
use tower_http::csrf::ProtectionError;

use super::problems::{Kind, of_status};
use crate::db::{Beyond, Fault, Passing};

/// Something that went wrong with a request.
#[derive(Clone, Debug)]
pub struct Problem {
    kind: Kind,
    more: Vec<(&'static str, Value)>,
    retry_after: Option<u64>,
}

impl From<Kind> for Problem {
    fn from(kind: Kind) -> Self {
        Self { kind, more: Vec::new(), retry_after: None }
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        if let Fault::Beyond(what) = fault {
            tracing::warn!(%fault, "not taken");
            return match what {
                Beyond::Files => Problem::from(Kind::QuotaFiles).retry_after(3600),
                Beyond::Changes => Problem::from(Kind::QuotaChanges).retry_after(3600),
            };
        }
        let (kind, seconds) = match fault.passing() {
            Some(Passing::Collision) => (Kind::Timeout, 2),
            Some(Passing::Busy) => (Kind::Timeout, 10),
            Some(Passing::Away) => (Kind::DatabaseAway, 5),
            Some(Passing::Full) => (Kind::DiskFull, 60),
            None => {
                // A fault names tables and rows, never what is in them.
                tracing::error!(%fault, "the store failed");
                return Kind::Internal.into();
            }
        };
        tracing::warn!(%fault, "the store cannot do it now");
        Problem::from(kind).retry_after(seconds)
    }
}

impl Problem {
    /// With one more fact for programs.
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.more.push((name, value.into()));
        self
    }

    /// To be tried again after so many seconds.
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self.with("retry_after", seconds)
    }

    fn write(self, lang: Lang) -> Response {
        let (status, slug, title, detail) = self.kind.words();
        let body = ProblemDetails {
            r#type: format!("/problems/{slug}"),
            title: title.into(),
            status: status.as_u16(),
            detail: detail.get(lang).into(),
            more: self.more.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        };
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        let lang = if lang == Lang::Zh { "zh-CN" } else { "en" };
        headers.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(lang));
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.kind.words().0.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// Writes problems out, and makes problems of bare error statuses.
pub async fn words(request: Request, next: Next) -> Response {
    let lang = language(request.headers());
    let mut response = next.run(request).await;
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return response;
    }
    let crossed = response.extensions().get::<ProtectionError>().is_some();
    let problem = match response.extensions_mut().remove::<Problem>() {
        Some(problem) => problem,
        None if crossed => Kind::OtherOrigin.into(),
        None => Problem::from(of_status(status)),
    };
    let allow = response.headers_mut().remove(header::ALLOW);
    let mut written = problem.write(lang);
    if let (StatusCode::METHOD_NOT_ALLOWED, Some(allow)) = (status, allow) {
        written.headers_mut().insert(header::ALLOW, allow);
    }
    // What handlers set beside the problem, such as an emptied cookie, goes along.
    let cookies: Vec<HeaderValue> = response.headers().get_all(header::SET_COOKIE).iter().cloned().collect();
    for cookie in cookies {
        written.headers_mut().append(header::SET_COOKIE, cookie);
    }
    written
}

/// The language of the best-liked tag that we have; Chinese without one.
fn language(headers: &HeaderMap) -> Lang {
    const NAME: HeaderName = header::ACCEPT_LANGUAGE;
    let liked = headers.get(NAME).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut best = (0.0, Lang::Zh);
    for part in liked.split(',') {
        let (tag, quality) = part.split_once(';').unwrap_or((part, "q=1"));
        let quality: f32 = quality.trim().strip_prefix("q=").and_then(|q| q.parse().ok()).unwrap_or(0.0);
        let lang = match tag.trim().split('-').next() {
            Some(tag) if tag.eq_ignore_ascii_case("zh") => Lang::Zh,
            Some(tag) if tag.eq_ignore_ascii_case("en") => Lang::En,
            _ => continue,
        };
        if quality > best.0 {
            best = (quality, lang);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_liked_language_is_spoken() {
        let spoken = |liked: &'static str| {
            language(&HeaderMap::from_iter([(header::ACCEPT_LANGUAGE, HeaderValue::from_static(liked))]))
        };
        assert_eq!(spoken("en-GB,en;q=0.9,zh;q=0.5"), Lang::En);
        assert_eq!(spoken("zh-CN,zh;q=0.9,en;q=0.8"), Lang::Zh);
        assert_eq!(spoken("en;q=0.3, zh;q=0.7"), Lang::Zh);
        assert_eq!(spoken("fr, de;q=0.7"), Lang::Zh);
        assert_eq!(spoken("en;q=nonsense"), Lang::Zh);
    }
}
