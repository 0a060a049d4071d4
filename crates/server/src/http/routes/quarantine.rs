//! What the office refused.

use std::sync::Arc;

use axum::{Json, extract::State};
use sync::wire::Quarantined;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    http::{App, caller::Caller, problem::Problem},
    office::audit::{By, What},
};

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
    let refused = app.office.quarantine(&session.author, all).await?;
    if all {
        let by = By::of(&session.author, session.device);
        app.office.note_one(by, What::Quarantine, "", refused.len() as u64).await?;
    }
    Ok(Json(refused))
}
