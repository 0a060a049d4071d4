//! Blocks, for first syncs.

use std::sync::Arc;

use axum::{
    extract::{DefaultBodyLimit, State},
    http::header,
    response::{IntoResponse, Response},
};
use sync::wire::{BlocksRequest, MAX_BLOCKS, ProblemDetails};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::http::{App, body::Body, caller::Caller, problem::Problem, problems::Kind};

/// `/blocks`.
pub fn router() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(blocks)).layer(DefaultBodyLimit::max(16 * 1024))
}

/// The blocks of a manifest: each preceded by its length, four bytes, big end first; in the order asked. Compressed as
/// they are.
#[utoipa::path(post, path = "/blocks", tag = "sync", request_body = BlocksRequest, responses(
    (status = 200, description = "The blocks, one after another", content_type = "application/octet-stream"),
    (status = 429, description = "`too-many-requests`, with Retry-After", body = ProblemDetails,
     content_type = "application/problem+json"),
    (status = 410, description = "`block-gone`: ask for a new manifest", body = ProblemDetails,
     content_type = "application/problem+json"),
))]
async fn blocks(
    State(app): State<Arc<App>>,
    Caller(session): Caller,
    Body(request): Body<BlocksRequest>,
) -> Result<Response, Problem> {
    if request.ids.len() > MAX_BLOCKS {
        return Err(Problem::from(Kind::TooMany).with("most", MAX_BLOCKS));
    }
    let blocks = app.office.blocks(&session.author, session.device, &request.ids).await?;
    let blocks = blocks.map_err(|gone| Problem::from(Kind::BlockGone).with("block", gone.0.0))?;
    let mut bytes = Vec::with_capacity(blocks.iter().map(|b| b.len() + 4).sum());
    for block in blocks {
        let length = u32::try_from(block.len()).map_err(|_| Kind::Internal)?;
        bytes.extend(length.to_be_bytes());
        bytes.extend(block);
    }
    Ok(([(header::CONTENT_TYPE, "application/octet-stream")], bytes).into_response())
}
