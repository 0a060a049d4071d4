//! What every route may answer beside what it says itself: said once here, not at each.

use axum::http::StatusCode;
use utoipa::openapi::{
    Content, OpenApi, Ref, RefOr, Response, ResponseBuilder,
    path::{Operation, Parameter, ParameterIn},
};

use super::problems::{Kind, of_status};

/// Answered to anyone.
const ALWAYS: [StatusCode; 5] = [
    StatusCode::UNAUTHORIZED,
    StatusCode::FORBIDDEN,
    StatusCode::METHOD_NOT_ALLOWED,
    StatusCode::TOO_MANY_REQUESTS,
    StatusCode::SERVICE_UNAVAILABLE,
];
/// Answered to bodies.
const BODY: [StatusCode; 4] = [
    StatusCode::BAD_REQUEST,
    StatusCode::PAYLOAD_TOO_LARGE,
    StatusCode::UNSUPPORTED_MEDIA_TYPE,
    StatusCode::UNPROCESSABLE_ENTITY,
];

/// The description with what is common to all its routes.
pub fn whole(mut document: OpenApi) -> OpenApi {
    for item in document.paths.paths.values_mut() {
        let operations =
            [&mut item.get, &mut item.put, &mut item.post, &mut item.delete, &mut item.head, &mut item.patch];
        operations.into_iter().flatten().for_each(common);
    }
    document
}

fn common(operation: &mut Operation) {
    let is_query = |p: &RefOr<Parameter>| matches!(p, RefOr::T(p) if p.parameter_in == ParameterIn::Query);
    let mut known: Vec<StatusCode> = ALWAYS.to_vec();
    if operation.request_body.is_some() {
        known.extend(BODY);
    }
    if operation.parameters.iter().flatten().any(is_query) {
        known.push(StatusCode::BAD_REQUEST);
    }
    for status in known {
        let answers = &mut operation.responses.responses;
        answers.entry(status.as_str().to_owned()).or_insert_with(|| RefOr::T(problem(of_status(status))));
    }
}

fn problem(kind: Kind) -> Response {
    let (_, name, title, _) = kind.words();
    let body = Content::new(Some(RefOr::Ref(Ref::from_schema_name("ProblemDetails"))));
    let response = ResponseBuilder::new().description(format!("`{name}`: {title}"));
    response.content("application/problem+json", body).build()
}
