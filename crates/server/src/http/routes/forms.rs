//! Kinds as forms of ODK: an XLSForm workbook out, and one in to be looked at. Nothing is put in force here.

use std::sync::Arc;

use axum::{
    Json,
    extract::{
        DefaultBodyLimit, Path, Query, State,
        rejection::{PathRejection, QueryRejection},
    },
    response::Response,
};
use export::xlsform::{NotAForm, export};
use serde::Deserialize;
use serde_json::json;
use sync::wire::{FormRead, MAX_FORM_BYTES, ProblemDetails};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::{
    may_manage,
    papers::{XLSX, attachment},
};
use crate::{
    http::{App, body::Octets, caller::Caller, problem::Problem, problems::Kind},
    office::form,
};

/// `/pack/kinds` and `/pack/xlsform`.
pub fn router() -> OpenApiRouter<Arc<App>> {
    let upload = OpenApiRouter::new().routes(routes!(upload)).layer(DefaultBodyLimit::max(MAX_FORM_BYTES));
    upload.routes(routes!(download))
}

/// What the workbook is called.
#[derive(Debug, Deserialize, IntoParams)]
struct Named {
    /// The file's name, which names a form that does not name itself.
    file: Option<String>,
}

/// A kind of the pack as an XLSForm workbook, for posts that see the report.
#[utoipa::path(get, path = "/pack/kinds/{file}", tag = "pack",
    params(("file" = String, Path, description = "A kind of the pack: `service.xlsx`")), responses(
    (status = 200, description = "The workbook",
     content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    (status = 403, description = "`forbidden`: the post does not see the report", body = ProblemDetails,
     content_type = "application/problem+json"),
    (status = 404, description = "`not-found`: no such kind", body = ProblemDetails,
     content_type = "application/problem+json"),
))]
async fn download(
    State(app): State<Arc<App>>,
    Caller(session): Caller,
    file: Result<Path<String>, PathRejection>,
) -> Result<Response, Problem> {
    may_manage(&app, &session)?;
    let Path(file) = file.map_err(|_| Kind::NotFound)?;
    let kind = file.strip_suffix(".xlsx").ok_or(Kind::NotFound)?;
    let bytes = export(&app.office.pack(), kind).map_err(|_| Kind::Internal)?.ok_or(Kind::NotFound)?;
    Ok(attachment(bytes, XLSX, &file))
}

/// Reads an XLSForm workbook (.xlsx, .xls) over the pack in force, for posts that see the report: the kind it makes, and every
/// cell that was not taken as it stands. Nothing is put in force.
#[utoipa::path(post, path = "/pack/xlsform", tag = "pack", params(Named),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
    (status = 200, description = "What it makes", body = FormRead),
    (status = 403, description = "`forbidden`: the post does not see the report", body = ProblemDetails,
     content_type = "application/problem+json"),
    (status = 413, description = "`too-large`: more than 5 MB", body = ProblemDetails,
     content_type = "application/problem+json"),
    (status = 422, description = "`form-unreadable`, with `reason` in both languages and `findings`", body = ProblemDetails,
     content_type = "application/problem+json"),
))]
async fn upload(
    State(app): State<Arc<App>>,
    Caller(session): Caller,
    named: Result<Query<Named>, QueryRejection>,
    body: Result<Octets<MAX_FORM_BYTES>, Problem>,
) -> Result<Json<FormRead>, Problem> {
    may_manage(&app, &session)?;
    let Query(Named { file }) = named.map_err(|_| Problem::from(Kind::BadQuery).with("parameter", "file"))?;
    let Octets(bytes) = body?;
    let pack = app.office.pack();
    match app.office.read_form(pack.clone(), file.as_deref().unwrap_or_default(), bytes).await? {
        Ok(imported) => Ok(Json(form::told(&pack, imported).map_err(|_| Kind::Internal)?)),
        Err(why) => {
            let problem = Problem::from(Kind::FormUnreadable).with("reason", json!(why.words()));
            let NotAForm::NoQuestion(findings) = why else { return Err(problem) };
            let findings: Vec<_> = findings.into_iter().map(form::finding).collect();
            Err(problem.with("findings", json!(findings)))
        }
    }
}
