//! What the log and the figures say to who looks after the server, and that they say nothing of anyone else.

use std::sync::{Arc, Mutex};

use crate::support::{DEVICE, NEW_YEAR, TestApp, app::PASSWORD, change, record};
use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Request, header},
};
use serde_json::json;
use tracing_subscriber::fmt::MakeWriter;

/// A log in memory.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[tokio::test]
async fn the_log_says_who_failed_to_sign_in_and_never_what_was_typed() {
    let log = Log::default();
    // Lines that tests beside this one pass where nobody listens would be taken for ones that nobody ever wants.
    let everyone = tracing_subscriber::fmt().with_writer(std::io::sink).with_max_level(tracing::Level::DEBUG);
    let _ = tracing::subscriber::set_global_default(everyone.finish());
    let to = tracing_subscriber::fmt().with_writer(log.clone()).with_ansi(false).with_max_level(tracing::Level::DEBUG);
    let _guard = tracing::subscriber::set_default(to.finish());
    let app = TestApp::new().await;
    let knock = async |account: &str, password: &str| {
        let body = json!({"account": account, "password": password, "device": DEVICE}).to_string();
        let request = Request::post("/api/v1/session").header(header::CONTENT_TYPE, "application/json");
        let mut request = request.body(Body::from(body)).unwrap();
        request.extensions_mut().insert(ConnectInfo(std::net::SocketAddr::from(([192, 0, 2, 7], 4711))));
        app.send(request).await
    };
    knock("wang", "what she typed").await;
    knock("王秀英的密码, address 10.9.9.9", "x").await;
    let session = app.sign_in("wang").await;
    app.test.push(vec![change(1, record(1), "居民的话")]).await;
    app.get(&format!("/api/v1/records/{}/changes", record(1)), &session).await;
    let said = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    assert!(said.contains("sign-in failed: wrong, account \"wang\", address 192.0.2.7\n"), "{said}");
    assert!(said.contains("sign-in failed: wrong, account \"-\", address 192.0.2.7\n"), "{said}");
    assert!(said.contains("/api/v1/records/{id}/changes"), "routes as they are written: {said}");
    for secret in ["what she typed", "王秀英", "10.9.9.9", "居民的话", PASSWORD, &record(1).to_string()] {
        assert!(!said.contains(secret), "{secret}: {said}");
    }
}

#[tokio::test]
async fn figures_say_how_long_answers_take_and_what_is_left() {
    let app = TestApp::new().await;
    let wang = app.sign_in("wang").await;
    app.get("/api/v1/session", &wang).await;
    app.get(&format!("/api/v1/records/{}/changes", record(1)), &wang).await;
    let said = app.get("/metrics", "").await.text();
    for line in [
        "linli_answer_seconds_bucket{route=\"/api/v1/session\",le=\"+Inf\"} 2",
        "linli_answer_seconds_count{route=\"/api/v1/session\"} 2",
        "linli_answer_seconds_count{route=\"/api/v1/records/{id}/changes\"} 1",
        "linli_streams 0",
        "linli_blocks_wanted 0",
    ] {
        assert!(said.contains(line), "{line}: {said}");
    }
    assert!(!said.contains("linli_backup_age_seconds"), "there never was one: {said}");
    assert!(!said.contains(&record(1).to_string()) && !said.contains("wang"));
    let file = app.test.folder.path().join("one.backup");
    let clock: linli_server::office::WallClock = Arc::new(|| NEW_YEAR);
    linli_server::office::backup::back_up(&app.test.place, &app.test.files(), &file, clock).await.unwrap();
    let app = app.restarted().await;
    assert!(app.get("/metrics", "").await.text().contains("linli_backup_age_seconds 0"));
}
