//! The pack in force.

use std::sync::Arc;

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{App, caller::Caller};

/// `/pack`.
pub fn router() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(pack))
}

/// Kinds, posts, choices and indicators. The ETag is the pack's version.
#[utoipa::path(get, path = "/pack", tag = "pack", responses(
    (status = 200, description = "The pack, as the crate `records` reads it", body = Object),
    (status = 304, description = "The tablet has it"),
))]
async fn pack(State(app): State<Arc<App>>, Caller(_): Caller, headers: HeaderMap) -> Response {
    let pack = app.office.pack();
    let tag = format!("\"{}-{}\"", pack.name, pack.version);
    let marks = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, "private, no-cache".into())];
    let known = headers.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok());
    // A proxy that compresses may have weakened the tag.
    if known.is_some_and(|known| known.split(',').any(|k| k.trim().trim_start_matches("W/") == tag)) {
        return (StatusCode::NOT_MODIFIED, marks).into_response();
    }
    (marks, Json(&*pack)).into_response()
}
