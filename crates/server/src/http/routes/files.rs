//! Photos and papers of records: brought by the tus protocol, version 1.0.0 with the creation extension
//! (<https://tus.io/protocols/resumable-upload>), so any tus client can bring them; read one by one.

use std::sync::Arc;

use axum::{
    body::{Body, Bytes},
    extract::{Path, State, rejection::PathRejection},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_STANDARD};
use futures_util::StreamExt;
use records::{
    RecordId,
    file::{MAX_FILE, Mention, is_hash},
};
use sync::wire::ProblemDetails;
use utoipa_axum::{router::OpenApiRouter, routes};

use super::papers::attachment;
use crate::{
    http::{
        App,
        caller::{Caller, Holder},
        problem::Problem,
        problems::Kind,
    },
    office::{
        audit::By,
        files::{FileId, NotTaken, PART, Progress},
    },
};

const VERSION: HeaderValue = HeaderValue::from_static("1.0.0");
const RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const VERSIONS: HeaderName = HeaderName::from_static("tus-version");
const EXTENSION: HeaderName = HeaderName::from_static("tus-extension");
const MAX_SIZE: HeaderName = HeaderName::from_static("tus-max-size");
const OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const LENGTH: HeaderName = HeaderName::from_static("upload-length");
const METADATA: HeaderName = HeaderName::from_static("upload-metadata");
/// What bytes of a file come as.
const OCTETS: &str = "application/offset+octet-stream";

/// `/files` and `/records/{id}/files/{hash}`.
pub fn router() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(can, begin)).routes(routes!(progress, add, read))
}

impl From<NotTaken> for Problem {
    fn from(why: NotTaken) -> Self {
        match why {
            NotTaken::Unknown => Kind::NotFound.into(),
            NotTaken::TooLarge => Problem::from(Kind::TooLarge).with("most", MAX_FILE),
            NotTaken::Offset => Kind::FileOffset.into(),
            NotTaken::Damaged => Kind::FileDamaged.into(),
            NotTaken::Telling => Kind::FileTelling.into(),
            NotTaken::Fault(fault) => fault.into(),
        }
    }
}

/// What of the protocol is spoken here.
#[utoipa::path(options, path = "/files", tag = "files", responses(
    (status = 204, description = "Version, extensions and the largest file, as headers `Tus-…`"),
))]
async fn can() -> Response {
    let most = HeaderValue::from(MAX_FILE);
    let said = [(VERSIONS, VERSION), (EXTENSION, HeaderValue::from_static("creation")), (MAX_SIZE, most)];
    (StatusCode::NO_CONTENT, [(RESUMABLE, VERSION)], said).into_response()
}

/// Begins a file, or finds one that was begun. Its record must be at the office, with a change of this account that mentions
/// the file.
#[utoipa::path(post, path = "/files", tag = "files",
    params(
        ("Tus-Resumable" = String, Header, description = "`1.0.0`"),
        ("Upload-Length" = String, Header, description = "Bytes in all"),
        ("Upload-Metadata" = String, Header, description = "`record` (UUID) and `sha256` (hexadecimal), each in base64"),
    ),
    responses(
        (status = 201, description = "Where to bring the bytes, as header `Location`"),
        (status = 400, description = "`bad-request`: a header is missing or cannot be read", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 404, description = "`not-found`: no change of yours mentions it", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 412, description = "`tus-version`", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 413, description = "`too-large`", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 507, description = "`quota-files`, with Retry-After: keep the file", body = ProblemDetails,
         content_type = "application/problem+json"),
    ))]
async fn begin(State(app): State<Arc<App>>, Holder(session): Holder, headers: HeaderMap) -> Result<Response, Problem> {
    is_spoken(&headers)?;
    let length = number(&headers, &LENGTH)?;
    let bad = |header: &'static str| Problem::from(Kind::BadRequest).with("header", header);
    let said = headers.get(METADATA).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let told = |name: &str| {
        let pairs = said.split(',').filter_map(|pair| pair.trim().split_once(' '));
        let (_, value) = pairs.into_iter().find(|(key, _)| *key == name)?;
        String::from_utf8(BASE64_STANDARD.decode(value).ok()?).ok()
    };
    let record = told("record").and_then(|id| records::link(&id)).ok_or_else(|| bad("Upload-Metadata"))?;
    let hash = told("sha256").filter(|hash| is_hash(hash)).ok_or_else(|| bad("Upload-Metadata"))?;
    let id = FileId { record, hash };
    app.office.begin_file(&session.author, &id, length).await?;
    let place = format!("/api/v1/records/{}/files/{}", id.record, id.hash);
    let place = HeaderValue::try_from(place).map_err(|_| Kind::Internal)?;
    Ok((StatusCode::CREATED, [(RESUMABLE, VERSION), (header::LOCATION, place)]).into_response())
}

type Place = Result<Path<(RecordId, String)>, PathRejection>;

/// How far a file has come.
#[utoipa::path(head, path = "/records/{id}/files/{hash}", tag = "files",
    params(
        ("id" = uuid::Uuid, Path, description = "The record"), ("hash" = String, Path, description = "The file's SHA-256"),
        ("Tus-Resumable" = String, Header, description = "`1.0.0`"),
    ),
    responses(
        (status = 200, description = "Headers `Upload-Offset` and `Upload-Length`; equal when the office has it whole"),
        (status = 404, description = "`not-found`: not begun, or no change of yours mentions it"),
        (status = 412, description = "`tus-version`"),
    ))]
async fn progress(
    State(app): State<Arc<App>>,
    Holder(session): Holder,
    place: Place,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    is_spoken(&headers)?;
    let progress = app.office.file_progress(&session.author, &file(place)?).await?;
    Ok((StatusCode::OK, said(progress), [(LENGTH, HeaderValue::from(progress.length))]).into_response())
}

/// Brings bytes of a file. With the last of them it is put together and held against its hash: 204 with the whole length
/// then says that the office has it.
#[utoipa::path(patch, path = "/records/{id}/files/{hash}", tag = "files",
    params(
        ("id" = uuid::Uuid, Path, description = "The record"), ("hash" = String, Path, description = "The file's SHA-256"),
        ("Tus-Resumable" = String, Header, description = "`1.0.0`"),
        ("Upload-Offset" = String, Header, description = "Where these bytes begin"),
    ),
    request_body(content = Vec<u8>, content_type = "application/offset+octet-stream"),
    responses(
        (status = 204, description = "Header `Upload-Offset`: what is here now"),
        (status = 400, description = "`bad-request`: a header is missing, cannot be read, or the line was cut", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 404, description = "`not-found`: not begun, or no change of yours mentions it", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 409, description = "`file-offset`: ask how far it has come", body = ProblemDetails,
         content_type = "application/problem+json"),
        (status = 412, description = "`tus-version`", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 413, description = "`too-large`", body = ProblemDetails, content_type = "application/problem+json"),
        (status = 422, description = "`file-damaged`, `file-telling`: begin again", body = ProblemDetails,
         content_type = "application/problem+json"),
    ))]
async fn add(
    State(app): State<Arc<App>>,
    Holder(session): Holder,
    place: Place,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Problem> {
    is_spoken(&headers)?;
    if headers.get(header::CONTENT_TYPE).is_none_or(|said| said != OCTETS) {
        return Err(Kind::NotOctets.into());
    }
    let (id, mut offset) = (file(place)?, number(&headers, &OFFSET)?);
    let mut bytes = body.into_data_stream();
    let mut part = Vec::with_capacity(PART);
    loop {
        let more: Option<Result<Bytes, _>> = bytes.next().await;
        // A line that was cut or fell silent: what came until then is kept, so that the next try begins there.
        let is_cut = matches!(more, Some(Err(_)));
        let is_over = more.is_none();
        if let Some(Ok(more)) = more {
            part.extend(more);
        }
        if part.len() >= PART || is_over || is_cut {
            let some = std::mem::replace(&mut part, Vec::with_capacity(PART));
            let now = app.office.add_to_file(&session.author, &id, offset, some).await?;
            offset = now.offset;
            if is_over {
                return Ok((StatusCode::NO_CONTENT, said(now)).into_response());
            }
        }
        if is_cut {
            return Err(Kind::BadRequest.into());
        }
    }
}

/// A photo or paper, for whoever may read its record.
#[utoipa::path(get, path = "/records/{id}/files/{hash}", tag = "files",
    params(("id" = uuid::Uuid, Path, description = "The record"), ("hash" = String, Path, description = "The file's SHA-256")),
    responses(
        (status = 200, description = "Its bytes", content_type = "application/octet-stream"),
        (status = 404, description = "`not-found`: none to be read, or it is still on the tablet", body = ProblemDetails,
         content_type = "application/problem+json"),
    ))]
async fn read(State(app): State<Arc<App>>, Caller(session): Caller, place: Place) -> Result<Response, Problem> {
    let id = file(place)?;
    let by = By::of(&session.author, session.device);
    let (name, bytes) = app.office.read_file(by, &session.author, &id).await?.ok_or(Kind::NotFound)?;
    if (Mention { hash: &id.hash, name: &name }).is_photo() {
        return Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("image/jpeg"))], bytes).into_response());
    }
    Ok(attachment(bytes, "application/octet-stream", &name))
}

fn file(place: Place) -> Result<FileId, Problem> {
    let Path((record, hash)) = place.map_err(|_| Kind::NotFound)?;
    if is_hash(&hash) { Ok(FileId { record, hash }) } else { Err(Kind::NotFound.into()) }
}

fn said(progress: Progress) -> [(HeaderName, HeaderValue); 2] {
    [(RESUMABLE, VERSION), (OFFSET, HeaderValue::from(progress.offset))]
}

fn is_spoken(headers: &HeaderMap) -> Result<(), Problem> {
    if headers.get(RESUMABLE).is_some_and(|said| said == VERSION) { Ok(()) } else { Err(Kind::TusVersion.into()) }
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Result<u64, Problem> {
    let said = headers.get(name).and_then(|said| said.to_str().ok()?.parse().ok());
    said.ok_or_else(|| Problem::from(Kind::BadRequest).with("header", name.as_str()))
}
