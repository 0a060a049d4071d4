//! The built app as it goes out: what is kept, what is asked for anew, what is not there.

use crate::support::{Answer, TestApp};
use axum::{
    body::Body,
    http::{Method, Request, StatusCode},
};

const SCRIPT: &str = "linli-app-5a1f0c2e9d3b4a67.js";

async fn app() -> TestApp {
    let app = TestApp::new().await;
    let put = |name: &str, text: &str| std::fs::write(app.dist.path().join(name), text).unwrap();
    put("index.html", "<!doctype html><title>邻里</title>");
    put("sw.js", "const BUILD = {};");
    put("manifest.webmanifest", "{}");
    put(SCRIPT, "plain");
    put(&format!("{SCRIPT}.br"), "brotli");
    put(&format!("{SCRIPT}.gz"), "gzip");
    put("csp.json", r#"{"script-src": ["'sha256-AbC123+/='", "'unsafe-inline'", "https://elsewhere.example"]}"#);
    app
}

async fn get(app: &TestApp, path: &str, headers: &[(&'static str, &str)]) -> Answer {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    app.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn names_with_a_hash_are_kept_for_ever_and_the_shell_is_asked_for_each_time() {
    let app = app().await;
    assert_eq!(
        get(&app, &format!("/{SCRIPT}"), &[]).await.header("cache-control"),
        "public, max-age=31536000, immutable"
    );
    for path in ["/", "/index.html", "/sw.js", "/manifest.webmanifest", "/household/0190"] {
        assert_eq!(get(&app, path, &[]).await.header("cache-control"), "no-cache", "{path}");
    }
    let types = [("/", "text/html; charset=utf-8"), ("/sw.js", "text/javascript; charset=utf-8")];
    for (path, kind) in types {
        assert_eq!(get(&app, path, &[]).await.header("content-type"), kind);
    }
    let manifest = get(&app, "/manifest.webmanifest", &[]).await;
    assert!(manifest.header("content-type").starts_with("application/manifest+json"));
}

#[tokio::test]
async fn the_apps_own_addresses_get_the_shell_and_missing_files_do_not() {
    let app = app().await;
    for path in ["/", "/today", "/household/01900000-0000-7000-8000-000000000000", "/record/new/aid"] {
        let answer = get(&app, path, &[]).await;
        assert_eq!(answer.status, StatusCode::OK, "{path}");
        assert!(answer.text().contains("邻里"));
    }
    let hidden =
        ["/csp.json", "/linli-app-5a1f0c2e9d3b4a67.js.br", "/.git/config", "/../Cargo.toml", "/..%2fCargo.toml"];
    for path in ["/linli-app-0000000000000000.js", "/missing.wasm", "/favicon.ico"].into_iter().chain(hidden) {
        let answer = get(&app, path, &[]).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
        assert!(!answer.text().contains("邻里"), "{path}: a shell in place of a file is a white screen that stays");
    }
    assert_eq!(app.ask(Method::POST, "/today", "", None).await.status, StatusCode::METHOD_NOT_ALLOWED);
}

#[tokio::test]
async fn files_go_out_in_the_best_form_the_browser_takes() {
    let app = app().await;
    let path = format!("/{SCRIPT}");
    for (takes, encoding, body) in [
        ("gzip, deflate, br", "br", "brotli"),
        ("gzip", "gzip", "gzip"),
        ("br;q=0, gzip;q=0.5", "gzip", "gzip"),
        ("identity", "", "plain"),
        ("", "", "plain"),
    ] {
        let answer = get(&app, &path, &[("accept-encoding", takes)]).await;
        assert_eq!((answer.header("content-encoding"), answer.text().as_str()), (encoding, body), "{takes}");
        assert_eq!(answer.header("vary"), "accept-encoding");
    }
    let tag = get(&app, &path, &[]).await.header("etag").to_owned();
    let known = get(&app, &path, &[("if-none-match", &tag)]).await;
    assert_eq!((known.status, known.bytes.len()), (StatusCode::NOT_MODIFIED, 0));
}

#[tokio::test]
async fn every_response_is_guarded() {
    let app = app().await;
    let session = app.sign_in("wang").await;
    for path in ["/", "/sw.js", "/missing.js", "/api/v1/session", "/api/v1/nothing", "/health", "/api/openapi.json"] {
        let answer = app.get(path, &session).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"), "{path}");
    }
    let policy = get(&app, "/", &[]).await;
    let policy = policy.header("content-security-policy");
    assert!(policy.contains("script-src 'self' 'wasm-unsafe-eval' 'sha256-AbC123+/=';"), "{policy}");
    assert!(!policy.contains("unsafe-inline") && !policy.contains("elsewhere"), "only hashes are taken from the build");
    assert_eq!(app.get("/api/v1/session", &session).await.header("cache-control"), "no-store");
}

#[tokio::test]
async fn without_a_built_app_the_server_says_how_to_get_one() {
    let app = TestApp::new().await;
    let answer = get(&app, "/", &[]).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert!(answer.text().contains("cargo xtask run"));
}
