//! The report and the ledgers as files.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    extract::{Path, Query, State, rejection::QueryRejection},
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use records::{
    Lang, Right, days,
    figures::Period,
    ledger::{Filter, Presence},
};
use sync::{Bucket, wire::ProblemDetails};
use utoipa_axum::{router::OpenApiRouter, routes};
use views::ledger::Wish;

use crate::{
    http::{App, caller::Caller, problem::Problem, problems::Kind},
    office::{
        audit::{By, What},
        paper::Wanted,
    },
};

/// `/reports`, `/ledgers` and `/posters`.
pub fn router() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(report)).routes(routes!(ledger)).routes(routes!(posters))
}

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
pub(super) const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const CSV: &str = "text/csv; charset=utf-8";
const HTML: &str = "text/html; charset=utf-8";

type Pairs = Result<Query<Vec<(String, String)>>, QueryRejection>;

/// The work report as a Word document or a page to print, or its figures and ledgers as Excel, for posts that may see
/// the report.
#[utoipa::path(get, path = "/reports/{file}", tag = "report",
    params(
        ("file" = String, Path, description = "A report of the pack with its form: `annual.docx`, `annual.html`, `annual.xlsx`"),
        ("from" = String, Query, description = "First day"), ("to" = String, Query, description = "Last day, included"),
        ("within" = Option<String>, Query, description = "One part: `grid:<id>`"),
        ("lang" = Option<String>, Query, description = "`zh` or `en`"),
        ("version" = Option<String>, Query, description = "A frozen version's record"),
    ),
    responses(
        (status = 200, description = "The file", content_type = "application/octet-stream"),
        (status = 400, description = "`bad-query`", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`: the post does not see the report", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 404, description = "`not-found`", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
async fn report(
    State(app): State<Arc<App>>,
    Caller(session): Caller,
    Path(file): Path<String>,
    pairs: Pairs,
) -> Result<Response, Problem> {
    let pack = app.office.pack();
    if !pack.post(&session.author.post).is_some_and(|post| post.report) {
        return Err(Kind::Forbidden.into());
    }
    let asked = Asked::read(pairs)?;
    let period = asked.period()?.ok_or_else(|| asked.bad("from"))?;
    let within = asked.get("within").map(|part| asked.part(part, "within", &pack)).transpose()?;
    let version = asked.get("version").map(|id| id.parse().map_err(|_| asked.bad("version"))).transpose()?;
    let (name, form) = file.rsplit_once('.').ok_or(Kind::NotFound)?;
    if !matches!(form, "docx" | "html" | "xlsx") {
        return Err(Kind::NotFound.into());
    }
    let lang = asked.lang();
    let wanted = Wanted { period, within, lang, version };
    let turn = app.office.turn().await?;
    if form == "xlsx" {
        let sheets = app.office.workbook(&turn, name, wanted, &session.author).await?.ok_or(Kind::NotFound)?;
        let rows = sheets.iter().map(|sheet| sheet.rows.len() as u64).sum();
        app.office.note_one(By::of(&session.author, session.device), What::Report, &file, rows).await?;
        let bytes = turn.run(move || export::excel::workbook(&sheets)).await?.map_err(|_| Kind::Internal)?;
        return Ok(attachment(bytes, XLSX, &format!("{}.xlsx", period.name(lang))));
    }
    let found = app.office.report(&turn, name, wanted, &session.author).await?;
    let report = found.ok_or(Kind::NotFound)?;
    app.office.note_one(By::of(&session.author, session.device), What::Report, name, 1).await?;
    let title = format!("{}.{form}", report.title);
    if form == "html" {
        return Ok(printable(turn.run(move || export::page::html(&report, lang)).await?));
    }
    let (community, today) = (app.office.name().to_owned(), app.office.today());
    let bytes = turn.run(move || export::word::document(&report, &community, today, lang)).await?;
    Ok(attachment(bytes.map_err(|_| Kind::Internal)?, DOCX, &title))
}

/// A kind's ledger as Excel, CSV or a page to print, for posts that may read the kind.
#[utoipa::path(get, path = "/ledgers/{file}", tag = "report",
    params(
        ("file" = String, Path, description = "A kind of the pack with its form: `aid.xlsx`, `aid.csv`, `aid.html`"),
        ("from" = Option<String>, Query, description = "First day"),
        ("to" = Option<String>, Query, description = "Last day, included"),
        ("at" = Option<Vec<String>>, Query, description = "Only what has this value of a dimension: `officer:minzheng`"),
        ("presence" = Option<String>, Query,
         description = "Of a register: `here` for those who are here, as without it; `gone` for those who are not; `all`"),
        ("find" = Option<String>, Query, description = "Only what has these words, in the record or one it names"),
        ("sort" = Option<String>, Query, description = "The column sorted by and which way: `amount:up`, `amount:down`; newest first without"),
        ("lang" = Option<String>, Query, description = "`zh` or `en`"),
    ),
    responses(
        (status = 200, description = "The file", content_type = "application/octet-stream"),
        (status = 400, description = "`bad-query`", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 403, description = "`forbidden`: the post may not read the kind", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 404, description = "`not-found`", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
async fn ledger(
    State(app): State<Arc<App>>,
    Caller(session): Caller,
    Path(file): Path<String>,
    pairs: Pairs,
) -> Result<Response, Problem> {
    let pack = app.office.pack();
    let (kind, form) = file.rsplit_once('.').ok_or(Kind::NotFound)?;
    if pack.kind(kind).is_none() || !matches!(form, "xlsx" | "csv" | "html") {
        return Err(Kind::NotFound.into());
    }
    if !pack.allows(&session.author.post, kind, Right::Read) {
        return Err(Kind::Forbidden.into());
    }
    let asked = Asked::read(pairs)?;
    let mut at = BTreeMap::new();
    for (_, part) in asked.0.iter().filter(|(name, _)| name == "at") {
        let (dimension, key) = asked.part(part, "at", &pack)?;
        at.insert(dimension, key);
    }
    let presence = asked.get("presence").map(|name| Presence::named(name).ok_or_else(|| asked.bad("presence")));
    let sort = asked.get("sort").map(|sort| {
        let (field, way) = sort.rsplit_once(':').filter(|(_, way)| matches!(*way, "up" | "down"))?;
        Some((pack.kind(kind)?.field(field)?.name.clone(), way == "up"))
    });
    let wish = Wish {
        filter: Filter { period: asked.period()?, at, presence: presence.transpose()? },
        query: asked.get("find").unwrap_or_default().to_owned(),
        sort: sort.map(|sort| sort.ok_or_else(|| asked.bad("sort"))).transpose()?,
    };
    let (turn, lang) = (app.office.turn().await?, asked.lang());
    let found = app.office.ledger_in(&turn, kind, wish, lang, &session.author).await?;
    let sheet = found.ok_or(Kind::NotFound)?;
    let (by, bucket) = (By::of(&session.author, session.device), Bucket::of(&pack, kind));
    app.office.note_one(by, What::Ledger, &bucket.0, sheet.rows.len() as u64).await?;
    let title = format!("{}.{form}", sheet.name);
    Ok(match form {
        "csv" => attachment(turn.run(move || sheet.csv().into_bytes()).await?, CSV, &title),
        "html" => printable(turn.run(move || export::page::ledger(&sheet, lang)).await?),
        _ => {
            let bytes = turn.run(move || export::excel::workbook(&[sheet])).await?;
            attachment(bytes.map_err(|_| Kind::Internal)?, XLSX, &title)
        }
    })
}

/// The codes of a kind's points as a page to print, for posts that may read the kind.
#[utoipa::path(get, path = "/posters/{kind}", tag = "report",
    params(
        ("kind" = String, Path, description = "A kind of the pack that is walked: `patrol`"),
        ("lang" = Option<String>, Query, description = "`zh` or `en`"),
    ),
    responses(
        (status = 200, description = "The page", content_type = "text/html"),
        (status = 403, description = "`forbidden`: the post may not read the kind", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 404, description = "`not-found`", body = ProblemDetails, content_type = "application/problem+json"),
    ))]
async fn posters(
    State(app): State<Arc<App>>,
    Caller(session): Caller,
    Path(kind): Path<String>,
    pairs: Pairs,
) -> Result<Response, Problem> {
    let pack = app.office.pack();
    let known = pack.kind(&kind).ok_or(Kind::NotFound)?;
    if !pack.allows(&session.author.post, &kind, Right::Read) {
        return Err(Kind::Forbidden.into());
    }
    let page = export::poster::html(&pack, known, Asked::read(pairs)?.lang());
    Ok(printable(page.ok_or(Kind::NotFound)?))
}

/// A page with its style in it, and nothing else that could run or be fetched.
fn printable(html: String) -> Response {
    let mut page = html.into_response();
    page.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(HTML));
    let policy = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'";
    page.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    page
}

/// The query's pairs.
struct Asked(Vec<(String, String)>);

impl Asked {
    fn read(pairs: Pairs) -> Result<Self, Problem> {
        Ok(Self(pairs.map_err(|_| Kind::BadQuery)?.0))
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }

    fn bad(&self, parameter: &str) -> Problem {
        Problem::from(Kind::BadQuery).with("parameter", parameter)
    }

    fn lang(&self) -> Lang {
        if self.get("lang") == Some("en") { Lang::En } else { Lang::Zh }
    }

    /// Both days in order, or neither.
    fn period(&self) -> Result<Option<Period>, Problem> {
        let day = |name: &str| self.get(name).map(|text| days::parse(text).ok_or_else(|| self.bad(name))).transpose();
        match (day("from")?, day("to")?) {
            (None, None) => Ok(None),
            (Some(from), Some(to)) if from <= to => Ok(Some(Period { from, to })),
            (None, Some(_)) => Err(self.bad("from")),
            (Some(_), _) => Err(self.bad("to")),
        }
    }

    fn part(&self, text: &str, parameter: &str, pack: &records::Pack) -> Result<(String, String), Problem> {
        let part = text.split_once(':').filter(|(dimension, _)| pack.dimension(dimension).is_some());
        part.map(|(dimension, key)| (dimension.to_owned(), key.to_owned())).ok_or_else(|| self.bad(parameter))
    }
}

/// A file to keep, under a name in any script (RFC 6266, RFC 8187).
pub(super) fn attachment(bytes: Vec<u8>, kind: &'static str, name: &str) -> Response {
    let encoded: String = name
        .bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() || b"-._".contains(&b) {
                char::from(b).to_string()
            } else {
                format!("%{b:02X}")
            }
        })
        .collect();
    let ending = name.rsplit('.').next().unwrap_or_default();
    let disposition = format!("attachment; filename=\"linli.{ending}\"; filename*=UTF-8''{encoded}");
    let disposition = HeaderValue::from_str(&disposition).unwrap_or(HeaderValue::from_static("attachment"));
    ([(header::CONTENT_TYPE, HeaderValue::from_static(kind)), (header::CONTENT_DISPOSITION, disposition)], bytes)
        .into_response()
}
