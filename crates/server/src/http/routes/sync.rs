//! One round trip: changes in, verdicts and records out.

use std::sync::Arc;

use axum::{
    Json,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
};
use serde::Deserialize;
use serde_json::Value;
use sync::wire::{Cursor, MAX_CHANGES, ProblemDetails, SCHEMA, SyncRequest, SyncResponse};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    http::{
        App,
        body::{Body, from_json},
        caller::Holder,
        problem::Problem,
        problems::Kind,
    },
    office::{Incoming, pull::Asked, push::OLDEST_SCHEMA},
};

/// Twice what a tablet puts in one request.
const LARGEST: usize = 2 * 1024 * 1024;
/// Longest epoch and scope of a cursor, in bytes.
const LONGEST: usize = 4 * 1024;
/// Most buckets to be sent whole at once.
const MAX_REFETCH: usize = 256;

/// `/sync`.
pub fn router() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(sync)).layer(DefaultBodyLimit::max(LARGEST))
}

/// Pushes what waits on the device and pulls the next page. A change that cannot be read or kept is refused alone, with
/// its reasons, and never the request for it. A revoked device may still push; it is then told, with `device_revoked`, to
/// destroy what it holds.
#[utoipa::path(post, path = "/sync", tag = "sync", request_body = SyncRequest, responses(
    (status = 200, description = "One receipt for each change, and the next page or blocks", body = SyncResponse),
    (status = 400, description = "`malformed-json` or `bad-cursor`", body = ProblemDetails,
     content_type = "application/problem+json"),
    (status = 401, description = "`not-signed-in`: keep the queue", body = ProblemDetails,
     content_type = "application/problem+json"),
    (status = 403, description = "`other-device` or `other-origin`", body = ProblemDetails,
     content_type = "application/problem+json"),
    (status = 413, description = "`too-large` or `too-many`", body = ProblemDetails,
     content_type = "application/problem+json"),
    (status = 422, description = "`wrong-shape`", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 429, description = "`too-many-requests`, with Retry-After: keep the queue", body = ProblemDetails,
     content_type = "application/problem+json"),
    (status = 426, description = "`schema-too-old` or `schema-too-new`: keep the queue", body = ProblemDetails,
     content_type = "application/problem+json"),
))]
async fn sync(
    State(app): State<Arc<App>>,
    Holder(session): Holder,
    headers: HeaderMap,
    Body(mut body): Body<Value>,
) -> Result<(Option<[(HeaderName, HeaderValue); 1]>, Json<SyncResponse>), Problem> {
    // The changes are read one by one: one that does not read must not keep the others out.
    let changes = match body.get_mut("changes").map(Value::take) {
        Some(Value::Array(changes)) => changes,
        _ => return Err(Problem::from(Kind::WrongShape).with("field", "changes")),
    };
    body["changes"] = Value::Array(Vec::new());
    let request = SyncRequest::deserialize(body).map_err(|e: serde_json::Error| from_json(&e))?;
    if request.schema < OLDEST_SCHEMA {
        return Err(Problem::from(Kind::SchemaTooOld).with("oldest", OLDEST_SCHEMA));
    }
    if request.schema > SCHEMA {
        return Err(Problem::from(Kind::SchemaTooNew).with("newest", SCHEMA));
    }
    if request.device != session.device {
        return Err(Kind::OtherDevice.into());
    }
    if changes.len() > MAX_CHANGES || request.refetch.len() > MAX_REFETCH {
        return Err(Problem::from(Kind::TooMany).with("most", MAX_CHANGES));
    }
    if request.cursor.as_ref().is_some_and(|cursor| !is_plausible(cursor)) {
        return Err(Kind::BadCursor.into());
    }
    let incoming: Vec<Incoming> = changes.into_iter().map(Incoming::from).collect();
    let is_idle = incoming.is_empty();
    let (receipts, tally) = app.office.push_sent(&session.author, session.device, request.sent_at, incoming).await?;
    app.metrics.pushed(tally);
    app.office.hear_post(&session.author, session.device).await?;
    let asked = Asked { device: request.device, cursor: request.cursor, refetch: request.refetch };
    if session.is_revoked {
        return Ok((None, Json(app.office.farewell(&session.author, asked, receipts, is_idle).await?)));
    }
    // A tablet of before: from here on it proves itself.
    let secret = match session.has_secret {
        true => None,
        false => app.office.claim(session.device, app.browser(None, &headers)).await?,
    };
    let cookie = secret.map(|secret| [(header::SET_COOKIE, app.cookie.write_secret(&secret))]);
    Ok((cookie, Json(app.office.pull(&session.author, asked, receipts).await?)))
}

/// Whether a cursor can be one that some server of ours gave out, of this history or another.
fn is_plausible(cursor: &Cursor) -> bool {
    cursor.epoch.len() <= LONGEST && cursor.scope.len() <= LONGEST && i64::try_from(cursor.seq).is_ok()
}
