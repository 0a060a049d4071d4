//! What must not come in does not, is told so clearly, and breaks nothing.

use crate::support::{DEVICE, TestApp, change, codes, head, record, set};
use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use serde_json::{Value, json};
use sync::wire::{Receipt, SyncResponse};

fn sync_body(changes: Value) -> Value {
    json!({"device": DEVICE, "schema": 1, "cursor": null, "changes": changes})
}

async fn push(app: &TestApp, session: &str, changes: Value) -> Vec<Receipt> {
    let answer = app.post("/api/v1/sync", session, &sync_body(changes)).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    serde_json::from_slice::<SyncResponse>(&answer.bytes).unwrap().receipts
}

#[tokio::test]
async fn a_request_that_cannot_be_read_gets_a_problem_that_says_why() {
    let app = TestApp::new().await;
    let session = app.sign_in("wang").await;
    let deep = format!("{}1{}", "[".repeat(50_000), "]".repeat(50_000));
    let whole = sync_body(json!([])).to_string();
    let with = |key: &str, value: Value| {
        let mut body = sync_body(json!([]));
        body[key] = value;
        body.to_string()
    };
    let cursor = |seq: Value, scope: &str| json!({"epoch": "x", "seq": seq, "scope": scope, "schema": 1});
    let json = "application/json";
    let table: Vec<(&str, &str, String, u16, &str)> = vec![
        ("nothing at all", json, String::new(), 400, "malformed-json"),
        ("half a body", json, whole[..whole.len() - 5].into(), 400, "malformed-json"),
        ("words", json, "please".into(), 400, "malformed-json"),
        ("no UTF-8", json, "\u{0}".into(), 400, "malformed-json"),
        ("nested without end", json, deep, 400, "malformed-json"),
        ("a number no machine holds", json, "{\"changes\": [1e999]}".into(), 400, "malformed-json"),
        ("a list", json, "[]".into(), 422, "wrong-shape"),
        ("null", json, "null".into(), 422, "wrong-shape"),
        ("no changes", json, json!({"device": DEVICE, "schema": 1}).to_string(), 422, "wrong-shape"),
        ("changes that are no list", json, with("changes", json!({"0": {}})), 422, "wrong-shape"),
        ("a device that is no device", json, with("device", json!("tablet")), 422, "wrong-shape"),
        ("a device in capitals", json, with("device", json!("00000000000000D0")), 422, "wrong-shape"),
        ("a schema that is a word", json, with("schema", json!("one")), 422, "wrong-shape"),
        ("a schema below nought", json, with("schema", json!(-1)), 422, "wrong-shape"),
        ("a schema of long ago", json, with("schema", json!(0)), 426, "schema-too-old"),
        ("a schema of the future", json, with("schema", json!(2)), 426, "schema-too-new"),
        ("a cursor that is a word", json, with("cursor", json!("here")), 422, "wrong-shape"),
        ("a cursor below nought", json, with("cursor", cursor(json!(-1), "")), 422, "wrong-shape"),
        ("a cursor beyond all numbers", json, with("cursor", cursor(json!(u64::MAX), "")), 400, "bad-cursor"),
        ("a cursor of great length", json, with("cursor", cursor(json!(1), &"x/".repeat(5000))), 400, "bad-cursor"),
        ("too many changes", json, with("changes", json!(vec![json!({}); 501])), 413, "too-many"),
        ("too many buckets", json, with("refetch", json!(vec!["open/note"; 257])), 413, "too-many"),
        ("too large", json, with("epoch", json!("x".repeat(3 * 1024 * 1024))), 413, "too-large"),
        ("not JSON by name", "text/plain", whole.clone(), 415, "not-json"),
        ("a form", "application/x-www-form-urlencoded", "device=1".into(), 415, "not-json"),
        ("JSON by half its name", "application/jsonp", whole.clone(), 415, "not-json"),
    ];
    for (what, kind, body, status, name) in table {
        let request = Request::post("/api/v1/sync")
            .header(header::COOKIE, &session)
            .header(header::CONTENT_TYPE, kind)
            .body(Body::from(body))
            .unwrap();
        let answer = app.send(request).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (status, name), "{what}: {}", answer.text());
    }
    let fine = Request::post("/api/v1/sync")
        .header(header::COOKIE, &session)
        .header(header::CONTENT_TYPE, "Application/JSON; charset=utf-8")
        .body(Body::from(whole))
        .unwrap();
    assert_eq!(app.send(fine).await.status, StatusCode::OK);
    assert_eq!(app.test.head().await, 0, "and nothing of it left a trace");
}

#[tokio::test]
async fn a_change_that_cannot_be_kept_is_refused_alone_and_shown_to_its_author() {
    let app = TestApp::new().await;
    let session = app.sign_in("wang").await;
    let good = |number: u64| serde_json::to_value(change(number, record(number.into()), "good")).unwrap();
    let with = |key: &'static str, value: Value| {
        move |number: u64, mut change: Value| {
            change["number"] = json!(number);
            change[key] = value;
            change
        }
    };
    type Bend = Box<dyn FnOnce(u64, Value) -> Value>;
    let day = |date: &str| {
        let fields = [("date", json!(date))];
        serde_json::to_value(set(0, record(1000), "visit", &fields)).unwrap()
    };
    let is = |whole: Value| {
        move |number: u64, _: Value| {
            let mut whole = whole;
            if whole.is_object() {
                whole["number"] = json!(number);
            }
            whole
        }
    };
    let large: Value = json!({"a": "x".repeat(300 * 1024)});
    let deep = (0..100).fold(json!(1), |inner, _| json!([inner]));
    let table: Vec<(&str, Bend, &str)> = vec![
        ("a word", Box::new(is(json!("x"))), "malformed"),
        ("null", Box::new(is(json!(null))), "malformed"),
        ("an empty object", Box::new(is(json!({}))), "malformed"),
        ("a record that is no UUID", Box::new(with("record", json!("record"))), "malformed"),
        ("a clock of the wrong length", Box::new(with("clock", json!("00"))), "malformed"),
        ("fields as a list", Box::new(with("set", json!(["a"]))), "malformed"),
        ("members that are numbers", Box::new(with("add", json!({"tags": [1]}))), "malformed"),
        ("a schema of the future's future", Box::new(with("schema", json!(70_000))), "malformed"),
        ("a schema of long ago", Box::new(with("schema", json!(0))), "schema"),
        ("another device's", Box::new(with("device", json!("0000000000000001"))), "device"),
        ("another author's", Box::new(with("author", json!("zhu"))), "author"),
        ("an unknown kind", Box::new(with("kind", json!("ghost"))), "unknown_kind"),
        ("a forbidden kind", Box::new(with("kind", json!("secret"))), "forbidden"),
        ("nothing in it", Box::new(with("set", json!({}))), "empty"),
        ("too large", Box::new(with("set", large)), "too_large"),
        ("nested too deep", Box::new(with("set", json!({"unknown": deep}))), "too_deep"),
        ("a number for a text", Box::new(with("set", json!({"a": 1}))), "type"),
        ("a text for a number", Box::new(with("set", json!({"b": "1"}))), "type"),
        ("half a number", Box::new(with("set", json!({"b": 0.5}))), "type"),
        ("a huge number", Box::new(with("set", json!({"b": u64::MAX}))), "type"),
        ("out of bounds", Box::new(with("set", json!({"b": 101}))), "constraint"),
        ("an unknown choice", Box::new(with("add", json!({"tags": ["nowhere"]}))), "choice"),
        ("a date that is none", Box::new(is(day("2025-02-29"))), "type"),
        ("a date in the future", Box::new(is(day("2026-01-02"))), "constraint"),
        ("a date far in the future", Box::new(is(day("9999-01-01"))), "date_range"),
        ("a date of the last dynasty", Box::new(is(day("1800-01-01"))), "date_range"),
        ("a date beyond the calendar", Box::new(is(day("99999-01-01"))), "type"),
    ];
    let mut changes = Vec::new();
    let mut wanted = Vec::new();
    for (number, (what, bend, code)) in (1..).zip(table) {
        let change = bend(number, good(1));
        wanted.push((what, code, if change.is_object() { number } else { 0 }));
        changes.push(change);
    }
    let last = wanted.len() as u64 + 1;
    changes.push(good(last));
    let receipts = push(&app, &session, json!(changes)).await;
    assert_eq!(receipts.len(), wanted.len() + 1, "one receipt each, in order");
    for (receipt, (what, code, number)) in receipts.iter().zip(&wanted) {
        assert_eq!(codes(&receipt.verdict), [*code], "{what}");
        assert_eq!(receipt.number, *number, "{what}");
    }
    assert!(codes(&receipts.last().unwrap().verdict).is_empty(), "what comes after them is kept");
    assert_eq!(push(&app, &session, json!(changes)).await, receipts, "sent again, answered the same");

    let seen = app.get("/api/v1/quarantine", &session).await.json();
    assert_eq!(seen.as_array().unwrap().len(), wanted.len(), "kept word for word, once");
    let li = app.sign_in_on("li", sync::DeviceId(9)).await;
    assert_eq!(app.get("/api/v1/quarantine", &li).await.json(), json!([]), "a colleague sees her own");
    let zhu = app.sign_in_on("zhu", sync::DeviceId(8)).await;
    assert_eq!(app.get("/api/v1/quarantine", &zhu).await.json().as_array().unwrap().len(), wanted.len());
}

#[tokio::test]
async fn numbers_that_no_database_holds_are_refused_and_kept() {
    let app = TestApp::new().await;
    let session = app.sign_in("wang").await;
    let numbered = |number: u64| serde_json::to_value(change(number, record(1), "x")).unwrap();
    let receipts = push(&app, &session, json!([numbered(0), numbered(u64::MAX), numbered(1 << 63)])).await;
    for receipt in &receipts {
        assert_eq!(codes(&receipt.verdict), ["number"]);
    }
    assert_eq!(receipts[1].number, u64::MAX, "the receipt finds its change");
    assert_eq!(app.test.office.quarantine(&head(), true).await.unwrap().len(), 3);
    let edge = push(&app, &session, json!([numbered((1 << 63) - 1)])).await;
    assert_eq!(codes(&edge[0].verdict), ["number_far"], "a database holds it, no tablet comes to it");
}

#[tokio::test]
async fn a_fact_is_corrected_only_with_a_reason() {
    let app = TestApp::new().await;
    let visit =
        |number, paid: i64| set(number, record(1), "visit", &[("date", "2025-12-31".into()), ("paid", paid.into())]);
    let mut reasoned = visit(3, 30_000);
    reasoned.why = Some("counted again".into());
    let receipts = app.test.push(vec![visit(1, 20_000), visit(2, 30_000), reasoned]).await;
    let refused: Vec<Vec<&str>> = receipts.iter().map(|r| codes(&r.verdict)).collect();
    assert_eq!(refused, [vec![], vec!["why"], vec![]]);
}

#[tokio::test]
async fn a_push_from_another_device_than_the_sessions_is_refused_whole() {
    let app = TestApp::new().await;
    let session = app.sign_in_on("wang", sync::DeviceId(5)).await;
    let answer = app.post("/api/v1/sync", &session, &sync_body(json!([]))).await;
    assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::FORBIDDEN, "other-device"));
}

#[tokio::test]
async fn every_post_writes_and_reads_exactly_the_kinds_of_the_pack() {
    let app = TestApp::new().await;
    let pack = app.test.office.pack();
    let posts = [("wang", "desk"), ("zhu", "head"), ("ye", "night")];
    let mut number = 0;
    // One record of every kind is there to be read.
    let all = ["note", "visit", "secret"].map(|kind| {
        number += 1;
        let field = if kind == "visit" { ("date", json!("2025-12-31")) } else { ("a", json!("x")) };
        let mut change = set(number, record(number.into()), kind, &[field]);
        change.author = "zhu".into();
        change.into()
    });
    app.test.push_as(&head(), all.to_vec()).await;
    for (account, post) in posts {
        let session = app.sign_in(account).await;
        for kind in ["note", "visit", "secret"] {
            number += 1;
            let field = if kind == "visit" { ("date", json!("2025-12-31")) } else { ("a", json!("y")) };
            let mut change = set(number, record(u128::from(number) + 100), kind, &[field]);
            change.author = account.into();
            let receipts = push(&app, &session, json!([change])).await;
            let may_write = pack.allows(post, kind, records::Right::Write);
            assert_eq!(codes(&receipts[0].verdict).is_empty(), may_write, "{post} writes {kind}");
        }
        let first = app.post("/api/v1/sync", &session, &sync_body(json!([]))).await.json();
        let sent: Vec<&str> =
            first["blocks"]["buckets"].as_array().unwrap().iter().map(|b| b.as_str().unwrap()).collect();
        for kind in ["note", "visit", "secret"] {
            let may_read = pack.allows(post, kind, records::Right::Read);
            assert_eq!(sent.iter().any(|b| b.ends_with(&format!("/{kind}"))), may_read, "{post} reads {kind}");
        }
        let mut cursor = first["next"].clone();
        cursor["seq"] = json!(0);
        let body = json!({"device": DEVICE, "schema": 1, "cursor": cursor, "changes": []});
        let tail = app.post("/api/v1/sync", &session, &body).await.json();
        for record in tail["records"].as_array().unwrap() {
            let kind = record["kind"].as_str().unwrap();
            assert!(pack.allows(post, kind, records::Right::Read), "{post} was sent a {kind}");
        }
        assert_eq!(tail["more"], false);
        let sums = tail["sums"].as_object().unwrap();
        assert_eq!(sums.len(), sent.len(), "checksums of these buckets and no other");
    }
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_too() {
    let app = TestApp::new().await;
    let session = app.sign_in("wang").await;
    for (method, path, status, name) in [
        (Method::GET, "/api/v1/nothing", 404, "not-found"),
        (Method::GET, "/api/", 404, "not-found"),
        (Method::GET, "/api/v2/sync", 404, "not-found"),
        (Method::GET, "/api/v1/sync", 405, "method-not-allowed"),
        (Method::PUT, "/api/v1/session", 405, "method-not-allowed"),
        (Method::GET, "/api/v1/figures?from=2009-01-01&to=2009-12-31", 403, "forbidden"),
    ] {
        let answer = app.ask(method.clone(), path, &session, None).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (status, name), "{method} {path}");
    }
    let allow = app.get("/api/v1/sync", &session).await;
    assert_eq!(allow.header("allow"), "POST");
}

#[tokio::test]
async fn problems_speak_the_language_asked_for() {
    let app = TestApp::new().await;
    for (asked, spoken, words) in
        [("en", "en", "Please sign in first"), ("zh-CN", "zh-CN", "请先登录"), ("fr", "zh-CN", "请先登录")]
    {
        let request = Request::get("/api/v1/session").header("accept-language", asked).body(Body::empty()).unwrap();
        let answer = app.send(request).await;
        assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::UNAUTHORIZED, "not-signed-in"));
        assert_eq!(answer.header("content-language"), spoken);
        assert!(answer.json()["detail"].as_str().unwrap().starts_with(words), "{}", answer.text());
    }
}

#[tokio::test]
async fn a_problem_tells_no_value_that_was_sent() {
    let app = TestApp::new().await;
    let session = app.sign_in("wang").await;
    let body = json!({"device": "王秀英 13800000000", "schema": 1, "cursor": null, "changes": []});
    let answer = app.post("/api/v1/sync", &session, &body).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!answer.text().contains("13800000000"), "{}", answer.text());
}
