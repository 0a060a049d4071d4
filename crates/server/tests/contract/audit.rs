//! The audit trail: what is in it, who reads it, and what shows when someone tampers with it.

use crate::support::{DEVICE, TestApp, TestOffice, app::PASSWORD, change, head, record, set};
use axum::http::StatusCode;
use linli_server::office::{Place, audit::Broken};
use serde_json::{Value, json};
use sqlx::Connection;
use sync::{DeviceId, wire::AuditEntry};

/// What, account, about and count of all entries, oldest first.
async fn trail(test: &TestOffice) -> Vec<(String, String, String, u64)> {
    let mut all = test.office.audit(u64::MAX, 1000).await.unwrap();
    all.reverse();
    let numbers: Vec<u64> = all.iter().map(|e| e.n).collect();
    assert_eq!(numbers, (1..=all.len() as u64).collect::<Vec<_>>(), "without holes");
    all.into_iter().map(|e| (e.what, e.account, e.about, e.count)).collect()
}

/// The entries after the first `known`, in short.
async fn since(test: &TestOffice, known: usize) -> Vec<String> {
    let all = trail(test).await;
    all[known..].iter().map(|(what, account, about, count)| format!("{what} {account} {about} {count}")).collect()
}

fn secret(number: u64) -> sync::Change {
    let mut change = set(number, record(number.into()), "secret", &[("a", "王秀英".into())]);
    change.author = "zhu".into();
    change
}

#[tokio::test]
async fn changes_and_readings_of_what_is_restricted_are_noted() {
    let app = TestApp::new().await;
    let (zhu, wang) = (app.sign_in("zhu").await, app.sign_in_on("wang", DeviceId(7)).await);
    let known = trail(&app.test).await.len();
    let body = |device: DeviceId, cursor: &Value, changes: Value| json!({"device": device, "schema": 1, "cursor": cursor, "changes": changes});
    let mut note = change(3, record(3), "x");
    note.author = "zhu".into();
    let pushed = app.post("/api/v1/sync", &zhu, &body(DEVICE, &json!(null), json!([secret(1), secret(2), note]))).await;
    assert_eq!(since(&app.test, known).await, ["change zhu open/note 1", "change zhu restricted/secret 2"]);
    let ids: Vec<Value> =
        pushed.json()["blocks"]["blocks"].as_array().unwrap().iter().map(|block| block["id"].clone()).collect();
    app.post("/api/v1/blocks", &zhu, &json!({"ids": ids})).await;
    let next = pushed.json()["next"].clone();
    app.post("/api/v1/sync", &zhu, &body(DEVICE, &next, json!([secret(4)]))).await;
    let other = app.post("/api/v1/sync", &wang, &body(DeviceId(7), &json!(null), json!([]))).await;
    assert_eq!(other.status, StatusCode::OK);
    assert_eq!(
        since(&app.test, known + 2).await,
        ["read zhu restricted/secret 2", "change zhu restricted/secret 1", "read zhu restricted/secret 1"],
        "and nobody notes who reads what is not restricted"
    );
    let again = app.post("/api/v1/sync", &zhu, &body(DEVICE, &next, json!([secret(4)]))).await;
    assert_eq!(again.status, StatusCode::OK);
    assert_eq!(since(&app.test, known + 5).await, ["read zhu restricted/secret 1"], "a repeated push changed nothing");
    app.get("/api/v1/ledgers/visit.csv", &wang).await;
    app.get("/api/v1/ledgers/secret.xlsx", &zhu).await;
    assert_eq!(app.get("/api/v1/ledgers/secret.xlsx", &wang).await.status, StatusCode::FORBIDDEN);
    app.get("/api/v1/quarantine", &wang).await;
    app.get("/api/v1/quarantine", &zhu).await;
    assert_eq!(
        since(&app.test, known + 6).await,
        ["ledger wang resident/visit 0", "ledger zhu restricted/secret 3", "quarantine zhu  0"]
    );
}

#[tokio::test]
async fn signing_in_in_vain_and_with_success_and_rights_are_noted() {
    let app = TestApp::new().await;
    let known = trail(&app.test).await.len();
    let try_in = async |account: &str, password: &str| {
        app.post("/api/v1/session", "", &json!({"account": account, "password": password, "device": DEVICE})).await
    };
    try_in("wang", "guess").await;
    try_in("my password by mistake", "guess").await;
    let session = app.sign_in("wang").await;
    app.ask(axum::http::Method::DELETE, "/api/v1/session", &session, None).await;
    let office = &app.test.office;
    office.set_post("wang", "head").await.unwrap().unwrap();
    office.set_password("wang", "quite another one").await.unwrap().unwrap();
    assert!(office.set_post("nobody", "head").await.unwrap().is_err());
    office.add_account("new", "新", "night", PASSWORD).await.unwrap().unwrap();
    office.renew_epoch().await.unwrap();
    assert_eq!(
        since(&app.test, known).await,
        [
            "sign-in-failed wang  1",
            "sign-in-failed   1",
            "sign-in wang  1",
            "sign-out wang  1",
            "post  wang head 1",
            "password  wang 1",
            "account  new night 1",
            "restore   1"
        ]
    );
}

#[tokio::test]
async fn the_director_reads_the_trail_page_by_page_and_nobody_else() {
    let app = TestApp::new().await;
    let (zhu, wang) = (app.sign_in("zhu").await, app.sign_in_on("wang", DeviceId(7)).await);
    let refused = app.get("/api/v1/audit", &wang).await;
    assert_eq!((refused.status, refused.problem().as_str()), (StatusCode::FORBIDDEN, "forbidden"));
    assert_eq!(app.get("/api/v1/audit", "").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(app.get("/api/v1/audit?before=soon", &zhu).await.problem(), "bad-query");
    app.test.push_as(&head(), (1..=5).map(|n| secret(n).into()).collect()).await;
    let page = async |query: &str| -> Vec<AuditEntry> {
        serde_json::from_slice(&app.get(&format!("/api/v1/audit{query}"), &zhu).await.bytes).unwrap()
    };
    let all = page("").await;
    assert_eq!((all[0].what.as_str(), all[0].about.as_str(), all[0].count), ("change", "restricted/secret", 5));
    assert_eq!((all[0].device, all[0].at), (Some(DEVICE), crate::support::NEW_YEAR));
    assert_eq!(page("?limit=1").await[0].what, "audit", "reading it is an entry itself");
    let older = page(&format!("?before={}&limit=2", all[1].n)).await;
    assert_eq!(older.iter().map(|e| e.n).collect::<Vec<_>>(), [all[2].n, all[3].n]);
    let text = app.get("/api/v1/audit", &zhu).await.text();
    assert!(!text.contains("王秀英"), "nobody's name is in it: {text}");
}

/// Does to the database what only someone with its file or its password can.
async fn tamper(test: &TestOffice, statements: &[&str]) -> Result<(), sqlx::Error> {
    match &test.place {
        Place::Folder(folder) => {
            let file = folder.join("linli.db");
            let mut db = sqlx::SqliteConnection::connect(&format!("sqlite://{}", file.display())).await?;
            for sql in statements {
                sqlx::raw_sql(sqlx::AssertSqlSafe(*sql)).execute(&mut db).await?;
            }
            db.close().await
        }
        Place::Postgres(url) => {
            let mut db = sqlx::PgConnection::connect(url).await?;
            for sql in statements {
                sqlx::raw_sql(sqlx::AssertSqlSafe(*sql)).execute(&mut db).await?;
            }
            db.close().await
        }
    }
}

/// Takes the triggers away first.
async fn tamper_with_care(test: &TestOffice, sql: &str) {
    let open: &[&str] = match &test.place {
        Place::Folder(_) => &["DROP TRIGGER audit_is_not_changed", "DROP TRIGGER audit_is_not_cut"],
        Place::Postgres(_) => &["DROP TRIGGER audit_stays ON audit"],
    };
    tamper(test, open).await.unwrap();
    tamper(test, &[sql]).await.unwrap();
}

#[tokio::test]
async fn what_cannot_be_noted_is_not_given_out() {
    let app = TestApp::new().await;
    app.test.push_as(&head(), vec![secret(1).into()]).await;
    let (zhu, wang) = (app.sign_in("zhu").await, app.sign_in_on("wang", DeviceId(7)).await);
    let body = |device: DeviceId| json!({"device": device, "schema": 1, "cursor": null, "changes": []});
    let manifest = app.post("/api/v1/sync", &zhu, &body(DEVICE)).await.json();
    let ids: Vec<Value> =
        manifest["blocks"]["blocks"].as_array().unwrap().iter().map(|block| block["id"].clone()).collect();
    tamper(&app.test, &["ALTER TABLE audit RENAME TO gone"]).await.unwrap();
    let blocks = app.post("/api/v1/blocks", &zhu, &json!({"ids": ids})).await;
    assert_eq!(blocks.problem(), "internal");
    let next = manifest["next"].clone();
    let mut from_the_start = next.clone();
    from_the_start["seq"] = json!(0);
    let page = json!({"device": DEVICE, "schema": 1, "cursor": from_the_start, "changes": []});
    assert_eq!(app.post("/api/v1/sync", &zhu, &page).await.problem(), "internal");
    assert_eq!(app.get("/api/v1/ledgers/secret.csv", &zhu).await.problem(), "internal");
    assert_eq!(app.post("/api/v1/sync", &wang, &body(DeviceId(7))).await.status, StatusCode::OK, "others read on");
}

/// An office with a trail of ten pushes, of which the second row is number 2.
async fn pushed() -> TestOffice {
    let test = TestOffice::new().await;
    for n in 1..=10 {
        test.push_as(&head(), vec![secret(n).into()]).await;
    }
    test
}

#[tokio::test]
async fn a_row_cannot_be_changed_in_passing() {
    let test = pushed().await;
    assert!(tamper(&test, &["UPDATE audit SET count = 2 WHERE n = 4"]).await.is_err());
    assert!(tamper(&test, &["DELETE FROM audit"]).await.is_err());
    let sound = test.office.verify_audit(None).await.unwrap().unwrap();
    assert_eq!(sound.rows, 10);
}

#[tokio::test]
async fn the_first_row_that_was_tampered_with_is_named() {
    for (sql, n) in [
        ("UPDATE audit SET account = 'wang' WHERE n IN (4, 7)", 4),
        ("UPDATE audit SET count = 2 WHERE n = 10", 10),
        ("UPDATE audit SET at = at + 1 WHERE n = 1", 1),
        ("UPDATE audit SET about = 'secret', what = 'changerestricted/' WHERE n = 5", 5),
        ("DELETE FROM audit WHERE n = 6", 6),
        ("DELETE FROM audit WHERE n < 3", 1),
        ("UPDATE change SET body = replace(body, '王秀英', '王秀芳') WHERE seq = 8", 8),
        ("DELETE FROM change WHERE seq = 3", 3),
        ("UPDATE change SET seq = 99 WHERE seq = 2", 2),
    ] {
        let test = pushed().await;
        tamper_with_care(&test, sql).await;
        let Err(Broken { n: found, .. }) = test.office.verify_audit(None).await.unwrap() else {
            panic!("unseen: {sql}")
        };
        assert_eq!(found, n, "{sql}");
    }
}

#[tokio::test]
async fn a_cut_end_is_found_by_a_hash_that_was_noted() {
    let test = pushed().await;
    let noted = test.office.verify_audit(None).await.unwrap().unwrap().last;
    test.push_as(&head(), vec![secret(11).into()]).await;
    assert!(test.office.verify_audit(Some(&noted)).await.unwrap().unwrap().holds);
    tamper_with_care(&test, "DELETE FROM audit WHERE n >= 10").await;
    tamper(&test, &["DELETE FROM change WHERE seq >= 10"]).await.unwrap();
    let sound = test.office.verify_audit(Some(&noted)).await.unwrap().unwrap();
    assert!(!sound.holds, "the chain alone does not show it, the noted hash does");
}

#[tokio::test]
async fn a_change_that_the_trail_does_not_know_is_found() {
    let test = pushed().await;
    let sql =
        "INSERT INTO change (community, device, number, content, author, record, kind, clock, received_at, seq, body)
               SELECT community, device, 500, content, author, record, 'note', clock, received_at, 5, body
               FROM change WHERE seq = 4";
    tamper(&test, &[sql]).await.unwrap();
    assert!(test.office.verify_audit(None).await.unwrap().is_err());
}

#[tokio::test]
async fn whoever_may_read_a_record_reads_what_was_corrected_in_it_and_the_trail_leads_there() {
    let app = TestApp::new().await;
    let (wang, zhu, ye) = (app.sign_in("wang").await, app.sign_in("zhu").await, app.sign_in("ye").await);
    let push = |changes: Vec<sync::Change>| json!({"device": DEVICE, "schema": 1, "cursor": null, "changes": changes});
    let note = change(1, record(1), "x");
    let visit =
        set(2, record(2), "visit", &[("note", json!(record(1))), ("date", json!("2025-12-30")), ("paid", json!(300))]);
    let mut corrected = set(3, record(2), "visit", &[("paid", json!(30_000))]);
    corrected.why = Some("少写了两个零".into());
    let pushed = app.post("/api/v1/sync", &wang, &push(vec![note, visit, corrected])).await;
    assert_eq!(pushed.status, StatusCode::OK, "{}", pushed.text());
    let path = format!("/api/v1/records/{}/changes", record(2));
    for reader in [&wang, &zhu] {
        let changes: sync::wire::Changes = serde_json::from_slice(&app.get(&path, reader).await.bytes).unwrap();
        let said: Vec<_> =
            changes.changes.iter().map(|change| (change.author.as_str(), change.why.as_deref())).collect();
        assert_eq!(said, [("wang", None), ("wang", Some("少写了两个零"))]);
    }
    assert_eq!(app.get(&path, &ye).await.problem(), "not-found", "a post that may not read visits");
    assert_eq!(app.get(&path, "").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(app.get("/api/v1/records/nothing/changes", &zhu).await.problem(), "not-found");
    let trail: Vec<AuditEntry> = serde_json::from_slice(&app.get("/api/v1/audit", &zhu).await.bytes).unwrap();
    let visits = trail.iter().find(|entry| entry.what == "change" && entry.about.ends_with("/visit")).unwrap();
    assert_eq!((visits.count, &*visits.records), (2, &[record(2)][..]));

    // Of what is restricted it is noted who looked.
    app.post("/api/v1/sync", &zhu, &push(vec![secret(9)])).await;
    let known = self::trail(&app.test).await.len();
    let path = format!("/api/v1/records/{}/changes", record(9));
    assert_eq!(app.get(&path, &wang).await.problem(), "not-found");
    assert_eq!(app.get(&path, &zhu).await.status, StatusCode::OK);
    assert_eq!(since(&app.test, known).await, ["read zhu restricted/secret 1"]);
}
