//! The rest of the API: pack, figures, events, state, description.

use crate::support::{DEVICE, TestApp, change, record, set};
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use tower::ServiceExt;

#[tokio::test]
async fn the_pack_is_sent_once_and_then_only_when_it_changed() {
    let app = TestApp::new().await;
    let session = app.sign_in("wang").await;
    let first = app.get("/api/v1/pack", &session).await;
    let pack: records::Pack = serde_json::from_slice(&first.bytes).unwrap();
    let bare = records::Pack { print: String::new(), ..pack.clone() };
    assert_eq!(bare, *app.test.office.pack(), "as the tablet reads it");
    assert!(!pack.print.is_empty(), "and what it is known by, beside it");
    let ask = |tag: String| {
        let request = Request::get("/api/v1/pack").header(header::COOKIE, &session).header(header::IF_NONE_MATCH, tag);
        app.send(request.body(Body::empty()).unwrap())
    };
    let tag = first.header("etag").to_owned();
    assert_eq!(ask(tag.clone()).await.status, StatusCode::NOT_MODIFIED);
    let mut pack = pack;
    pack.version += 1;
    app.test.office.set_pack(pack).await.unwrap();
    assert_eq!(ask(tag).await.status, StatusCode::OK);
}

#[tokio::test]
async fn figures_are_counted_for_those_who_see_the_report() {
    let app = TestApp::new().await;
    let visit = |number, date: &str, fen: i64| {
        set(number, record(number.into()), "visit", &[("date", date.into()), ("paid", fen.into())])
    };
    app.test.push(vec![visit(1, "2009-01-01", 30_000), visit(2, "2009-12-31", 1), visit(3, "2010-01-01", 500)]).await;
    let mut void = set(4, record(2), "visit", &[("_void", "entered twice".into())]);
    void.why = Some("entered twice".into());
    let session = app.sign_in("zhu").await;
    let year = "/api/v1/figures?from=2009-01-01&to=2009-12-31";
    let figures = app.get(year, &session).await.json();
    assert_eq!(figures["figures"], json!({"visits": 2, "fen": 30_001}));
    app.test.push(vec![void]).await;
    assert_eq!(app.get(year, &session).await.json()["figures"], json!({"visits": 1, "fen": 30_000}));
    for query in
        ["", "?from=2009-01-01", "?from=2009-02-30&to=2009-12-31", "?from=2010-01-01&to=2009-01-01", "?from=%ff&to=x"]
    {
        let answer = app.get(&format!("/api/v1/figures{query}"), &session).await;
        assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::BAD_REQUEST, "bad-query"), "{query}");
    }
}

#[tokio::test]
async fn a_listener_hears_of_every_commit_until_the_server_stops() {
    let app = TestApp::new().await;
    let session = app.sign_in("wang").await;
    let request = Request::get("/api/v1/events").header(header::COOKIE, session).body(Body::empty()).unwrap();
    let response = app.service.clone().oneshot(request).await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    assert_eq!(response.headers()["x-accel-buffering"], "no", "a proxy is not to wait for more of it");
    let mut body = response.into_body();
    let mut heard = async || match body.frame().await {
        Some(frame) => String::from_utf8(frame.unwrap().into_data().unwrap().to_vec()).unwrap(),
        None => "the end".into(),
    };
    assert_eq!(heard().await, "event: more\ndata: 0\n\n");
    app.test.push(vec![change(1, record(1), "news")]).await;
    assert_eq!(heard().await, "event: more\ndata: 1\n\n");
    app.test.push(vec![change(1, record(1), "news")]).await;
    app.test.push(vec![change(2, record(1), "more news")]).await;
    assert_eq!(heard().await, "event: more\ndata: 2\n\n", "a repeat is no news");
    app.stop();
    assert_eq!(heard().await, "the end");
}

#[tokio::test]
async fn the_server_says_how_it_is_without_naming_anyone() {
    let app = TestApp::new().await;
    let session = app.sign_in("wang").await;
    let wrong = set(2, record(2), "note", &[("b", 1000.into())]);
    let body = json!({"device": DEVICE, "schema": 1, "cursor": null, "changes": [change(1, record(1), "x"), wrong]});
    app.post("/api/v1/sync", &session, &body).await;
    app.post("/api/v1/sync", &session, &body).await;
    assert_eq!(app.get("/health", "").await.status, StatusCode::OK);
    assert_eq!(app.get("/ready", "").await.status, StatusCode::OK);
    let metrics = app.get("/metrics", "").await.text();
    for line in [
        "linli_changes_total{verdict=\"accepted\"} 1",
        "linli_changes_total{verdict=\"refused\"} 1",
        "linli_changes_total{verdict=\"repeated\"} 2",
        "linli_sequence 1",
    ] {
        assert!(metrics.lines().any(|l| l == line), "{line} in {metrics}");
    }
    assert!(!metrics.contains("wang"));
    app.test.office.close().await;
    // What was said is repeated for half a second.
    for _ in 0..100 {
        if app.get("/ready", "").await.status != StatusCode::OK {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    assert_eq!(app.get("/ready", "").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(app.get("/health", "").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_failing_database_is_a_problem_that_names_nothing() {
    let app = TestApp::new().await;
    let session = app.sign_in("wang").await;
    app.test.office.close().await;
    let answer = app.get("/api/v1/session", &session).await;
    assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::SERVICE_UNAVAILABLE, "database-away"));
    assert_eq!(answer.header("retry-after"), "5");
    assert!(!answer.text().contains("pool"), "{}", answer.text());
}

#[tokio::test]
async fn json_is_compressed_and_blocks_are_not_compressed_again() {
    let app = TestApp::new().await;
    let session = app.sign_in("wang").await;
    app.test.push((1..=50).map(|n| change(n, record(n.into()), "the same words each time")).collect()).await;
    let ask = |path: &str, body: Value| {
        let request = Request::post(path)
            .header(header::COOKIE, &session)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::ACCEPT_ENCODING, "br, gzip")
            .body(Body::from(body.to_string()));
        app.send(request.unwrap())
    };
    let cursor = json!({"epoch": "x", "seq": 0, "scope": "", "schema": 1});
    let answer = ask("/api/v1/sync", json!({"device": DEVICE, "schema": 1, "cursor": cursor, "changes": []})).await;
    assert_eq!((answer.status, answer.header("content-encoding")), (StatusCode::OK, "br"));
    let plain = app
        .post("/api/v1/sync", &session, &json!({"device": DEVICE, "schema": 1, "cursor": null, "changes": []}))
        .await;
    let id = plain.json()["blocks"]["blocks"][0]["id"].clone();
    let block = ask("/api/v1/blocks", json!({"ids": [id]})).await;
    assert_eq!((block.status, block.header("content-encoding")), (StatusCode::OK, ""));
    let many = ask("/api/v1/blocks", json!({"ids": vec!["0".repeat(32); 33]})).await;
    assert_eq!(many.status, StatusCode::PAYLOAD_TOO_LARGE);
}

/// The description is promised to clients: a change of it is a decision. `UPDATE=1 cargo test -p linli-server --test api`
/// writes it anew.
#[tokio::test]
async fn the_description_is_the_one_agreed_on() {
    let app = TestApp::new().await;
    let served = app.get("/api/openapi.json", "").await.json();
    let text = format!("{}\n", serde_json::to_string_pretty(&served).unwrap());
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/openapi.json");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(file, &text).unwrap();
    }
    let agreed = std::fs::read_to_string(file).unwrap_or_default();
    assert!(agreed == text, "the description changed: look at the difference after UPDATE=1 cargo test");
    for path in ["session", "sync", "blocks", "pack", "quarantine", "figures", "events"] {
        assert!(served["paths"].get(format!("/api/v1/{path}")).is_some(), "{path} is described");
    }
}
