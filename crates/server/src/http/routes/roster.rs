//! Households and people from files: upload, plan, import, take back.

use std::sync::Arc;

use axum::{
    Json,
    extract::{
        DefaultBodyLimit, Path, Query, State,
        rejection::{PathRejection, QueryRejection},
    },
    http::StatusCode,
    response::IntoResponse,
};
use serde::Deserialize;
use serde_json::json;
use sync::wire::{MAX_ROSTER_BYTES, ProblemDetails, Roster, RosterChoices, RosterPlan, RosterUpload};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

use crate::{
    http::{
        App,
        body::{Body, Octets},
        caller::Caller,
        problem::Problem,
        problems::Kind,
    },
    office::roster::Refused,
};

/// `/rosters`.
pub fn router() -> OpenApiRouter<Arc<App>> {
    let upload = OpenApiRouter::new().routes(routes!(upload, list)).layer(DefaultBodyLimit::max(MAX_ROSTER_BYTES));
    upload.routes(routes!(state, end)).routes(routes!(plan)).routes(routes!(run))
}

/// What the file is called.
#[derive(Debug, Deserialize, IntoParams)]
struct Named {
    /// The file's name, such as `桂花社区花名册.xlsx`.
    file: String,
}

impl From<Refused> for Problem {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Forbidden => Kind::Forbidden.into(),
            Refused::NotFound => Kind::NotFound.into(),
            Refused::Unreadable(why) => Self::from(Kind::RosterUnreadable).with("reason", json!(why.words())),
            Refused::Choice(which) => Self::from(Kind::RosterChoice).with("field", which),
            Refused::State(state) => Self::from(Kind::RosterState).with("state", json!(state)),
            Refused::Busy => Self::from(Kind::RosterBusy).retry_after(5),
        }
    }
}

/// Reads an Excel (.xlsx, .xls) or CSV file and guesses what its columns mean. Nothing is written; the file stays in the
/// server's memory for an hour.
#[utoipa::path(post, path = "/rosters", tag = "roster", params(Named),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
    (status = 201, description = "What it holds", body = RosterUpload),
    (status = 403, description = "`forbidden`: the post does not write buildings, households and people",
     body = ProblemDetails, content_type = "application/problem+json"),
    (status = 413, description = "`too-large`: more than 20 MB", body = ProblemDetails,
     content_type = "application/problem+json"),
    (status = 422, description = "`roster-unreadable`, with `reason` in both languages", body = ProblemDetails,
     content_type = "application/problem+json"),
))]
async fn upload(
    State(app): State<Arc<App>>,
    Caller(session): Caller,
    named: Result<Query<Named>, QueryRejection>,
    body: Result<Octets<MAX_ROSTER_BYTES>, Problem>,
) -> Result<impl IntoResponse, Problem> {
    let Query(Named { file }) = named.map_err(|_| Problem::from(Kind::BadQuery).with("parameter", "file"))?;
    let Octets(bytes) = body?;
    let upload = app.office.upload_roster(&session.author, &file, bytes).await??;
    Ok((StatusCode::CREATED, Json(upload)))
}

/// Imported rosters, the latest first: one's own, and for posts that see the report everyone's.
#[utoipa::path(get, path = "/rosters", tag = "roster", responses(
    (status = 200, description = "At most fifty", body = Vec<Roster>),
    (status = 403, description = "`forbidden`", body = ProblemDetails, content_type = "application/problem+json"),
))]
async fn list(State(app): State<Arc<App>>, Caller(session): Caller) -> Result<Json<Vec<Roster>>, Problem> {
    Ok(Json(app.office.rosters(&session.author).await??))
}

/// Where a roster stands, with its progress.
#[utoipa::path(get, path = "/rosters/{id}", tag = "roster", params(("id" = Uuid, Path, description = "The roster")),
    responses(
    (status = 200, description = "It", body = Roster),
    (status = 404, description = "`not-found`: another's, or its file was forgotten: upload it again",
     body = ProblemDetails, content_type = "application/problem+json"),
))]
async fn state(
    State(app): State<Arc<App>>,
    Caller(session): Caller,
    id: Result<Path<Uuid>, PathRejection>,
) -> Result<Json<Roster>, Problem> {
    Ok(Json(app.office.roster(&session.author, known(id)?).await??))
}

/// Says what importing would do: counts, all problems with their cells, and the first rows of each outcome. Nothing is
/// written. The last plan is what is imported.
#[utoipa::path(post, path = "/rosters/{id}/plan", tag = "roster", params(("id" = Uuid, Path, description = "The roster")),
    request_body = RosterChoices, responses(
    (status = 200, description = "What would be done", body = RosterPlan),
    (status = 404, description = "`not-found`: its file was forgotten: upload it again", body = ProblemDetails,
     content_type = "application/problem+json"),
    (status = 409, description = "`roster-state`: imported already", body = ProblemDetails,
     content_type = "application/problem+json"),
    (status = 422, description = "`roster-choice`, with `field`", body = ProblemDetails,
     content_type = "application/problem+json"),
))]
async fn plan(
    State(app): State<Arc<App>>,
    Caller(session): Caller,
    id: Result<Path<Uuid>, PathRejection>,
    Body(choices): Body<RosterChoices>,
) -> Result<Json<RosterPlan>, Problem> {
    Ok(Json(app.office.plan_roster(&session.author, known(id)?, &choices).await??))
}

/// Begins to import the roster as it was last planned, over the register as it is now.
#[utoipa::path(post, path = "/rosters/{id}/run", tag = "roster", params(("id" = Uuid, Path, description = "The roster")),
    responses(
    (status = 202, description = "Under way: ask for its state", body = Roster),
    (status = 404, description = "`not-found`", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 409, description = "`roster-state`: not planned, or imported already; `roster-busy`: another is under way",
     body = ProblemDetails, content_type = "application/problem+json"),
))]
async fn run(
    State(app): State<Arc<App>>,
    Caller(session): Caller,
    id: Result<Path<Uuid>, PathRejection>,
) -> Result<impl IntoResponse, Problem> {
    let id = known(id)?;
    Ok((StatusCode::ACCEPTED, Json(app.office.run_roster(&session.author, id).await??)))
}

/// Stops an import under way after its batch; takes back one that is done or stopped; forgets one that was only uploaded.
#[utoipa::path(delete, path = "/rosters/{id}", tag = "roster", params(("id" = Uuid, Path, description = "The roster")),
    responses(
    (status = 202, description = "Under way: ask for its state", body = Roster),
    (status = 404, description = "`not-found`", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 409, description = "`roster-state`: taken back already; `roster-busy`: another is under way",
     body = ProblemDetails, content_type = "application/problem+json"),
))]
async fn end(
    State(app): State<Arc<App>>,
    Caller(session): Caller,
    id: Result<Path<Uuid>, PathRejection>,
) -> Result<impl IntoResponse, Problem> {
    let id = known(id)?;
    Ok((StatusCode::ACCEPTED, Json(app.office.end_roster(&session.author, id).await??)))
}

/// An address that holds no id names no roster.
fn known(id: Result<Path<Uuid>, PathRejection>) -> Result<Uuid, Problem> {
    id.map(|Path(id)| id).map_err(|_| Kind::NotFound.into())
}
