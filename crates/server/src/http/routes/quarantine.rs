//! What the office refused.

use std::sync::Arc;

use axum::{Json, extract::State};
use sync::wire::Quarantined;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{App, caller::Caller, problem::Problem};

/// `/quarantine`.
pub fn router() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(quarantine))
}

/// What was refused of the caller's, newest first; for a post that sees the report, of everyone's.
#[utoipa::path(get, path = "/quarantine", tag = "sync", responses(
    (status = 200, description = "At most 500, newest first", body = Vec<Quarantined>),
))]
async fn quarantine(State(app): State<Arc<App>>, Caller(session): Caller) -> Result<Json<Vec<Quarantined>>, Problem> {
    let all = app.office.pack().post(&session.author.post).is_some_and(|post| post.report);
    Ok(Json(app.office.quarantine(&session.author, all).await?))
}
