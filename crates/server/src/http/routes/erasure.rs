//! Erasing what is known of a person, for the director.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
};
use records::RecordId;
use sync::wire::{Erase, Erasure, ProblemDetails};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::may_manage;
use crate::{
    http::{App, body::Body, caller::Caller, problem::Problem, problems::Kind},
    office::audit::By,
};

/// Most characters of a reason.
const LONGEST: usize = 200;

/// `/records/{id}/erasure`.
pub fn router() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(look, erase))
}

/// What erasing a person would take, for posts that see the report: counts of the kinds the post may read.
#[utoipa::path(get, path = "/records/{id}/erasure", tag = "records",
    params(("id" = uuid::Uuid, Path, description = "The person's record")), responses(
    (status = 200, description = "What would go", body = Erasure),
    (status = 403, description = "`forbidden`: the post does not see the report", body = ProblemDetails,
     content_type = "application/problem+json"),
    (status = 404, description = "`not-found`: no such person, or erased already", body = ProblemDetails,
     content_type = "application/problem+json"),
))]
async fn look(
    State(app): State<Arc<App>>,
    Caller(session): Caller,
    id: Result<Path<RecordId>, PathRejection>,
) -> Result<Json<Erasure>, Problem> {
    may_manage(&app, &session)?;
    let Path(id) = id.map_err(|_| Kind::NotFound)?;
    Ok(Json(app.office.erasure(&session.author, id).await?.ok_or(Kind::NotFound)?))
}

/// Erases a person and all that is about them, for good. Facts keep their choices, numbers, amounts and days, so that
/// figures stay; the audit trail keeps that it was done.
#[utoipa::path(post, path = "/records/{id}/erasure", tag = "records", request_body = Erase,
    params(("id" = uuid::Uuid, Path, description = "The person's record")), responses(
    (status = 200, description = "What went", body = Erasure),
    (status = 403, description = "`forbidden`: the post does not see the report", body = ProblemDetails,
     content_type = "application/problem+json"),
    (status = 404, description = "`not-found`: no such person, or erased already", body = ProblemDetails,
     content_type = "application/problem+json"),
    (status = 422, description = "`wrong-shape`: no reason, or too long a one", body = ProblemDetails,
     content_type = "application/problem+json"),
))]
async fn erase(
    State(app): State<Arc<App>>,
    Caller(session): Caller,
    id: Result<Path<RecordId>, PathRejection>,
    Body(Erase { why }): Body<Erase>,
) -> Result<Json<Erasure>, Problem> {
    may_manage(&app, &session)?;
    let Path(id) = id.map_err(|_| Kind::NotFound)?;
    let why = why.trim();
    if why.is_empty() || why.chars().count() > LONGEST {
        return Err(Kind::WrongShape.into());
    }
    let by = By::of(&session.author, session.device);
    Ok(Json(app.office.erase(by, &session.author, id, why).await?.ok_or(Kind::NotFound)?))
}
