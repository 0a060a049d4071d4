//! The figures of the report, counted at the server over all records.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    Json,
    extract::{Query, State, rejection::QueryRejection},
};
use jiff::civil::Date;
use records::figures::{Ask, Figure, Period};
use serde::Deserialize;
use serde_json::json;
use sync::wire::{Figures, ProblemDetails};
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{App, caller::Caller, problem::Problem, problems::Kind};

/// `/figures`.
pub fn router() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(figures))
}

/// The days to count.
#[derive(Debug, Deserialize, IntoParams)]
struct Days {
    /// First day, such as `2009-01-01`.
    from: String,
    /// Last day, included.
    to: String,
    /// A dimension of the pack to break the figures down by: `month`, `post`, `grid` …
    by: Option<String>,
    /// Only what has this value of a dimension, as `dimension:value`: `grid:01938c3e-…`.
    within: Option<String>,
}

/// Every indicator of the pack over a period, for posts that may see the report.
#[utoipa::path(get, path = "/figures", tag = "report", params(Days), responses(
    (status = 200, description = "Figures by indicator", body = Figures),
    (status = 400, description = "`bad-query`: not two dates in order", body = ProblemDetails,
     content_type = "application/problem+json"),
    (status = 403, description = "`forbidden`: the post does not see the report", body = ProblemDetails,
     content_type = "application/problem+json"),
))]
async fn figures(
    State(app): State<Arc<App>>,
    Caller(session): Caller,
    days: Result<Query<Days>, QueryRejection>,
) -> Result<Json<Figures>, Problem> {
    if !app.office.pack().post(&session.author.post).is_some_and(|post| post.report) {
        return Err(Kind::Forbidden.into());
    }
    let Query(Days { from, to, by, within }) = days.map_err(|_| Kind::BadQuery)?;
    let day = |name: &'static str, text: &str| {
        text.parse::<Date>().map_err(|_| Problem::from(Kind::BadQuery).with("parameter", name))
    };
    let period = Period { from: day("from", &from)?, to: day("to", &to)? };
    if period.from > period.to {
        return Err(Problem::from(Kind::BadQuery).with("parameter", "to"));
    }
    let pack = app.office.pack();
    if by.as_ref().is_some_and(|by| pack.dimension(by).is_none()) {
        return Err(Problem::from(Kind::BadQuery).with("parameter", "by"));
    }
    let within = match within.as_deref().map(|within| within.split_once(':')) {
        None => None,
        Some(Some((dimension, key))) if pack.dimension(dimension).is_some() => Some((dimension.into(), key.into())),
        Some(_) => return Err(Problem::from(Kind::BadQuery).with("parameter", "within")),
    };
    let counted = app.office.figures(Ask { period, within, by }).await?;
    let json = |figures: BTreeMap<String, Figure>| figures.into_iter().map(|(name, f)| (name, json!(f))).collect();
    let groups = counted.groups.into_iter().map(|(key, figures)| (key, json(figures))).collect();
    Ok(Json(Figures { from, to, at: app.office.now(), figures: json(counted.whole), groups }))
}
