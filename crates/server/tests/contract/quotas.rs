//! What accounts may take up at the office: what is beyond stays on the tablet, which is told so, and stops nobody else.

use crate::support::{Answer, DEVICE, Tablet, TestApp, TestOffice, change, record, set};
use axum::http::{Method, StatusCode};
use linli_server::{http::Cookie, office::usage::Quotas};
use serde_json::{Value, json};
use sync::{engine::Failure, wire::Measure};

async fn app(quotas: Quotas) -> TestApp {
    TestApp::over(TestOffice::new().await.under(quotas), Cookie::Plain).await
}

fn quotas(of_account: impl Fn(&mut Measure)) -> Quotas {
    let mut quotas = Quotas::default();
    of_account(&mut quotas.account);
    quotas
}

async fn push(app: &TestApp, session: &str, changes: &[Value]) -> Answer {
    let body = json!({"device": DEVICE, "schema": 1, "cursor": null, "changes": changes});
    app.post("/api/v1/sync", session, &body).await
}

/// A change that is refused, some 10 kB.
fn wrong(number: u64) -> Value {
    json!({"number": number, "what": "x".repeat(10_000)})
}

fn good(number: u64) -> Value {
    json!(change(number, record(number.into()), "字"))
}

#[tokio::test]
async fn what_is_refused_beyond_the_bound_stays_on_the_tablet_and_stops_nothing() {
    let app = app(quotas(|account| account.refused = 45_000)).await;
    let (session, zhu) = (app.sign_in("wang").await, app.sign_in_on("zhu", sync::DeviceId(8)).await);
    let mut kept = 0;
    for n in 1..=10 {
        let answer = push(&app, &session, &[wrong(2 * n), good(2 * n + 1)]).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let receipts = answer.json()["receipts"].clone();
        assert_eq!(receipts[1]["verdict"], "accepted", "the rest goes on: {receipts}");
        let codes: Vec<&str> =
            receipts[0]["problems"].as_array().unwrap().iter().map(|p| p["code"].as_str().unwrap()).collect();
        kept += usize::from(codes == ["malformed"]);
        assert!(codes == ["malformed"] || codes == ["malformed", "quota"], "{codes:?}");
    }
    assert_eq!(kept, 4);
    assert_eq!(app.get("/api/v1/quarantine", &session).await.json().as_array().unwrap().len(), 4);
    let usage = app.get("/api/v1/usage", &zhu).await.json();
    let refused = usage["accounts"]["wang"]["refused"].as_u64().unwrap();
    assert!((40_000..=45_000).contains(&refused), "{usage}");
    assert_eq!(usage["accounts"]["wang"]["changes"], 20);
    assert_eq!((&usage["community"]["refused"], &usage["account_most"]["refused"]), (&refused.into(), &45_000.into()));
    assert_eq!(app.get("/api/v1/usage", &session).await.problem(), "forbidden");

    // A tablet of the same account keeps the words, and what it writes afterwards comes in.
    let mut tablet = Tablet::new(&app, "wang", 3).await;
    for n in 0..30 {
        tablet.save(&app, record(500 + n), "note", "b", 1000.into());
        tablet.save(&app, record(700 + n), "note", "a", "字".into());
        assert_eq!(tablet.sync(&app).await, None);
    }
    assert_eq!((tablet.refused.len(), tablet.alarms), (30, 0), "{:?}", tablet.refused);
    assert!(tablet.refused.values().flatten().any(|code| code == "quota"), "{:?}", tablet.refused);
    // What is another's is not taken from them.
    let li = app.sign_in_on("li", sync::DeviceId(9)).await;
    let body = json!({"device": sync::DeviceId(9), "schema": 1, "cursor": null, "changes": [wrong(1)]});
    let answer = app.post("/api/v1/sync", &li, &body).await.json();
    assert_eq!(answer["receipts"][0]["problems"].as_array().unwrap().len(), 1, "{answer}");
}

#[tokio::test]
async fn a_day_has_so_many_changes_and_the_rest_waits_on_the_tablet() {
    let app = app(quotas(|account| account.changes = 10)).await;
    let session = app.sign_in("wang").await;
    let eight: Vec<Value> = (1..=8).map(good).collect();
    assert_eq!(push(&app, &session, &eight).await.status, StatusCode::OK);
    let five: Vec<Value> = (9..=13).map(good).collect();
    let answer = push(&app, &session, &five).await;
    assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::SERVICE_UNAVAILABLE, "quota-changes"));
    assert!(!answer.header("retry-after").is_empty());
    assert_eq!(app.test.head().await, 8, "nothing of it happened");
    assert_eq!(push(&app, &session, &eight).await.status, StatusCode::OK, "what is known counts for nothing");
    assert_eq!(push(&app, &session, &five[..2]).await.status, StatusCode::OK, "what fits fits");
    assert_eq!(push(&app, &session, &five).await.problem(), "quota-changes");
    assert_eq!(push(&app, &session, &eight).await.status, StatusCode::OK);
    let mut tablet = Tablet::new(&app, "wang", 3).await;
    tablet.save(&app, record(900), "note", "a", "字".into());
    assert_eq!(tablet.sync(&app).await, Some(Failure::Server), "it comes again");
    assert_eq!((tablet.log.len(), tablet.refused.len()), (1, 0), "and keeps what it has");
    app.test.wall.fetch_add(24 * 3_600_000, std::sync::atomic::Ordering::Relaxed);
    assert_eq!(push(&app, &session, &five).await.status, StatusCode::OK, "the next day");
    tablet.sync(&app).await;
    assert_eq!((tablet.log.len(), tablet.refused.len()), (0, 0));
    assert_eq!(app.test.head().await, 14);
}

#[tokio::test]
async fn photos_beyond_the_bound_stay_on_the_tablet() {
    use base64::{Engine, prelude::BASE64_STANDARD as B64};
    let app = app(quotas(|account| account.files = 5000)).await;
    let (session, zhu) = (app.sign_in("wang").await, app.sign_in_on("zhu", sync::DeviceId(8)).await);
    let hash = |n: u64| format!("{n:064x}");
    for n in 1..=3 {
        push(&app, &session, &[json!(set(n, record(n.into()), "note", &[("a", format!("{}/a.pdf", hash(n)).into())]))])
            .await;
    }
    let begin = async |n: u64, length: usize| {
        let said = format!("record {},sha256 {}", B64.encode(record(n.into()).to_string()), B64.encode(hash(n)));
        let request = axum::http::Request::builder().method(Method::POST).uri("/api/v1/files");
        let request = request.header("cookie", &session).header("tus-resumable", "1.0.0");
        let request = request.header("upload-length", length).header("upload-metadata", said);
        app.send(request.body(axum::body::Body::empty()).unwrap()).await
    };
    assert_eq!(begin(1, 3000).await.status, StatusCode::CREATED);
    assert_eq!(begin(1, 3000).await.status, StatusCode::CREATED, "once");
    let answer = begin(2, 3000).await;
    assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::INSUFFICIENT_STORAGE, "quota-files"));
    assert!(!answer.header("retry-after").is_empty());
    assert_eq!(begin(3, 2000).await.status, StatusCode::CREATED);
    let usage = app.get("/api/v1/usage", &zhu).await.json();
    assert_eq!((&usage["accounts"]["wang"]["files"], &usage["community"]["files"]), (&5000.into(), &5000.into()));
}

#[tokio::test]
async fn what_was_refused_is_read_page_by_page_however_much_it_is() {
    let app = TestApp::new().await;
    let session = app.sign_in("wang").await;
    let all: Vec<Value> = (1..=25).map(wrong).collect();
    push(&app, &session, &all).await;
    app.test.wall.fetch_add(1000, std::sync::atomic::Ordering::Relaxed);
    push(&app, &session, &[wrong(100), wrong(101)]).await;
    let mut seen = Vec::new();
    let mut page = "/api/v1/quarantine?limit=10".to_owned();
    loop {
        let answer = app.get(&page, &session).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        let rows = answer.json();
        let numbers = rows.as_array().unwrap().iter().map(|row| row["number"].as_u64().unwrap());
        let before = seen.len();
        seen.extend(numbers);
        let link = answer.header("link").to_owned();
        if link.is_empty() {
            assert_eq!(seen.len() - before, 7);
            break;
        }
        assert_eq!(seen.len() - before, 10);
        page = link.trim_start_matches('<').split('>').next().unwrap().to_owned();
    }
    let expected: Vec<u64> = [101, 100].into_iter().chain((1..=25).rev()).collect();
    assert_eq!(seen, expected, "each once, the newest first");
    for bad in ["before=1", "before=x-y-z-0", "limit=many"] {
        assert_eq!(app.get(&format!("/api/v1/quarantine?{bad}"), &session).await.problem(), "bad-query", "{bad}");
    }

    // Long ones: a page is some four megabytes, and one alone is always in it.
    let long = |n: u64| json!({"number": n, "what": "x".repeat(1_700_000)});
    for n in 200..205 {
        app.test.wall.fetch_add(1000, std::sync::atomic::Ordering::Relaxed);
        assert_eq!(push(&app, &session, &[long(n)]).await.status, StatusCode::OK);
    }
    let answer = app.get("/api/v1/quarantine", &session).await;
    assert!(answer.bytes.len() < 5_000_000, "{}", answer.bytes.len());
    assert_eq!(answer.json().as_array().unwrap().len(), 2);
    assert!(answer.header("link").contains("rel=\"next\""));
}
