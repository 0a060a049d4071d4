//! Bodies in: JSON or a file, declared as such, of the right shape and size, or a problem that says which of these it is not.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request},
    http::{StatusCode, header},
    response::IntoResponse,
};
use serde::de::DeserializeOwned;
use serde_json::error::Category;

use super::{problem::Problem, problems::Kind};

/// A JSON body read as `T`.
#[derive(Debug)]
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let declared = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        // A form of another site can send text/plain without asking; this is half of the guard against that.
        if !declared.split(';').next().is_some_and(|t| t.trim().eq_ignore_ascii_case("application/json")) {
            return Err(Kind::NotJson.into());
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
            match rejection.into_response().status() {
                StatusCode::PAYLOAD_TOO_LARGE => Kind::TooLarge,
                _ => Kind::BadRequest,
            }
        })?;
        serde_json::from_slice(&bytes).map(Self).map_err(|error| from_json(&error))
    }
}

/// A body of bytes: a file, declared as such, of at most so many bytes. That much its route must let through.
#[derive(Debug)]
pub struct Octets<const MOST: usize>(pub Vec<u8>);

impl<S: Send + Sync, const MOST: usize> FromRequest<S> for Octets<MOST> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        const DECLARED: &str = "application/octet-stream";
        // A form of another site cannot send this type without asking first.
        let declared = request.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        if !declared.eq_ignore_ascii_case(DECLARED) {
            return Err(Problem::from(Kind::BadRequest).with("content_type", DECLARED));
        }
        let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
            match rejection.into_response().status() {
                StatusCode::PAYLOAD_TOO_LARGE => Problem::from(Kind::TooLarge).with("most", MOST),
                _ => Kind::BadRequest.into(),
            }
        })?;
        Ok(Self(bytes.into()))
    }
}

/// The problem of a body that serde_json would not read. Its words name places and types, never what was sent.
pub fn from_json(error: &serde_json::Error) -> Problem {
    match error.classify() {
        Category::Data => {
            // serde's messages quote the value found ("invalid type: string \"王…\""): only the place is passed on.
            Problem::from(Kind::WrongShape).with("line", error.line()).with("column", error.column())
        }
        _ => Problem::from(Kind::MalformedJson).with("line", error.line()).with("column", error.column()),
    }
}
