//! The pack in force, and publishing another in its place.

use std::sync::Arc;

use axum::{
    Json,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
};
use records::Pack;
use sync::wire::{ProblemDetails, Published};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::may_manage;
use crate::{
    http::{App, body::Body, caller::Caller, problem::Problem, problems::Kind},
    office::{audit::By, pack::Unpublished},
};

/// Most bytes of a pack: some ten times what the default one has.
const LARGEST: usize = 2 * 1024 * 1024;

/// `/pack`.
pub fn router() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(pack, publish)).layer(DefaultBodyLimit::max(LARGEST))
}

/// Kinds, posts, choices and indicators. The ETag is the pack's version.
#[utoipa::path(get, path = "/pack", tag = "pack", responses(
    (status = 200, description = "The pack, as the crate `records` reads it", body = Object),
    (status = 304, description = "The tablet has it"),
))]
async fn pack(State(app): State<Arc<App>>, Caller(_): Caller, headers: HeaderMap) -> Response {
    let (pack, print) = app.office.in_force();
    // Not kept by browsers: a version's number may come to name another pack, and tablets ask only when they need one.
    let marks = [(header::ETAG, tag(&pack, pack.version)), (header::CACHE_CONTROL, "private, no-store".into())];
    if named(&headers, header::IF_NONE_MATCH).any(|known| known == marks[0].1) {
        return (StatusCode::NOT_MODIFIED, marks).into_response();
    }
    (marks, Json(Pack { print: print.to_string(), ..(*pack).clone() })).into_response()
}

/// Puts a changed pack in force, whole, for posts that see the report. Its version and origin are the server's to give.
/// Nothing is taken out of a pack, and no rights are given: fields that are no longer asked are put out of use.
#[utoipa::path(put, path = "/pack", tag = "pack", request_body = Object,
    params(("If-Match" = String, Header, description = "The ETag of the pack that was changed")), responses(
    (status = 200, description = "It is in force; the ETag is its version", body = Published),
    (status = 403, description = "`forbidden`: the post does not see the report", body = ProblemDetails,
     content_type = "application/problem+json"),
    (status = 412, description = "`pack-overtaken`: another version is in force by now", body = ProblemDetails,
     content_type = "application/problem+json"),
    (status = 422, description = "`pack-wrong`: what is wrong stands in `problems`, each with `kind`, `field` and `message`",
     body = ProblemDetails, content_type = "application/problem+json"),
    (status = 428, description = "`pack-unconditional`: no If-Match", body = ProblemDetails,
     content_type = "application/problem+json"),
))]
async fn publish(
    State(app): State<Arc<App>>,
    Caller(session): Caller,
    headers: HeaderMap,
    Body(body): Body<serde_json::Value>,
) -> Result<Response, Problem> {
    may_manage(&app, &session)?;
    if !headers.contains_key(header::IF_MATCH) {
        return Err(Kind::PackUnconditional.into());
    }
    // The version that was changed, when it is still the one in force.
    let was = app.office.pack();
    let known = tag(&was, was.version);
    if !named(&headers, header::IF_MATCH).any(|given| given == known) {
        return Err(overtaken(was.version));
    }
    let wrong = |wrong| Problem::from(Kind::PackWrong).with("problems", serde_json::json!(wrong));
    let pack = Pack::said(&body).map_err(&wrong)?;
    let by = By::of(&session.author, session.device);
    match app.office.publish(by, was.version, pack).await? {
        Ok(version) => Ok(([(header::ETAG, tag(&was, version))], Json(Published { version })).into_response()),
        Err(Unpublished::Wrong(faults)) => Err(wrong(faults)),
        Err(Unpublished::Overtaken(version)) => Err(overtaken(version)),
    }
}

fn overtaken(version: u32) -> Problem {
    Problem::from(Kind::PackOvertaken).with("version", version)
}

fn tag(pack: &Pack, version: u32) -> String {
    format!("\"{}-{version}\"", pack.name)
}

/// The tags a header names. A proxy that compresses may have weakened them.
fn named(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = &str> {
    let said = headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    said.split(',').map(|tag| tag.trim().trim_start_matches("W/"))
}
