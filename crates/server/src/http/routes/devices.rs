//! Devices, for the director.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, State, rejection::PathRejection},
};
use sync::{
    DeviceId,
    wire::{Device, Listed, ProblemDetails},
};
use utoipa_axum::{router::OpenApiRouter, routes};

use super::may_manage;
use crate::{
    http::{App, caller::Caller, problem::Problem, problems::Kind},
    office::audit::By,
};

/// `/devices`.
pub fn router() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(devices)).routes(routes!(revoke))
}

/// The devices that someone signed in on, the latest contact first, for posts that see the report.
#[utoipa::path(get, path = "/devices", tag = "session", responses(
    (status = 200, description = "All of them, revoked ones too", body = Vec<Listed>),
    (status = 403, description = "`forbidden`: the post does not see the report", body = ProblemDetails,
     content_type = "application/problem+json"),
))]
async fn devices(State(app): State<Arc<App>>, Caller(session): Caller) -> Result<Json<Vec<Listed>>, Problem> {
    may_manage(&app, &session)?;
    Ok(Json(app.office.listed().await?))
}

/// Takes a device out of use: from now on it is given nothing, may hand in what waits on it, and is told to destroy what it
/// holds. Revoking twice is no error.
#[utoipa::path(post, path = "/devices/{id}/revoke", tag = "session",
    params(("id" = DeviceId, Path, description = "The device")), responses(
    (status = 200, description = "The device as it is now", body = Device),
    (status = 403, description = "`forbidden`: the post does not see the report", body = ProblemDetails,
     content_type = "application/problem+json"),
    (status = 404, description = "`not-found`", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 409, description = "`own-device`: it is the device that asks", body = ProblemDetails,
     content_type = "application/problem+json"),
))]
async fn revoke(
    State(app): State<Arc<App>>,
    Caller(session): Caller,
    id: Result<Path<DeviceId>, PathRejection>,
) -> Result<Json<Device>, Problem> {
    may_manage(&app, &session)?;
    let Path(id) = id.map_err(|_| Kind::NotFound)?;
    if id == session.device {
        return Err(Kind::OwnDevice.into());
    }
    if !app.office.revoke_device(By::of(&session.author, session.device), id).await? {
        return Err(Kind::NotFound.into());
    }
    let device = app.office.devices().await?.into_iter().find(|device| device.id == id);
    Ok(Json(device.ok_or(Kind::NotFound)?))
}
