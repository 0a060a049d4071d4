//! What the office refused, what it takes in after all, and what all of it takes up.

use std::sync::Arc;

use axum::{
    Json,
    extract::{DefaultBodyLimit, Query, State, rejection::QueryRejection},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use records::Text;
use serde::Deserialize;
use sync::wire::{HandedIn, ProblemDetails, Quarantined, TakeIn, Usage};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::may_manage;
use crate::{
    http::{
        App,
        body::{Body, Octets},
        caller::Caller,
        problem::Problem,
        problems::Kind,
    },
    office::{
        audit::{By, What},
        quarantine::{Before, NotTakenIn, SHOWN},
    },
};

/// Most bytes of a tablet's file: some hundred photos.
const MOST: usize = 128 * 1024 * 1024;

/// `/quarantine`, `/parcels` and `/usage`.
pub fn router() -> OpenApiRouter<Arc<App>> {
    let parcels = OpenApiRouter::new().routes(routes!(parcel)).layer(DefaultBodyLimit::max(MOST));
    OpenApiRouter::new().routes(routes!(quarantine)).routes(routes!(take_in)).routes(routes!(usage)).merge(parcels)
}

/// Which page of what was refused.
#[derive(Debug, Deserialize, IntoParams)]
struct Page {
    /// Where the page before ended, as its `Link` says; without it, the newest.
    before: Option<String>,
    /// How many, at most 500.
    limit: Option<u32>,
}

/// What was refused of the caller's, newest first; for a post that sees the report, of everyone's.
#[utoipa::path(get, path = "/quarantine", tag = "sync", params(Page), responses(
    (status = 200, description = "A page, newest first: at most 500 and some 4 MiB; header `Link` names the next one", body = Vec<Quarantined>),
    (status = 400, description = "`bad-query`", body = ProblemDetails, content_type = "application/problem+json"),
))]
async fn quarantine(
    State(app): State<Arc<App>>,
    Caller(session): Caller,
    page: Result<Query<Page>, QueryRejection>,
) -> Result<Response, Problem> {
    let all = app.office.pack().post(&session.author.post).is_some_and(|post| post.report);
    let Query(Page { before, limit }) = page.map_err(|_| Kind::BadQuery)?;
    let before: Option<Before> = before.map(|said| said.parse().map_err(|()| Kind::BadQuery)).transpose()?;
    let limit = limit.unwrap_or(SHOWN).clamp(1, SHOWN);
    let (refused, next) = app.office.quarantine_page(&session.author, all, before.as_ref(), limit).await?;
    if all {
        let by = By::of(&session.author, session.device);
        app.office.note_one(by, What::Quarantine, "", refused.len() as u64).await?;
    }
    let mut answer = Json(refused).into_response();
    if let Some(next) = next {
        let link = format!("</api/v1/quarantine?limit={limit}&before={next}>; rel=\"next\"");
        let link = HeaderValue::try_from(link).map_err(|_| Kind::Internal)?;
        answer.headers_mut().insert(header::LINK, link);
    }
    Ok(answer)
}

/// What accounts take up at the office and what they may, for posts that see the report.
#[utoipa::path(get, path = "/usage", tag = "sync", responses(
    (status = 200, description = "Of each account, and of all together", body = Usage),
    (status = 403, description = "`forbidden`: the post does not see the report", body = ProblemDetails,
     content_type = "application/problem+json"),
))]
async fn usage(State(app): State<Arc<App>>, Caller(session): Caller) -> Result<Json<Usage>, Problem> {
    may_manage(&app, &session)?;
    Ok(Json(app.office.usage().await?))
}

/// Takes in something refused, by the right of the caller, whose post must see the report, and in the name of the account that
/// handed it in. Twice is no error.
#[utoipa::path(post, path = "/quarantine/taken", tag = "sync", request_body = TakeIn, responses(
    (status = 204, description = "It is merged"),
    (status = 403, description = "`forbidden`: the post does not see the report, or not such records", body = ProblemDetails,
     content_type = "application/problem+json"),
    (status = 404, description = "`not-found`: there is no such refusal", body = ProblemDetails,
     content_type = "application/problem+json"),
    (status = 422, description = "`still-refused`, with the reasons as `problems`", body = ProblemDetails,
     content_type = "application/problem+json"),
))]
async fn take_in(
    State(app): State<Arc<App>>,
    Caller(session): Caller,
    Body(asked): Body<TakeIn>,
) -> Result<StatusCode, Problem> {
    may_manage(&app, &session)?;
    let by = By::of(&session.author, session.device);
    match app.office.take_in(by, &session.author, &asked).await? {
        Ok(()) => Ok(StatusCode::NO_CONTENT),
        Err(NotTakenIn::Unknown) => Err(Kind::NotFound.into()),
        Err(NotTakenIn::Unseen) => Err(Kind::Forbidden.into()),
        Err(NotTakenIn::Refused(problems)) => {
            let said = |text: fn(&Text) -> &str| problems.iter().map(|p| text(&p.message)).collect::<Vec<_>>();
            let reason = Text::new(said(|t| &t.zh).concat(), said(|t| &t.en).join(" "));
            let problem = Problem::from(Kind::StillRefused);
            Err(problem.with("reason", json(&reason)?).with("problems", json(&problems)?))
        }
    }
}

/// Takes in a file of a tablet's unsynced work, saved there by hand because the line would not do. Brought twice, or synced later
/// by the tablet, it counts once.
#[utoipa::path(post, path = "/parcels", tag = "sync",
    request_body(content = Vec<u8>, content_type = "application/octet-stream"), responses(
    (status = 200, description = "What came of it", body = HandedIn),
    (status = 403, description = "`forbidden`: the post does not see the report", body = ProblemDetails,
     content_type = "application/problem+json"),
    (status = 413, description = "`too-large`", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 422, description = "`parcel-unreadable`, with the `reason` in both languages", body = ProblemDetails,
     content_type = "application/problem+json"),
))]
async fn parcel(
    State(app): State<Arc<App>>,
    Caller(session): Caller,
    Octets(bytes): Octets<MOST>,
) -> Result<Json<HandedIn>, Problem> {
    may_manage(&app, &session)?;
    match app.office.open_parcel(By::of(&session.author, session.device), &bytes).await? {
        Ok(handed) => Ok(Json(handed)),
        Err(bad) => Err(Problem::from(Kind::ParcelUnreadable).with("reason", json(&bad.reason())?)),
    }
}

fn json(value: &impl serde::Serialize) -> Result<serde_json::Value, Problem> {
    serde_json::to_value(value).map_err(|_| Kind::Internal.into())
}
