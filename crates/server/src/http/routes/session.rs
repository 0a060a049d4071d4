//! Signing in and out.

use std::{net::IpAddr, sync::Arc};

use axum::{
    Json,
    extract::{DefaultBodyLimit, State},
    http::{HeaderMap, StatusCode, header},
    response::{AppendHeaders, IntoResponse, Response},
};
use sync::wire::{Me, ProblemDetails, SignIn, Welcome};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{
    http::{App, address::Address, body::Body, caller::Holder, problem::Problem, problems::Kind},
    office::accounts::{Refusal, SignedIn},
};

/// Names and a password fit in this many bytes many times over.
const LARGEST: usize = 16 * 1024;

/// `/session`.
pub fn router() -> OpenApiRouter<Arc<App>> {
    OpenApiRouter::new().routes(routes!(sign_in, who, sign_out)).layer(DefaultBodyLimit::max(LARGEST))
}

/// Signs in on a device: sets a new session's cookie, and the one with the browser's secret, by which it proves from now on to be
/// that device. The session of a cookie that comes along ends.
#[utoipa::path(post, path = "/session", tag = "session", request_body = SignIn, responses(
    (status = 200, description = "Signed in; the cookie is set", body = Welcome),
    (status = 401, description = "`wrong-password`", body = ProblemDetails, content_type = "application/problem+json"),
    (status = 409, description = "`unproven-device`: the password is right, but the browser does not have that device's secret; \
     go on under a new number. `recovery` opens what the account sealed under this one", body = ProblemDetails,
     content_type = "application/problem+json"),
    (status = 429, description = "`too-many-attempts`, with Retry-After", body = ProblemDetails,
     content_type = "application/problem+json"),
))]
async fn sign_in(
    State(app): State<Arc<App>>,
    Address(address): Address,
    headers: HeaderMap,
    Body(asked): Body<SignIn>,
) -> Result<Response, Problem> {
    let browser = app.browser(address, &headers);
    let answer = app.office.sign_in(&asked, browser).await?;
    if let Err(refusal) = &answer {
        tell(&app, &asked.account, address, refusal).await;
    }
    match answer {
        Ok(SignedIn { token, secret, welcome }) => {
            let cookies = [app.cookie.write(&token), app.cookie.write_secret(&secret)];
            Ok((AppendHeaders(cookies.map(|cookie| (header::SET_COOKIE, cookie))), Json(welcome)).into_response())
        }
        Err(Refusal::Unproven(recovery)) => Err(Problem::from(Kind::UnprovenDevice).with("recovery", recovery)),
        Err(Refusal::Wrong) => Err(Kind::WrongPassword.into()),
        Err(Refusal::Wait(seconds)) => Err(Problem::from(Kind::TooManyAttempts).retry_after(seconds)),
    }
}

/// Says in the log that signing in failed, so that what watches it can shut an address out: the account if there is one, for
/// what else was typed may be a password; the address at the very end, where nobody can have typed another.
async fn tell(app: &App, account: &str, address: Option<IpAddr>, refusal: &Refusal) {
    let why = match refusal {
        Refusal::Wrong => "wrong",
        Refusal::Wait(_) => "too-many",
        Refusal::Unproven(_) => "unproven-device",
    };
    let account = app.office.account_called(account).await.ok().flatten().map_or_else(|| "-".into(), |row| row.name);
    let address = address.map_or_else(|| "unknown".to_owned(), |address| address.to_canonical().to_string());
    tracing::warn!("sign-in failed: {why}, account {account:?}, address {address}");
}

/// Who is signed in.
#[utoipa::path(get, path = "/session", tag = "session", responses(
    (status = 200, description = "The session's account", body = Me),
    (status = 401, description = "`not-signed-in`", body = ProblemDetails, content_type = "application/problem+json"),
))]
async fn who(State(app): State<Arc<App>>, Holder(session): Holder) -> Result<Json<Me>, Problem> {
    Ok(Json(app.office.me(&session).await?))
}

/// Signs out; also without a session, so that a browser can always get rid of its cookie.
#[utoipa::path(delete, path = "/session", tag = "session", responses((status = 204, description = "Signed out")))]
async fn sign_out(State(app): State<Arc<App>>, headers: HeaderMap) -> Result<Response, Problem> {
    if let Some(token) = app.cookie.read(&headers) {
        app.office.sign_out(token).await?;
    }
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, app.cookie.clear())]).into_response())
}
