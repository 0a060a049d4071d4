//! Devices: the director sees what each holds, and takes one out of use without losing what was saved on it.

use std::sync::atomic::Ordering;

use crate::support::{NEW_YEAR, Tablet, TestApp, app::PASSWORD, change, record};
use axum::http::StatusCode;
use linli_server::office::audit::By;
use serde_json::{Value, json};
use sync::{Bucket, DeviceId, engine::Failure, wire::Device};

async fn listed(app: &TestApp, session: &str) -> Vec<Device> {
    serde_json::from_slice(&app.get("/api/v1/devices", session).await.bytes).unwrap()
}

async fn device(app: &TestApp, session: &str, id: DeviceId) -> Device {
    listed(app, session).await.into_iter().find(|device| device.id == id).unwrap()
}

async fn revoke(app: &TestApp, session: &str, id: u64) -> crate::support::Answer {
    app.post(&format!("/api/v1/devices/{}/revoke", DeviceId(id)), session, &json!({})).await
}

#[tokio::test]
async fn the_director_sees_who_has_what_on_which_device() {
    let app = TestApp::new().await;
    let zhu = app.sign_in("zhu").await;
    app.test.wall.fetch_add(60_000, Ordering::Relaxed);
    let mut tablet = Tablet::new(&app, "wang", 7).await;
    tablet.save(&app, record(1), "note", "a", "x".into());
    tablet.sync(&app).await;
    // An import's device was never in anyone's hands.
    app.test.office.see_device(DeviceId(99), "名册").await.unwrap();
    let all = listed(&app, &zhu).await;
    assert_eq!(all.iter().map(|d| d.account.as_str()).collect::<Vec<_>>(), ["wang", "zhu"], "the latest first");
    let expected = Device {
        id: DeviceId(7),
        name: "平板".into(),
        account: "wang".into(),
        seen_at: NEW_YEAR + 60_000,
        is_signed_in: true,
        last_number: 1,
        buckets: vec![Bucket("open/note".into()), Bucket("resident/visit".into())],
        revoked_at: None,
        emptied_at: None,
    };
    assert_eq!(all[0], expected);
    app.test.office.set_post("wang", "night").await.unwrap().unwrap();
    tablet.sync(&app).await;
    tablet.sync(&app).await;
    assert_eq!(device(&app, &zhu, DeviceId(7)).await.buckets, [Bucket("open/note".into())], "a right was lost");
}

#[tokio::test]
async fn a_revoked_device_hands_in_what_waits_and_gives_up_the_rest() {
    let app = TestApp::new().await;
    let zhu = app.sign_in("zhu").await;
    let mut tablet = Tablet::new(&app, "wang", 7).await;
    tablet.save(&app, record(1), "note", "a", "at the office".into());
    tablet.sync(&app).await;
    app.test.push(vec![change(1, record(5), "of a colleague")]).await;
    tablet.save(&app, record(2), "note", "a", "only on the tablet".into());
    let mut news = app.test.office.news();
    news.mark_unchanged();
    let answer = revoke(&app, &zhu, 7).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    assert!(news.has_changed().unwrap(), "a tablet that listens asks at once");
    assert_eq!(answer.json()["revoked_at"], app.test.office.now());
    let told = device(&app, &zhu, DeviceId(7)).await;
    assert!(told.is_signed_in && told.emptied_at.is_none(), "until it says so it is taken to hold all of it");

    assert_eq!(tablet.sync(&app).await, None);
    assert!(tablet.is_out_of_use);
    assert_eq!(tablet.book.len(), 0, "nothing of the office is left on it, and nothing new came");
    assert_eq!((tablet.log.len(), tablet.refused.len()), (0, 0));
    let mut other = Tablet::new(&app, "li", 8).await;
    other.sync(&app).await;
    assert_eq!(other.shows(record(2), "a"), Some("only on the tablet".into()), "it is at the office");
    let told = device(&app, &zhu, DeviceId(7)).await;
    assert_eq!((told.is_signed_in, told.buckets.len()), (false, 0));
    assert!(told.emptied_at.is_some());
    assert_eq!(tablet.sync(&app).await, Some(Failure::SignIn), "its session has ended");
}

#[tokio::test]
async fn a_revoked_device_gets_nothing_by_any_way() {
    let app = TestApp::new().await;
    let zhu = app.sign_in("zhu").await;
    app.test.push((1..=5).map(|n| change(n, record(n.into()), "secret words")).collect()).await;
    let session = app.sign_in_on("wang", DeviceId(7)).await;
    let first = json!({"device": DeviceId(7), "schema": 1, "cursor": null, "changes": []});
    let manifest = app.post("/api/v1/sync", &session, &first).await.json();
    let ids: Vec<Value> = manifest["blocks"]["blocks"].as_array().unwrap().iter().map(|b| b["id"].clone()).collect();
    revoke(&app, &zhu, 7).await;
    let again = json!({"account": "wang", "password": PASSWORD, "device": DeviceId(7)});
    let signed = app.post("/api/v1/session", "", &again).await;
    assert_eq!(signed.status, StatusCode::OK, "so that what waits can be handed in although the session had ended");
    assert!(signed.json().get("colleagues").is_none(), "{}", signed.text());
    let new = signed.header("set-cookie").split(';').next().unwrap().to_owned();
    for path in ["pack", "quarantine", "events", "ledgers/note.csv", "rosters", "devices", "audit"] {
        let answer = app.get(&format!("/api/v1/{path}"), &new).await;
        assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::FORBIDDEN, "device-revoked"), "{path}");
    }
    let blocks = app.post("/api/v1/blocks", &new, &json!({"ids": ids})).await;
    assert_eq!(blocks.problem(), "device-revoked");
    let mut cursor = manifest["next"].clone();
    cursor["seq"] = json!(0);
    let whole = json!(["open/note"]);
    for cursor in [json!(null), cursor, json!({"epoch": "x", "seq": 0, "scope": "open/note", "schema": 1})] {
        let body = json!({"device": DeviceId(7), "schema": 1, "cursor": cursor, "refetch": whole, "changes": []});
        let answer = app.post("/api/v1/sync", &new, &body).await;
        assert_eq!(answer.json()["device_revoked"], true);
        assert!(!answer.text().contains("secret words") && answer.json().get("blocks").is_none(), "{}", answer.text());
        let revoked = answer.json()["revoked"].clone();
        assert!(revoked.as_array().unwrap().contains(&json!("open/note")), "{revoked}");
    }
    assert_eq!(app.get("/api/v1/session", &new).await.status, StatusCode::OK, "it may still hand in");
}

#[tokio::test]
async fn a_long_queue_is_handed_in_whole_before_the_session_ends() {
    let app = TestApp::new().await;
    let zhu = app.sign_in("zhu").await;
    let mut tablet = Tablet::new(&app, "wang", 7).await;
    tablet.sync(&app).await;
    for n in 0..1200 {
        tablet.save(&app, record(n), "note", "a", "x".into());
    }
    revoke(&app, &zhu, 7).await;
    assert_eq!(tablet.sync(&app).await, None);
    assert_eq!((tablet.log.len(), app.test.head().await), (0, 1200));
}

#[tokio::test]
async fn only_the_director_revokes_and_not_her_own() {
    let app = TestApp::new().await;
    let (zhu, wang) = (app.sign_in_on("zhu", DeviceId(1)).await, app.sign_in_on("wang", DeviceId(7)).await);
    app.test.office.see_device(DeviceId(99), "名册").await.unwrap();
    assert_eq!(app.get("/api/v1/devices", &wang).await.problem(), "forbidden");
    assert_eq!(revoke(&app, &wang, 1).await.problem(), "forbidden");
    assert_eq!(revoke(&app, &zhu, 1).await.problem(), "own-device");
    assert_eq!((revoke(&app, &zhu, 5).await.problem(), revoke(&app, &zhu, 99).await.problem()), {
        ("not-found".into(), "not-found".into())
    });
    assert_eq!(app.post("/api/v1/devices/x/revoke", &zhu, &json!({})).await.problem(), "not-found");
    assert_eq!(app.get("/api/v1/pack", &wang).await.status, StatusCode::OK, "nothing happened yet");
    assert_eq!(revoke(&app, &zhu, 7).await.status, StatusCode::OK);
    let first = device(&app, &zhu, DeviceId(7)).await.revoked_at;
    app.test.wall.fetch_add(60_000, Ordering::Relaxed);
    assert_eq!(revoke(&app, &zhu, 7).await.status, StatusCode::OK, "twice is no error");
    assert_eq!(device(&app, &zhu, DeviceId(7)).await.revoked_at, first);
    let entries = app.test.office.audit(u64::MAX, 3).await.unwrap();
    let revoked: Vec<_> = entries.iter().filter(|e| e.what == "device-revoked").collect();
    assert_eq!(
        revoked.iter().map(|e| (e.account.as_str(), e.about.as_str())).collect::<Vec<_>>(),
        [("zhu", DeviceId(7).to_string().as_str())]
    );
}

#[tokio::test]
async fn a_device_that_is_found_again_may_be_used_again() {
    let app = TestApp::new().await;
    let zhu = app.sign_in("zhu").await;
    app.test.push(vec![change(1, record(1), "x")]).await;
    let mut tablet = Tablet::new(&app, "wang", 7).await;
    tablet.sync(&app).await;
    revoke(&app, &zhu, 7).await;
    for _ in 0..2 {
        tablet.sync(&app).await;
    }
    assert_eq!(tablet.book.len(), 0);
    assert!(app.test.office.allow_device(By::CONSOLE, DeviceId(7)).await.unwrap());
    tablet.sync(&app).await;
    tablet.sign_in(&app).await;
    assert_eq!(tablet.sync(&app).await, None);
    assert_eq!(tablet.book.len(), 1);
    let told = device(&app, &zhu, DeviceId(7)).await;
    assert_eq!((told.revoked_at, told.emptied_at, told.is_signed_in), (None, None, true));
}
