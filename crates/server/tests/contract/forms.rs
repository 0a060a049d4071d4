//! Kinds as XLSForm workbooks over HTTP.

use super::publish::put;
use crate::support::{Answer, TestApp};
use axum::{
    body::Body,
    http::{Request, StatusCode, header},
};
use records::{Value, pack::workshop::Edit};
use serde_json::json;
use sync::wire::{FormOutcome, FormRead};

async fn upload(app: &TestApp, session: &str, query: &str, bytes: Vec<u8>) -> Answer {
    let request = Request::post(format!("/api/v1/pack/xlsform{query}"))
        .header(header::COOKIE, session)
        .header(header::CONTENT_TYPE, "application/octet-stream");
    app.send(request.body(Body::from(bytes)).unwrap()).await
}

fn book(rows: &[[&str; 3]]) -> Vec<u8> {
    let mut book = rust_xlsxwriter::Workbook::new();
    let sheet = book.add_worksheet().set_name("survey").unwrap();
    for (row, cells) in (0..).zip(rows) {
        sheet.write_row(row, 0, *cells).unwrap();
    }
    book.save_to_buffer().unwrap()
}

#[tokio::test]
async fn a_kind_goes_out_and_comes_in_the_same() {
    let app = TestApp::new().await;
    let head = app.sign_in("zhu").await;
    let file = app.get("/api/v1/pack/kinds/visit.xlsx", &head).await;
    assert_eq!(file.status, StatusCode::OK);
    assert!(file.header("content-disposition").contains("visit.xlsx"));
    let read = upload(&app, &head, "", file.bytes).await;
    assert_eq!(read.status, StatusCode::OK, "{}", read.text());
    let read: FormRead = serde_json::from_value(read.json()).unwrap();
    let pack = app.get("/api/v1/pack", &head).await.json();
    assert_eq!((read.kind, read.findings.len(), read.is_new), (pack["kinds"]["visit"].clone(), 0, false));
    assert_eq!(read.edits, Vec::<Value>::new(), "the unchanged form changes nothing");
    assert_eq!(app.test.office.pack().version, pack["version"], "nothing is in force by looking");
}

#[tokio::test]
async fn a_form_of_others_is_named_by_its_file_and_its_cells_are_said() {
    let app = TestApp::new().await;
    let head = app.sign_in("zhu").await;
    let form = [["type", "name", "label"], ["text", "who", "Who?"], ["audio", "voice", "Say it"]];
    let read = upload(&app, &head, "?file=Street%20survey.xlsx", book(&form)).await;
    let read: FormRead = serde_json::from_value(read.json()).unwrap();
    assert_eq!((&read.kind["name"], read.is_new), (&json!("street_survey"), true));
    // The edits it comes with are those that the workshop publishes.
    let pack = app.test.office.pack();
    let edits: Vec<Edit> = read.edits.iter().map(|edit| Edit::from_value(edit).unwrap()).collect();
    let body = serde_json::to_value(pack.edited(&edits)).unwrap();
    let tag = format!("\"{}-{}\"", pack.name, pack.version);
    let answer = put(&app, &head, Some(&tag), &body).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert!(app.test.office.pack().kind("street_survey").is_some());
    let voice = read.findings.iter().find(|finding| finding.cell == "A3").unwrap();
    assert_eq!((&*voice.sheet, voice.outcome, &*voice.written), ("survey", FormOutcome::Refused, "audio"));
    assert!(!voice.words.zh.is_empty() && !voice.words.en.is_empty());
}

#[tokio::test]
async fn what_is_no_form_is_refused_with_its_reason() {
    let app = TestApp::new().await;
    let head = app.sign_in("zhu").await;
    let none = [["type", "name", "label"], ["audio", "voice", "Say it"], ["", "", ""]];
    for (bytes, findings) in [(b"nothing".to_vec(), 0), (book(&[["a", "b", "c"]]), 0), (book(&none), 2)] {
        let answer = upload(&app, &head, "", bytes).await;
        assert_eq!((answer.status, &*answer.problem()), (StatusCode::UNPROCESSABLE_ENTITY, "form-unreadable"));
        assert!(answer.json()["reason"]["zh"].as_str().is_some_and(|words| !words.is_empty()));
        assert_eq!(answer.json()["findings"].as_array().map_or(0, Vec::len), findings, "{}", answer.text());
    }
    let huge = upload(&app, &head, "", vec![0; 6 << 20]).await;
    assert_eq!((huge.status, &*huge.problem()), (StatusCode::PAYLOAD_TOO_LARGE, "too-large"));
    assert_eq!(app.post("/api/v1/pack/xlsform", &head, &json!({})).await.problem(), "bad-request");
}

#[tokio::test]
async fn forms_are_the_directors() {
    let app = TestApp::new().await;
    for (account, status) in [("wang", StatusCode::FORBIDDEN), ("ye", StatusCode::FORBIDDEN)] {
        let session = app.sign_in(account).await;
        assert_eq!(app.get("/api/v1/pack/kinds/visit.xlsx", &session).await.status, status);
        assert_eq!(upload(&app, &session, "", Vec::new()).await.status, status);
    }
    assert_eq!(app.get("/api/v1/pack/kinds/visit.xlsx", "").await.status, StatusCode::UNAUTHORIZED);
    let head = app.sign_in("zhu").await;
    for file in ["nothing.xlsx", "visit", "visit.xls", "..%2Fvisit.xlsx"] {
        assert_eq!(app.get(&format!("/api/v1/pack/kinds/{file}"), &head).await.status, StatusCode::NOT_FOUND, "{file}");
    }
}
