//! The API: its routes, its layers, and its description.

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::Request,
    http::{HeaderValue, header},
    middleware::{self, Next},
    response::{IntoResponse, Response},
    routing::{any, get},
};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer, CompressionLevel, Predicate,
        predicate::{DefaultPredicate, NotForContentType},
    },
    csrf::CsrfLayer,
};
use utoipa::{OpenApi, openapi::OpenApi as Document};
use utoipa_axum::router::OpenApiRouter;

use super::{
    App, describe,
    flow::in_time,
    problem::{Problem, words},
    problems::Kind,
    routes,
};

/// What the description says of itself.
#[derive(OpenApi)]
#[openapi(
    info(title = "Linli 邻里", description = "Field records of a residents' community: sync, sign-in, figures."),
    tags(
        (name = "session", description = "Signing in and out"),
        (name = "sync", description = "Changes in, records out"),
        (name = "pack", description = "Kinds, posts and indicators"),
        (name = "report", description = "Figures"),
        (name = "files", description = "Photos and papers of records, by the tus protocol"),
        (name = "roster", description = "Households and people from files"),
    )
)]
struct About;

/// The nouns, under `/api/v1`, and the description that comes out of them.
fn described() -> (Router<Arc<App>>, Document) {
    let v1 = OpenApiRouter::new()
        .merge(routes::session::router())
        .merge(routes::sync::router())
        .merge(routes::blocks::router())
        .merge(routes::pack::router())
        .merge(routes::forms::router())
        .merge(routes::quarantine::router())
        .merge(routes::figures::router())
        .merge(routes::papers::router())
        .merge(routes::roster::router())
        .merge(routes::audit::router())
        .merge(routes::devices::router())
        .merge(routes::erasure::router())
        .merge(routes::files::router())
        .merge(routes::events::router());
    let (routes, document) = OpenApiRouter::with_openapi(About::openapi()).nest("/api/v1", v1).split_for_parts();
    (routes, describe::whole(document))
}

/// The API's description, as served at `/api/openapi.json`.
pub fn openapi() -> Document {
    described().1
}

/// Everything under `/api`.
pub(super) fn router(app: &App) -> Router<Arc<App>> {
    let limits = app.limits;
    let (routes, document) = described();
    let document = Arc::new(document);
    let squeeze = DefaultPredicate::new().and(NotForContentType::const_new("application/octet-stream"));
    // What cannot be an origin matches none; `serve` says so.
    let own = |layer: CsrfLayer, origin: &String| layer.clone().add_trusted_origin(origin).unwrap_or(layer);
    let csrf = app.origins.iter().fold(CsrfLayer::new(), own);
    routes
        .route("/api/openapi.json", get(move || async move { Json((*document).clone()) }))
        .route("/api/", any(nothing))
        .route("/api/{*nothing}", any(nothing))
        .layer(middleware::from_fn(move |request, next| in_time(limits, request, next)))
        .layer(CatchPanicLayer::custom(|_| Problem::from(Kind::Internal).into_response()))
        // Cookies are SameSite=Strict already; this also holds for browsers that forget it.
        .layer(csrf)
        .layer(middleware::from_fn(words))
        .layer(middleware::from_fn(unstored))
        // Records are JSON full of repetition: a quick level takes most of it.
        .layer(CompressionLayer::new().quality(CompressionLevel::Precise(4)).compress_when(squeeze))
}

/// Under `/api` nobody gets the app's shell.
async fn nothing() -> Problem {
    Kind::NotFound.into()
}

/// Nothing of the API is kept by browsers or proxies unless its handler says so.
async fn unstored(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
