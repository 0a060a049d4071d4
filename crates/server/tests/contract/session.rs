//! Signing in: what the cookie is, what it opens, and what guessing costs.

use std::sync::atomic::Ordering;

use crate::support::{Answer, DEVICE, NEW_YEAR, TestApp, TestOffice, app::PASSWORD};
use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};
use linli_server::{
    db::{AccountRow, Store},
    http::Cookie,
    office::accounts::BadAccount,
};
use serde_json::json;
use sync::DeviceId;

async fn try_password(app: &TestApp, account: &str, password: &str) -> Answer {
    let body = json!({"account": account, "password": password, "device": DEVICE});
    app.post("/api/v1/session", "", &body).await
}

#[tokio::test]
async fn a_session_lasts_from_signing_in_to_signing_out() {
    let app = TestApp::new().await;
    assert_eq!(app.get("/api/v1/session", "").await.problem(), "not-signed-in");
    let session = app.sign_in("wang").await;
    let mut me = app.get("/api/v1/session", &session).await.json();
    let colleagues = me.as_object_mut().unwrap().remove("colleagues").unwrap();
    assert_eq!(me, json!({"community": "测试社区", "account": "wang", "name": "某人", "post": "desk"}));
    let wang = json!({"account": "wang", "name": "某人", "post": "desk"});
    assert!(colleagues.as_array().unwrap().contains(&wang), "{colleagues}");
    let night = app.sign_in("ye").await;
    let me = app.get("/api/v1/session", &night).await.json();
    assert!(me.get("colleagues").is_none(), "a volunteer is told of nobody: {me}");
    let out = app.ask(Method::DELETE, "/api/v1/session", &session, None).await;
    assert_eq!(out.status, StatusCode::NO_CONTENT);
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    assert_eq!(
        app.get("/api/v1/session", &session).await.problem(),
        "not-signed-in",
        "a copy of the cookie is worth nothing"
    );
    let again = app.ask(Method::DELETE, "/api/v1/session", &session, None).await;
    assert_eq!(again.status, StatusCode::NO_CONTENT, "signing out twice is no error");
}

#[tokio::test]
async fn a_recovery_key_is_the_same_at_every_sign_in_and_another_for_every_account_and_device() {
    let app = TestApp::new().await;
    let key = |answer: Answer| answer.json()["recovery"].as_str().unwrap().to_owned();
    let first = key(try_password(&app, "wang", PASSWORD).await);
    assert_eq!(first.len(), 64);
    assert_eq!(key(try_password(&app, "wang", PASSWORD).await), first);
    assert_ne!(key(try_password(&app, "ye", PASSWORD).await), first);
    let other = json!({"account": "wang", "password": PASSWORD, "device": "00000000000000ff"});
    assert_ne!(key(app.post("/api/v1/session", "", &other).await), first);
    let session = app.sign_in("wang").await;
    assert!(app.get("/api/v1/session", &session).await.json().get("recovery").is_none(), "only for the password");
    assert!(try_password(&app, "wang", "falsch falsch").await.json().get("recovery").is_none());
}

#[tokio::test]
async fn the_cookie_is_out_of_reach_of_scripts_and_other_sites() {
    let app = TestApp::new().await;
    let plain = try_password(&app, "wang", PASSWORD).await;
    let cookie = plain.header("set-cookie");
    assert!(cookie.starts_with("linli="), "{cookie}");
    for mark in ["Path=/", "HttpOnly", "SameSite=Strict"] {
        assert!(cookie.contains(mark), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "or a browser on plain http would drop it");
    let app = TestApp::over(TestOffice::new().await, Cookie::Secure).await;
    let secure = try_password(&app, "wang", PASSWORD).await;
    let cookie = secure.header("set-cookie");
    assert!(cookie.starts_with("__Host-linli=") && cookie.ends_with("; Secure"), "{cookie}");
    let session = cookie.split(';').next().unwrap();
    assert_eq!(app.get("/api/v1/session", session).await.status, StatusCode::OK);
    assert_eq!(app.get("/api/v1/session", &session.replace("__Host-", "")).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn thirty_days_of_silence_end_a_session() {
    let app = TestApp::new().await;
    let session = app.sign_in("wang").await;
    let days = |n: u64| app.test.wall.fetch_add(n * 24 * 3600 * 1000, Ordering::Relaxed);
    for _ in 0..3 {
        days(29);
        assert_eq!(app.get("/api/v1/session", &session).await.status, StatusCode::OK, "use keeps it alive");
    }
    days(31);
    assert_eq!(app.get("/api/v1/session", &session).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn half_a_year_ends_a_session_however_much_it_is_used() {
    let app = TestApp::new().await;
    let session = app.sign_in("wang").await;
    for _ in 0..18 {
        app.test.wall.fetch_add(10 * 24 * 3600 * 1000, Ordering::Relaxed);
        assert_eq!(app.get("/api/v1/session", &session).await.status, StatusCode::OK);
    }
    app.test.wall.fetch_add(4 * 24 * 3600 * 1000, Ordering::Relaxed);
    assert_eq!(app.get("/api/v1/session", &session).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn signing_in_makes_a_new_session_and_ends_the_one_before() {
    let app = TestApp::new().await;
    let (other_tablet, first) = (app.sign_in_on("wang", DeviceId(7)).await, app.sign_in("wang").await);
    let second = app.sign_in("wang").await;
    assert_ne!(first, second);
    assert_eq!(
        app.get("/api/v1/session", &first).await.status,
        StatusCode::UNAUTHORIZED,
        "a copied cookie is worth nothing"
    );
    assert_eq!(app.get("/api/v1/session", &other_tablet).await.status, StatusCode::OK, "her other tablet goes on");
    // A colleague takes the tablet over: the browser sends the cookie that it still has.
    let body = json!({"account": "li", "password": PASSWORD, "device": DEVICE});
    let third = app.post("/api/v1/session", &second, &body).await;
    assert_eq!(third.status, StatusCode::OK);
    assert_eq!(app.get("/api/v1/session", &second).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_new_password_ends_all_sessions_of_the_account() {
    let app = TestApp::new().await;
    let session = app.sign_in("wang").await;
    let other = app.sign_in("zhu").await;
    app.test.office.set_password("wang", "quite another one").await.unwrap().unwrap();
    assert_eq!(app.get("/api/v1/session", &session).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(app.get("/api/v1/session", &other).await.status, StatusCode::OK);
    assert_eq!(try_password(&app, "wang", PASSWORD).await.problem(), "wrong-password");
}

#[tokio::test]
async fn an_unknown_account_is_told_what_a_wrong_password_is() {
    let app = TestApp::new().await;
    let (wrong, unknown) = (try_password(&app, "wang", "guess").await, try_password(&app, "nobody", "guess").await);
    assert_eq!((wrong.status, unknown.status), (StatusCode::UNAUTHORIZED, StatusCode::UNAUTHORIZED));
    assert_eq!(wrong.bytes, unknown.bytes);
    assert_eq!(try_password(&app, "", "").await.problem(), "wrong-password");
    assert_eq!(try_password(&app, &"w".repeat(5000), PASSWORD).await.problem(), "wrong-password");
    assert_eq!(try_password(&app, "WANG' OR 1=1 --", PASSWORD).await.problem(), "wrong-password");
}

#[tokio::test]
async fn guessing_is_slowed_by_account() {
    let app = TestApp::new().await;
    for _ in 0..10 {
        assert_eq!(try_password(&app, "wang", "guess").await.status, StatusCode::UNAUTHORIZED);
    }
    let slowed = try_password(&app, "wang", PASSWORD).await;
    assert_eq!((slowed.status, slowed.problem().as_str()), (StatusCode::TOO_MANY_REQUESTS, "too-many-attempts"));
    assert_eq!(slowed.header("retry-after"), "300");
    assert_eq!(slowed.json()["retry_after"], 300);
    assert_eq!(try_password(&app, "zhu", PASSWORD).await.status, StatusCode::OK, "the office's other accounts go on");
    app.test.wall.fetch_add(300_000, Ordering::Relaxed);
    assert_eq!(try_password(&app, "wang", PASSWORD).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_stranger_who_guesses_does_not_lock_out_the_accounts_own_tablet() {
    let app = TestApp::new().await;
    app.sign_in_on("wang", DeviceId(7)).await;
    let guess = async |device: u64, password: &str| {
        let body = json!({"account": "wang", "password": password, "device": DeviceId(device)});
        app.post("/api/v1/session", "", &body).await.status.as_u16()
    };
    for _ in 0..10 {
        assert_eq!(guess(66, "guess").await, 401);
    }
    assert_eq!(guess(66, PASSWORD).await, 429, "the stranger waits, even for the right password");
    assert_eq!(guess(67, PASSWORD).await, 429, "and on any other device");
    assert_eq!(guess(7, PASSWORD).await, 200);
    for _ in 0..10 {
        assert_eq!(guess(7, "guess").await, 401);
    }
    assert_eq!(guess(7, PASSWORD).await, 429, "whoever has the tablet in hand does not guess on for ever either");
    app.test.wall.fetch_add(300_000, Ordering::Relaxed);
    assert_eq!((guess(7, PASSWORD).await, guess(66, PASSWORD).await), (200, 200), "nobody is locked out for good");
}

#[tokio::test]
async fn another_sites_page_can_do_nothing_here() {
    let app = TestApp::new().await;
    let session = app.sign_in("wang").await;
    let from = |name: &'static str, value: &'static str| {
        Request::delete("/api/v1/session")
            .header(header::COOKIE, &session)
            .header(header::HOST, "linli.example")
            .header(name, value)
            .body(Body::empty())
            .unwrap()
    };
    for (name, value) in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://elsewhere.example"),
        ("origin", "null"),
    ] {
        let answer = app.send(from(name, value)).await;
        assert_eq!(
            (answer.status, answer.problem().as_str()),
            (StatusCode::FORBIDDEN, "other-origin"),
            "{name}: {value}"
        );
    }
    assert_eq!(app.get("/api/v1/session", &session).await.status, StatusCode::OK);
    assert_eq!(app.send(from("sec-fetch-site", "same-origin")).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn without_a_session_there_is_nothing_to_be_had() {
    let app = TestApp::new().await;
    for path in ["session", "pack", "quarantine", "figures?from=2009-01-01&to=2009-12-31", "events"] {
        let answer = app.get(&format!("/api/v1/{path}"), "linli=0123456789abcdef").await;
        assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::UNAUTHORIZED, "not-signed-in"), "{path}");
    }
    for path in ["sync", "blocks"] {
        let answer = app.post(&format!("/api/v1/{path}"), "", &json!({"ids": []})).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{path}");
    }
}

#[tokio::test]
async fn a_password_is_as_long_as_what_its_post_sees_is_sensitive() {
    let app = TestApp::new().await;
    let office = &app.test.office;
    // `night` sees notes that are open, `desk` visits to residents, `head` what is restricted.
    for (account, post, shortest) in [("n", "night", 6), ("d", "desk", 8), ("h", "head", 10)] {
        let of = |length: usize| "735180264912".chars().take(length).collect::<String>();
        let (short, long) = (of(shortest - 1), of(shortest));
        let refused = Err(BadAccount::Password(shortest));
        assert_eq!(office.add_account(account, "某人", post, &short).await.unwrap(), refused);
        assert_eq!(office.add_account(account, "某人", post, &long).await.unwrap(), Ok(()));
        assert_eq!(office.set_password(account, &short).await.unwrap(), refused);
    }
}

#[tokio::test]
async fn the_first_guesses_are_no_passwords() {
    let app = TestApp::new().await;
    let office = &app.test.office;
    for weak in ["123456", "88888888", "Password1", "new-one-2009", "woaini1314"] {
        assert_eq!(
            office.add_account("new-one", "新", "night", weak).await.unwrap(),
            Err(BadAccount::Guessed),
            "{weak}"
        );
    }
    assert_eq!(office.set_password("wang", "1234567890").await.unwrap(), Err(BadAccount::Guessed));
    assert_eq!(try_password(&app, "wang", PASSWORD).await.status, StatusCode::OK, "nothing was changed");
}

#[tokio::test]
async fn a_name_is_the_same_however_it_is_written() {
    let app = TestApp::new().await;
    let office = &app.test.office;
    office.add_account("Ｘunluo1\u{200b}", "巡", "night", PASSWORD).await.unwrap().unwrap();
    for name in ["xunluo1", "XUNLUO1", "xun\u{2060}luo1"] {
        assert_eq!(office.add_account(name, "又", "night", PASSWORD).await.unwrap(), Err(BadAccount::Exists(true)));
        let answer = try_password(&app, name, PASSWORD).await;
        assert_eq!(answer.json()["account"], "xunluo1", "{name:?}");
    }
    assert_eq!(office.add_account("\u{200b}", "无", "night", PASSWORD).await.unwrap(), Err(BadAccount::Name));
    // Two of before, told apart by what nobody sees: each by its own name, and no third way of writing it guesses at one.
    let store = Store::open(&app.test.place).await.unwrap();
    let row = store.account(1, "wang").await.unwrap().unwrap();
    for name in ["Old", "old\u{200b}"] {
        let row = AccountRow { name: name.into(), ..row.clone() };
        assert!(store.add_account(1, &row, NEW_YEAR).await.unwrap());
    }
    store.close().await;
    for (name, status) in [("Old", 200), ("old\u{200b}", 200), ("old", 401)] {
        assert_eq!(try_password(&app, name, PASSWORD).await.status.as_u16(), status, "{name:?}");
    }
    // Writing it otherwise is no further guess.
    for name in ["ye", "YE", "ｙｅ", "y\u{200b}e", "yE", "Ye", "ye", "ye", "ye", "ye"] {
        assert_eq!(try_password(&app, name, "guess guess").await.status, StatusCode::UNAUTHORIZED);
    }
    assert_eq!(try_password(&app, "y\u{ad}e", "guess guess").await.status, StatusCode::TOO_MANY_REQUESTS);
}
