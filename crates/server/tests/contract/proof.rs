//! A device's number stands in every record, so it proves nothing: the browser's secret does. What a stranger to it may not do,
//! and how a tablet is told to empty itself however its session ended.

use std::sync::atomic::Ordering;

use crate::support::{Answer, NEW_YEAR, Tablet, TestApp, app::PASSWORD, change, codes, record};
use axum::http::{Method, StatusCode};
use linli_server::{
    db::Store,
    office::{Incoming, proof::Browser},
};
use serde_json::{Value, json};
use sync::{
    Change, DeviceId,
    wire::{MAX_AHEAD, NUMBER_FAR, NUMBER_REUSED, SyncResponse},
};

/// A password of the account on the device, tried in a browser that has nothing but these cookies.
async fn knock(app: &TestApp, account: &str, password: &str, device: u64, cookies: &str) -> Answer {
    let body = json!({"account": account, "password": password, "device": DeviceId(device)});
    app.ask(Method::POST, "/api/v1/session", cookies, Some(&body)).await
}

async fn sync(app: &TestApp, cookies: &str, device: u64, changes: &[Change]) -> Answer {
    let body = json!({"device": DeviceId(device), "schema": 1, "cursor": null, "changes": changes});
    app.post("/api/v1/sync", cookies, &body).await
}

fn told(answer: &Answer) -> SyncResponse {
    serde_json::from_slice(&answer.bytes).unwrap_or_else(|e| panic!("{e}: {}", answer.text()))
}

/// Change `number` of device 7.
fn own(number: u64, author: &str) -> Change {
    Change { device: DeviceId(7), author: author.into(), ..change(number, record(number.into()), "x") }
}

#[tokio::test]
async fn a_colleague_cannot_take_over_a_tablets_number() {
    let app = TestApp::new().await;
    let mut tablet = Tablet::new(&app, "wang", 7).await;
    tablet.save(&app, record(1), "note", "a", "1".into());
    tablet.sync(&app).await;
    // With a browser of her own, that has a secret of its own or none.
    let hers = app.browser("ye", DeviceId(66)).await;
    for cookies in ["", "linli-browser=0", &app.secret_of(DeviceId(66)), &hers] {
        let taken = knock(&app, "ye", PASSWORD, 7, cookies).await;
        assert_eq!((taken.status, taken.problem().as_str()), (StatusCode::CONFLICT, "unproven-device"), "{cookies}");
        assert!(taken.headers.get("set-cookie").is_none(), "nothing is given");
    }
    assert_eq!(sync(&app, &hers, 7, &[own(3, "ye")]).await.problem(), "other-device");
    let foreign = sync(&app, &hers, 66, &[own(u64::MAX >> 1, "ye")]).await;
    assert_eq!(codes(&told(&foreign).receipts[0].verdict), ["device"]);
    assert_eq!(told(&foreign).last_number, 0, "what another device numbered is none of hers");
    for n in 2..5 {
        tablet.save(&app, record(n), "note", "a", "honest".into());
    }
    assert_eq!(tablet.sync(&app).await, None);
    assert_eq!((tablet.refused.len(), tablet.log.len(), tablet.alarms), (0, 0, 0));
    let zhu = app.sign_in("zhu").await;
    let devices = app.get("/api/v1/devices", &zhu).await.json();
    let of_seven = devices.as_array().unwrap().iter().find(|one| one["id"] == json!(DeviceId(7))).unwrap().clone();
    assert_eq!((&of_seven["account"], &of_seven["last_number"]), (&json!("wang"), &json!(4)));
}

#[tokio::test]
async fn a_browser_that_lost_its_secret_goes_on_under_a_new_number() {
    let app = TestApp::new().await;
    let first = knock(&app, "wang", PASSWORD, 7, "").await;
    let wrong = knock(&app, "wang", "falsch falsch", 7, "").await;
    assert_eq!(wrong.problem(), "wrong-password");
    let lost = knock(&app, "wang", PASSWORD, 7, "").await;
    assert_eq!((lost.status, lost.problem().as_str()), (StatusCode::CONFLICT, "unproven-device"));
    assert_eq!(lost.json()["recovery"], first.json()["recovery"], "what was sealed under that number opens");
    let anew = knock(&app, "wang", PASSWORD, 8, "").await;
    assert_eq!(anew.status, StatusCode::OK);
    let cookies = anew.secret().unwrap();
    assert_eq!(knock(&app, "wang", PASSWORD, 8, &cookies).await.status, StatusCode::OK);
    assert_ne!(anew.secret(), first.secret());
}

#[tokio::test]
async fn several_people_on_one_tablet_go_on() {
    let app = TestApp::new().await;
    // Each has a database and a number of their own in one browser.
    let first = knock(&app, "wang", PASSWORD, 7, "").await;
    let browser = first.secret().unwrap();
    let second = knock(&app, "li", PASSWORD, 8, &browser).await;
    assert_eq!((second.status, second.secret().unwrap()), (StatusCode::OK, browser.clone()));
    for _ in 0..2 {
        for (account, device) in [("wang", 7), ("li", 8)] {
            let again = knock(&app, account, PASSWORD, device, &browser).await;
            assert_eq!(again.status, StatusCode::OK);
            let session = again.header("set-cookie").split(';').next().unwrap().to_owned();
            let number = 10 * device + u64::from(account == "li");
            let written = Change {
                device: DeviceId(device),
                author: account.into(),
                ..change(number, record(number.into()), "x")
            };
            assert!(codes(&told(&sync(&app, &session, device, &[written]).await).receipts[0].verdict).is_empty());
        }
    }
    // And as it was before: both on one number.
    assert_eq!(knock(&app, "li", PASSWORD, 7, &browser).await.status, StatusCode::OK);
    assert_eq!(knock(&app, "wang", PASSWORD, 7, &browser).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_tablet_of_before_gets_its_secret_at_its_next_contact_and_nobody_else_does() {
    let app = TestApp::new().await;
    let live = app.sign_in_on("wang", DeviceId(7)).await;
    let store = Store::open(&app.test.place).await.unwrap();
    store.forget_secrets(1).await.unwrap();
    assert_eq!(knock(&app, "ye", PASSWORD, 7, "").await.problem(), "unproven-device", "a stranger to it");
    // A colleague in the same browser, which still has the session.
    let shared = knock(&app, "li", PASSWORD, 7, &live).await;
    assert_eq!(shared.status, StatusCode::OK);
    store.forget_secrets(1).await.unwrap();
    let session = shared.header("set-cookie").split(';').next().unwrap().to_owned();
    let answer = sync(&app, &session, 7, &[]).await;
    let secret = answer.secret().expect("its next sync gives it one");
    assert!(answer.header("set-cookie").contains("HttpOnly"));
    assert!(sync(&app, &session, 7, &[]).await.secret().is_none(), "once");
    assert_eq!(knock(&app, "li", PASSWORD, 7, "").await.problem(), "unproven-device");
    assert_eq!(knock(&app, "li", PASSWORD, 7, &secret).await.status, StatusCode::OK);
    store.close().await;
}

#[tokio::test]
async fn nobody_signs_in_on_a_device_of_the_offices_own() {
    let app = TestApp::new().await;
    app.test.push_as(&crate::support::desk(), vec![Incoming::from(change(1, record(1), "x"))]).await;
    let by = linli_server::office::audit::By::CONSOLE;
    app.test.office.hand_over(by, "li", "wang").await.unwrap().unwrap();
    let store = Store::open(&app.test.place).await.unwrap();
    let ids = store.device_ids(1).await.unwrap();
    store.close().await;
    let made = ids.into_iter().find(|id| *id != crate::support::DEVICE).unwrap();
    assert_eq!(knock(&app, "ye", PASSWORD, made.0, "").await.problem(), "unproven-device");
    let nothing = Browser::default();
    assert_eq!(app.test.office.claim(made, nothing).await.unwrap(), None);
}

#[tokio::test]
async fn a_number_far_beyond_the_last_is_kept_aside_and_never_followed() {
    let app = TestApp::new().await;
    let session = app.sign_in_on("wang", DeviceId(7)).await;
    let near = own(MAX_AHEAD, "wang");
    let last = 2 * MAX_AHEAD;
    let changes = [
        own(u64::MAX >> 1, "wang"),
        own(MAX_AHEAD + 1, "wang"),
        near.clone(),
        own(last, "wang"),
        own(last + MAX_AHEAD + 1, "wang"),
    ];
    let answer = told(&sync(&app, &session, 7, &changes).await);
    let refused: Vec<_> = answer.receipts.iter().map(|receipt| codes(&receipt.verdict)).collect();
    let far = vec![NUMBER_FAR];
    assert_eq!(refused, [far.clone(), far.clone(), vec![], vec![], far]);
    assert_eq!(answer.last_number, last);
    let kept = app.get("/api/v1/quarantine", &session).await.json();
    assert_eq!(kept.as_array().unwrap().len(), 3, "word for word");
    // What cannot be read has a number all the same.
    let body =
        json!({"device": DeviceId(7), "schema": 1, "cursor": null, "changes": [{"number": u64::MAX >> 1, "odd": 1}]});
    let answer = told(&app.post("/api/v1/sync", &session, &body).await);
    assert_eq!((codes(&answer.receipts[0].verdict), answer.last_number), (vec!["malformed"], last));
    // Again is as before.
    let answer = told(&sync(&app, &session, 7, &[near, own(last + 1, "wang")]).await);
    assert!(answer.receipts.iter().all(|receipt| codes(&receipt.verdict).is_empty()));
    assert_ne!(NUMBER_FAR, NUMBER_REUSED);
}

#[tokio::test]
async fn guesses_with_a_tablets_number_do_not_lock_it_out() {
    let app = TestApp::new().await;
    let own = app.browser("wang", DeviceId(7)).await;
    for n in 0..12 {
        let answer = knock(&app, "wang", "guess guess", 7, "").await;
        assert_eq!(answer.status.as_u16(), if n < 10 { 401 } else { 429 });
    }
    assert_eq!(knock(&app, "wang", PASSWORD, 7, "").await.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(knock(&app, "wang", PASSWORD, 7, &own).await.status, StatusCode::OK, "its owner does not wait");
    // A proven tablet is a stranger to other accounts.
    for _ in 0..10 {
        assert_eq!(knock(&app, "zhu", "guess guess", 7, &own).await.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(knock(&app, "zhu", "guess guess", 9, "").await.status, StatusCode::TOO_MANY_REQUESTS);
}

#[tokio::test]
async fn guesses_with_tablets_numbers_count_for_their_address() {
    let app = TestApp::new().await;
    let office = &app.test.office;
    for account in 0..7 {
        office.add_account(&format!("a{account}"), "某人", "night", PASSWORD).await.unwrap().unwrap();
        app.sign_in_on(&format!("a{account}"), DeviceId(100 + account)).await;
    }
    let browser = Browser { address: Some("10.0.0.9".parse().unwrap()), ..Browser::default() };
    let guess = async |account: u64| {
        let asked = sync::wire::SignIn {
            account: format!("a{account}"),
            password: "guess guess".into(),
            device: DeviceId(100 + account),
            device_name: String::new(),
        };
        office.sign_in(&asked, browser).await.unwrap().unwrap_err()
    };
    use linli_server::office::accounts::Refusal;
    for n in 0..60 {
        assert_eq!(guess(n / 10).await, Refusal::Wrong);
    }
    assert!(matches!(guess(6).await, Refusal::Wait(_)), "a number from the records opens no way around");
}

/// What the director does when someone leaves.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Step {
    Password,
    Revoke,
    Post,
}

#[tokio::test]
async fn whatever_comes_first_the_tablet_of_who_leaves_hands_in_and_empties_itself() {
    use Step::{Password, Post, Revoke};
    for steps in [
        [Password, Revoke, Post],
        [Revoke, Password, Post],
        [Post, Password, Revoke],
        [Password, Post, Revoke],
        [Revoke, Post, Password],
    ] {
        // Whether the tablet calls between the steps, and hears of what has happened so far.
        for calls in [false, true] {
            let app = TestApp::new().await;
            let zhu = app.sign_in_on("zhu", DeviceId(1)).await;
            let mut tablet = Tablet::new(&app, "wang", 7).await;
            tablet.session = format!("{}; {}", tablet.session, app.secret_of(DeviceId(7)));
            tablet.save(&app, record(1), "note", "a", "at the office".into());
            tablet.sync(&app).await;
            tablet.save(&app, record(2), "visit", "date", "2025-12-31".into());
            app.test.wall.fetch_add(60_000, Ordering::Relaxed);
            let mut is_revoked = false;
            for step in steps {
                match step {
                    Password => app.test.office.set_password("wang", "quite another one").await.unwrap().unwrap(),
                    Post => app.test.office.set_post("wang", "night").await.unwrap().unwrap(),
                    Revoke => {
                        let path = format!("/api/v1/devices/{}/revoke", DeviceId(7));
                        assert_eq!(app.post(&path, &zhu, &json!({})).await.status, StatusCode::OK);
                        is_revoked = true;
                    }
                }
                // A tablet that brings nothing between: only who it is, is asked.
                if calls {
                    let who = app.get("/api/v1/session", &tablet.session).await;
                    let is_heard =
                        is_revoked || !steps[..=steps.iter().position(|s| *s == step).unwrap()].contains(&Password);
                    assert_eq!(who.status == StatusCode::OK, is_heard, "{steps:?} {step:?}");
                }
            }
            assert_eq!(tablet.sync(&app).await, None, "{steps:?}");
            assert!(tablet.is_out_of_use, "{steps:?}");
            assert_eq!((tablet.book.len(), tablet.log.len(), tablet.refused.len()), (0, 0, 0), "{steps:?}");
            assert_eq!(app.test.head().await, 2, "what waited is at the office: {steps:?}");
            let devices = app.get("/api/v1/devices", &zhu).await.json();
            let own = devices.as_array().unwrap().iter().find(|one| one["id"] == json!(DeviceId(7))).unwrap().clone();
            assert!(own["emptied_at"].is_u64(), "{own}");
            assert_eq!(
                app.get("/api/v1/session", &tablet.session).await.problem(),
                "not-signed-in",
                "and then no more"
            );
        }
    }
}

#[tokio::test]
async fn a_revoked_tablet_is_heard_without_a_session_and_given_nothing() {
    let app = TestApp::new().await;
    let zhu = app.sign_in_on("zhu", DeviceId(1)).await;
    app.test.push((1..=5).map(|n| change(n, record(n.into()), "secret words")).collect()).await;
    let cookies = app.browser("wang", DeviceId(7)).await;
    let secret = app.secret_of(DeviceId(7));
    app.test.office.set_password("wang", "quite another one").await.unwrap().unwrap();
    assert_eq!(sync(&app, &cookies, 7, &[]).await.problem(), "not-signed-in", "only a session that has ended");
    app.post(&format!("/api/v1/devices/{}/revoke", DeviceId(7)), &zhu, &json!({})).await;
    assert_eq!(sync(&app, "", 7, &[]).await.problem(), "not-signed-in", "who does not prove it is told nothing");
    let answer = sync(&app, &secret, 7, &[]).await;
    assert!(told(&answer).device_revoked && !answer.text().contains("secret words"), "{}", answer.text());
    for path in ["pack", "quarantine", "events", "devices"] {
        assert_eq!(app.get(&format!("/api/v1/{path}"), &cookies).await.problem(), "device-revoked", "{path}");
    }
    assert_eq!(sync(&app, &secret, 1, &[]).await.problem(), "other-device");
    assert_eq!(app.test.wall.load(Ordering::Relaxed), NEW_YEAR);
}

#[tokio::test]
async fn of_several_revoked_devices_in_one_browser_each_says_which_it_is() {
    let app = TestApp::new().await;
    let zhu = app.sign_in_on("zhu", DeviceId(1)).await;
    let secret = knock(&app, "wang", PASSWORD, 7, "").await.secret().unwrap();
    let li = knock(&app, "li", PASSWORD, 8, &secret).await;
    let session = li.header("set-cookie").split(';').next().unwrap().to_owned();
    for id in [7, 8] {
        app.post(&format!("/api/v1/devices/{}/revoke", DeviceId(id)), &zhu, &json!({})).await;
    }
    let who = async |cookies: &str, device: Option<u64>| {
        let mut request = axum::http::Request::get("/api/v1/session").header("cookie", cookies);
        if let Some(id) = device {
            request = request.header("linli-device", DeviceId(id).to_string());
        }
        app.send(request.body(axum::body::Body::empty()).unwrap()).await
    };
    let unsaid = who(&secret, None).await;
    assert_eq!((unsaid.problem().as_str(), &unsaid.json()["device_revoked"]), ("not-signed-in", &Value::Bool(true)));
    assert_eq!(who(&secret, Some(7)).await.json()["account"], "wang");
    assert_eq!(who(&secret, Some(8)).await.json()["account"], "li");
    let both = format!("{session}; {secret}");
    assert_eq!(who(&both, Some(7)).await.json()["account"], "wang", "a colleague's session lives beside it");
    assert_eq!(who(&both, None).await.json()["account"], "li");
    assert_eq!(who(&secret, Some(1)).await.problem(), "not-signed-in");
}
