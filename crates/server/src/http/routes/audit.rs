//! The audit trail, for the director.

use std::sync::Arc;

use axum::{
    Json,
    extract::{
        Path, Query, State,
        rejection::{PathRejection, QueryRejection},
    },
};
use records::RecordId;
use serde::Deserialize;
use sync::wire::{AuditEntry, Changes, ProblemDetails};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::may_manage;
use crate::{
    http::{App, caller::Caller, problem::Problem, problems::Kind},
    office::audit::{By, What},
};

/// Entries without a `limit`, and the most with one.
const SHOWN: u32 = 100;
const MOST: u32 = 1000;

/// `/audit` and `/records/{id}/changes`.
pub fn router() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(audit)).routes(routes!(changes))
}

/// Which page of the trail.
#[derive(Debug, Deserialize, IntoParams)]
struct Page {
    /// Only entries before this number; without it, the latest.
    before: Option<u64>,
    /// How many, at most 1000; 100 without.
    limit: Option<u32>,
}

/// Who changed what, who read what is restricted, who signed in: the latest first, for posts that see the report. Reading
/// it is an entry itself.
#[utoipa::path(get, path = "/audit", tag = "session", params(Page), responses(
    (status = 200, description = "Entries, the latest first", body = Vec<AuditEntry>),
    (status = 400, description = "`bad-query`", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`: the post does not see the report", body = ProblemDetails,
     content_type = "application/problem+json"),
))]
async fn audit(
    State(app): State<Arc<App>>,
    Caller(session): Caller,
    page: Result<Query<Page>, QueryRejection>,
) -> Result<Json<Vec<AuditEntry>>, Problem> {
    may_manage(&app, &session)?;
    let Query(Page { before, limit }) = page.map_err(|_| Kind::BadQuery)?;
    let (before, limit) = (before.unwrap_or(u64::MAX), limit.unwrap_or(SHOWN).min(MOST));
    let entries = app.office.trail(Some(&session.author), before, limit).await?;
    app.office.note_one(By::of(&session.author, session.device), What::Audit, "", entries.len() as u64).await?;
    Ok(Json(entries))
}

/// All that was changed in a record: who, when, why, what; for whoever may read the record.
#[utoipa::path(get, path = "/records/{id}/changes", tag = "records",
    params(("id" = uuid::Uuid, Path, description = "The record")), responses(
    (status = 200, description = "Its changes, in order of their clocks", body = Changes),
    (status = 404, description = "`not-found`: no such record, or none that the account may read", body = ProblemDetails,
     content_type = "application/problem+json"),
))]
async fn changes(
    State(app): State<Arc<App>>,
    Caller(session): Caller,
    id: Result<Path<RecordId>, PathRejection>,
) -> Result<Json<Changes>, Problem> {
    let Path(id) = id.map_err(|_| Kind::NotFound)?;
    let by = By::of(&session.author, session.device);
    Ok(Json(app.office.changes(by, &session.author, id).await?.ok_or(Kind::NotFound)?))
}
