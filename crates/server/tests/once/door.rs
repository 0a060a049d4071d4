//! At the door: how often one may knock, how long one may stand in it, and what every answer says.

use std::{
    io::{Read, Write},
    net::{IpAddr, SocketAddr, TcpStream},
    time::{Duration, Instant},
};

use crate::support::{Answer, TestApp, app::PASSWORD};
use axum::{
    body::{Body, Bytes},
    extract::ConnectInfo,
    http::{Request, StatusCode, header},
};
use linli_server::http::{
    self, App, Assets, Cookie, Limits,
    address::Proxies,
    doorkeeper::Bounds,
    listen::{self, Patience},
};
use serde_json::json;
use sync::DeviceId;
use tokio::{net::TcpListener, sync::watch};
use tokio_stream::{StreamExt, once, pending};

/// Signs in from a network address, with what a proxy in between may have written.
async fn knock(app: &TestApp, account: &str, password: &str, device: u64, peer: &str, forwarded: &str) -> Answer {
    let body = json!({"account": account, "password": password, "device": DeviceId(device)});
    let mut request = Request::post("/api/v1/session").header(header::CONTENT_TYPE, "application/json");
    if device == 7 {
        request = request.header(header::COOKIE, app.secret_of(DeviceId(7)));
    }
    if !forwarded.is_empty() {
        request = request.header("x-forwarded-for", forwarded);
    }
    let mut request = request.body(Body::from(body.to_string())).unwrap();
    request.extensions_mut().insert(ConnectInfo(SocketAddr::new(peer.parse::<IpAddr>().unwrap(), 4711)));
    app.send(request).await
}

#[tokio::test]
async fn guessing_over_accounts_is_slowed_by_address() {
    let app = TestApp::new().await;
    app.sign_in_on("zhu", DeviceId(7)).await;
    let guess = |n: u32, peer: &'static str| {
        let (app, account) = (&app, format!("nobody{n}"));
        async move { knock(app, &account, "guess", 66, peer, "198.51.100.7").await }
    };
    for n in 0..60 {
        assert_eq!(guess(n, "192.0.2.1").await.status, StatusCode::UNAUTHORIZED, "{n}");
    }
    let slowed = guess(60, "192.0.2.1").await;
    assert_eq!((slowed.status, slowed.problem().as_str()), (StatusCode::TOO_MANY_REQUESTS, "too-many-attempts"));
    assert_eq!(slowed.header("retry-after"), "300");
    assert_eq!(guess(61, "192.0.2.2").await.status, StatusCode::UNAUTHORIZED, "another address is not concerned");
    let own = knock(&app, "zhu", PASSWORD, 7, "192.0.2.1", "").await;
    assert_eq!(own.status, StatusCode::OK, "nor is a tablet of the office behind the same address");
}

#[tokio::test]
async fn an_office_that_signs_in_in_the_morning_is_not_guessing() {
    let app = TestApp::new().await;
    for n in 0..70 {
        let answer = knock(&app, "wang", PASSWORD, 1000 + n, "192.0.2.1", "").await;
        assert_eq!(answer.status, StatusCode::OK, "{n}");
    }
}

#[tokio::test]
async fn behind_a_proxy_the_address_is_the_one_the_proxy_wrote() {
    let mut app = TestApp::new().await;
    let (_stop, stopping) = watch::channel(());
    let assets = Assets::Folder(app.dist.path().to_owned());
    app.service =
        http::service(App::new(app.test.office.clone(), Cookie::Secure, assets, stopping).proxied(Proxies::here()));
    let guess = |n: u32, forwarded: String| {
        let (app, account) = (&app, format!("nobody{n}"));
        async move { knock(app, &account, "guess", 66, "127.0.0.1", &forwarded).await.status.as_u16() }
    };
    for n in 0..60 {
        // What the browser claims stands before what the proxy adds.
        assert_eq!(guess(n, format!("10.0.0.{n}, 192.0.2.1")).await, 401, "{n}");
    }
    assert_eq!(guess(60, "10.0.0.99, 192.0.2.1".into()).await, 429);
    assert_eq!(guess(61, "192.0.2.1, 192.0.2.2".into()).await, 401);
}

#[tokio::test]
async fn what_strangers_write_into_a_proxys_header_counts_for_nothing() {
    let app = TestApp::new().await;
    for n in 0..70 {
        let answer = knock(&app, &format!("nobody{n}"), "guess", 66, "192.0.2.1", &format!("10.0.0.{n}")).await;
        assert_eq!(answer.status.as_u16(), if n < 60 { 401 } else { 429 }, "{n}");
    }
}

#[tokio::test]
async fn a_page_of_our_own_is_known_although_a_proxy_tells_another_name() {
    let mut app = TestApp::new().await;
    let session = app.sign_in("wang").await;
    let (_stop, stopping) = watch::channel(());
    let assets = Assets::Folder(app.dist.path().to_owned());
    let named = App::new(app.test.office.clone(), Cookie::Plain, assets, stopping);
    app.service = http::service(named.called(vec!["https://linli.example".into()]));
    let ask = async |peer: &str, headers: &[(&str, &str)]| {
        let mut request = Request::get("/api/v1/session").method("POST").header(header::COOKIE, &session);
        request = request.header(header::HOST, "127.0.0.1:8080").header(header::CONTENT_TYPE, "application/json");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(Body::from("{}")).unwrap();
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(peer.parse::<IpAddr>().unwrap(), 4711)));
        app.send(request).await.problem()
    };
    let (own, evil) = (("origin", "https://linli.example"), ("origin", "https://evil.example"));
    assert_eq!(ask("192.0.2.1", &[own]).await, "wrong-shape", "it is heard");
    assert_eq!(ask("192.0.2.1", &[evil]).await, "other-origin");
    let other = ("origin", "https://office.example");
    let said = ("x-forwarded-host", "office.example");
    assert_eq!(ask("192.0.2.1", &[other]).await, "other-origin");
    assert_eq!(ask("127.0.0.1", &[other, said]).await, "wrong-shape", "the proxy says what the browser asked for");
    assert_eq!(ask("192.0.2.1", &[other, said]).await, "other-origin", "nobody else does");
    assert_eq!(ask("127.0.0.1", &[evil, said]).await, "other-origin");
}

#[tokio::test]
async fn a_device_that_asks_without_end_is_told_to_wait_and_others_go_on() {
    let app = TestApp::new().await;
    let (busy, other) = (app.sign_in("wang").await, app.sign_in_on("wang", DeviceId(7)).await);
    let mut asked = 0;
    let slowed = loop {
        let answer = app.get("/api/v1/session", &busy).await;
        asked += 1;
        if answer.status != StatusCode::OK {
            break answer;
        }
        assert!(asked < 5000, "there is no end to it");
    };
    assert!(asked > 500, "a first sync, or a round of a hundred pages, is far from it: {asked}");
    assert_eq!((slowed.status, slowed.problem().as_str()), (StatusCode::TOO_MANY_REQUESTS, "too-many-requests"));
    assert_eq!((slowed.header("retry-after"), &slowed.json()["retry_after"]), ("1", &json!(1)));
    assert_eq!(app.get("/api/v1/session", &other).await.status, StatusCode::OK);
    tokio::time::sleep(Duration::from_secs(1)).await;
    assert_eq!(app.get("/api/v1/session", &busy).await.status, StatusCode::OK, "after the wait it goes on");
}

#[tokio::test]
async fn an_unknown_account_takes_as_long_as_a_wrong_password() {
    linli_server::office::accounts::prepare();
    let app = TestApp::new().await;
    let quickest = async |account: &str| {
        let mut quickest = Duration::MAX;
        for _ in 0..4 {
            let begun = Instant::now();
            assert_eq!(knock(&app, account, "guess", 66, "192.0.2.1", "").await.status, StatusCode::UNAUTHORIZED);
            quickest = quickest.min(begun.elapsed());
        }
        quickest
    };
    let (wrong, unknown) = (quickest("wang").await, quickest("nobody").await);
    // Without the hash that no password has, the unknown one is some fifty times as quick.
    assert!(unknown * 3 > wrong && wrong * 3 > unknown, "wrong {wrong:?}, unknown {unknown:?}");
}

#[tokio::test]
async fn every_answer_says_what_a_browser_may_do_with_it() {
    let mut app = TestApp::new().await;
    std::fs::write(app.dist.path().join("index.html"), "<!doctype html>").unwrap();
    for path in ["/", "/missing.js", "/api/v1/session", "/health"] {
        let answer = app.get(path, "").await;
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cross-origin-embedder-policy", "require-corp"),
            ("permissions-policy", "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()"),
            ("strict-transport-security", ""),
        ] {
            assert_eq!(answer.header(name), value, "{path}");
        }
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'"), "{path}");
    }
    assert_eq!(app.get("/api/v1/session", "").await.header("cache-control"), "no-store", "refusals too");
    let (_stop, stopping) = watch::channel(());
    let assets = Assets::Folder(app.dist.path().to_owned());
    app.service = http::service(App::new(app.test.office.clone(), Cookie::Secure, assets, stopping).only_https(true));
    assert_eq!(app.get("/", "").await.header("strict-transport-security"), "max-age=31536000");
}

#[tokio::test]
async fn a_body_that_never_ends_is_given_up() {
    let app = TestApp::new().await;
    let body = once(Ok::<_, std::io::Error>(Bytes::from("{\"account\": \"wa"))).chain(pending());
    let request = Request::post("/api/v1/session").header(header::CONTENT_TYPE, "application/json");
    // From here on the clock jumps to the next thing that is waited for.
    tokio::time::pause();
    let answer = app.send(request.body(Body::from_stream(body)).unwrap()).await;
    assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::SERVICE_UNAVAILABLE, "timeout"));
    assert_eq!(answer.header("retry-after"), "5");
}

/// Sends pieces of a body, each after a pause, to a server with these limits; what it answers.
async fn trickled(limits: Limits, piece: &'static str, pieces: usize, pause: Duration) -> Answer {
    let mut app = TestApp::new().await;
    let (_stop, stopping) = watch::channel(());
    let assets = Assets::Folder(app.dist.path().to_owned());
    app.service = http::service(App::new(app.test.office.clone(), Cookie::Plain, assets, stopping).limited(limits));
    let pieces = tokio_stream::iter(0..pieces).then(move |_| async move {
        tokio::time::sleep(pause).await;
        Ok::<_, std::io::Error>(Bytes::from(piece))
    });
    let request = Request::post("/api/v1/session").header(header::CONTENT_TYPE, "application/json");
    app.send(request.body(Body::from_stream(pieces)).unwrap()).await
}

#[tokio::test]
async fn a_body_is_waited_for_as_long_as_it_keeps_coming() {
    let limits = Limits {
        silence: Duration::from_secs(2),
        body: Duration::from_secs(1),
        each_second: 10,
        handler: Duration::from_secs(2),
    };
    let pause = Duration::from_millis(400);
    let begun = Instant::now();
    let answer = trickled(limits, "    {   ", 10, pause).await;
    assert!(begun.elapsed() > limits.handler, "it took longer than silence may, and than a handler");
    assert_eq!(answer.problem(), "malformed-json", "it was read to its end");
    let answer = trickled(limits, " ", 1000, pause).await;
    assert_eq!(answer.problem(), "timeout", "never silent, but too slow to be a line");
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
}

#[tokio::test]
async fn a_mebibyte_at_four_kilobytes_a_second_is_taken() {
    // The clock jumps to the next thing that is waited for: what takes four minutes takes none.
    let piece: &'static str = Box::leak(" ".repeat(4096).into_boxed_str());
    let mut app = TestApp::new().await;
    let session = app.sign_in("wang").await;
    let (_stop, stopping) = watch::channel(());
    let assets = Assets::Folder(app.dist.path().to_owned());
    app.service = http::service(App::new(app.test.office.clone(), Cookie::Plain, assets, stopping));
    // The database has threads of its own, which the clock does not wait for: it jumps only while the body comes.
    let pieces = tokio_stream::iter(0..256).then(move |at| async move {
        if at == 0 {
            tokio::time::pause();
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
        if at == 255 {
            tokio::time::resume();
        }
        Ok::<_, std::io::Error>(Bytes::from(piece))
    });
    let request = Request::post("/api/v1/sync").header(header::CONTENT_TYPE, "application/json");
    let request = request.header(header::COOKIE, &session).body(Body::from_stream(pieces)).unwrap();
    let begun = tokio::time::Instant::now();
    let answer = app.send(request).await;
    assert_eq!(answer.problem(), "malformed-json", "it was read to its end");
    assert!(begun.elapsed() > Duration::from_secs(250), "{:?}", begun.elapsed());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whoever_does_not_say_what_he_wants_is_shown_out() {
    let app = TestApp::new().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let patience = Patience { head: Duration::from_millis(300), grace: Duration::from_secs(1) };
    let bounds = Bounds::of_files(1024, Proxies::default());
    let serving = listen::serve(listener, app.service.clone(), None, patience, bounds, std::future::pending());
    let server = tokio::spawn(serving);
    let said = tokio::task::spawn_blocking(move || {
        let heard = |words: &str| {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
            stream.write_all(words.as_bytes()).unwrap();
            let mut said = Vec::new();
            stream.read_to_end(&mut said).expect("an end");
            String::from_utf8_lossy(&said).into_owned()
        };
        let whole = "GET /health HTTP/1.1\r\nhost: x\r\n\r\n";
        ["", "GET /health HTT", "GET /health HTTP/1.1\r\nhost: x\r\n", whole].map(heard)
    });
    let [nothing, half, headless, whole] = said.await.unwrap();
    assert!(!nothing.contains("200") && !half.contains("200") && !headless.contains("200"));
    assert!(whole.starts_with("HTTP/1.1 200"), "and the idle connection was ended after it: {whole}");
    server.abort();
}
