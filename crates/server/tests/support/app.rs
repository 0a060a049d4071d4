//! The real app, asked through its own service: everything but the socket.

use std::{collections::HashMap, sync::Mutex};

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Method, Request, StatusCode, header},
};
use http_body_util::BodyExt;
use linli_server::{
    db::{AccountRow, Store},
    http::{self, App, Assets, Cookie},
};
use serde_json::{Value, json};
use sync::DeviceId;
use tokio::sync::watch;
use tower::ServiceExt;

use super::{DEVICE, NEW_YEAR, TestOffice};

/// The password of every test account.
pub const PASSWORD: &str = "correct horse battery";

pub struct TestApp {
    pub test: TestOffice,
    pub service: Router,
    pub dist: tempfile::TempDir,
    stop: watch::Sender<()>,
    /// The secret that the browser of each device keeps, as a cookie.
    secrets: Mutex<HashMap<String, String>>,
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub bytes: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or_else(|e| panic!("{e}: {}", self.text()))
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }

    /// The cookie with the browser's secret, if one is set.
    pub fn secret(&self) -> Option<String> {
        let cookies = self.headers.get_all("set-cookie").iter().filter_map(|value| value.to_str().ok());
        let mut pairs = cookies.filter_map(|cookie| cookie.split(';').next());
        pairs.find(|pair| pair.contains("linli-browser=")).map(str::to_owned)
    }

    /// The problem's name, such as `not-found`; checks that it is whole.
    pub fn problem(&self) -> String {
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.text());
        let problem = self.json();
        assert_eq!(problem["status"], self.status.as_u16());
        assert!(problem["title"].as_str().is_some_and(|t| !t.is_empty()));
        assert!(problem["detail"].as_str().is_some_and(|t| !t.is_empty()));
        problem["type"].as_str().unwrap().strip_prefix("/problems/").unwrap().to_owned()
    }
}

impl TestApp {
    /// The app over a small pack, with the accounts `wang` (desk), `zhu` (head) and `ye` (night).
    pub async fn new() -> Self {
        Self::over(TestOffice::new().await, Cookie::Plain).await
    }

    pub async fn over(test: TestOffice, cookie: Cookie) -> Self {
        let accounts = [("wang", "desk"), ("li", "desk"), ("zhu", "head"), ("ye", "night")];
        Self::staffed(test, cookie, &accounts).await
    }

    /// The app over an office with these accounts and their posts.
    pub async fn staffed(test: TestOffice, cookie: Cookie, accounts: &[(&str, &str)]) -> Self {
        if let Some(((first, post), rest)) = accounts.split_first() {
            test.office.add_account(first, "某人", post, PASSWORD).await.unwrap().unwrap();
            // One password is hashed and stands in every row: hashing is made to be slow.
            let store = Store::open(&test.place).await.unwrap();
            let row = store.account(1, first).await.unwrap().unwrap();
            for (account, post) in rest {
                let row = AccountRow { name: (*account).into(), post: (*post).into(), ..row.clone() };
                assert!(store.add_account(1, &row, NEW_YEAR).await.unwrap());
            }
            store.close().await;
        }
        Self::serving(test, cookie, tempfile::tempdir().unwrap())
    }

    /// The same folder, served by a server that was ended and started again.
    pub async fn restarted(self) -> Self {
        let Self { test, dist, secrets, .. } = self;
        Self { secrets, ..Self::serving(test.reopened().await, Cookie::Plain, dist) }
    }

    fn serving(test: TestOffice, cookie: Cookie, dist: tempfile::TempDir) -> Self {
        let (stop, stopping) = watch::channel(());
        let assets = Assets::Folder(dist.path().to_owned());
        let service = http::service(App::new(test.office.clone(), cookie, assets, stopping));
        Self { test, service, dist, stop, secrets: Mutex::default() }
    }

    pub fn stop(&self) {
        self.stop.send_replace(());
    }

    /// Sends any request.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.service.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes().to_vec();
        Answer { status: parts.status, headers: parts.headers, bytes }
    }

    /// A request as the app sends it, with a session.
    pub async fn ask(&self, method: Method, path: &str, session: &str, body: Option<&Value>) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header(header::COOKIE, session);
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let body = body.map_or(Body::empty(), |json| Body::from(json.to_string()));
        self.send(request.body(body).unwrap()).await
    }

    pub async fn get(&self, path: &str, session: &str) -> Answer {
        self.ask(Method::GET, path, session, None).await
    }

    /// Posts; signing in as the device's own browser does, with the secret it has.
    pub async fn post(&self, path: &str, session: &str, body: &Value) -> Answer {
        if path != "/api/v1/session" {
            return self.ask(Method::POST, path, session, Some(body)).await;
        }
        let device = body["device"].to_string();
        let secret = self.secrets.lock().unwrap().get(&device).cloned().unwrap_or_default();
        let answer = self.ask(Method::POST, path, &format!("{session}; {secret}"), Some(body)).await;
        if let Some(secret) = answer.secret() {
            self.secrets.lock().unwrap().insert(device, secret);
        }
        answer
    }

    /// The cookie by which a device's browser is known.
    pub fn secret_of(&self, device: DeviceId) -> String {
        self.secrets.lock().unwrap()[&json!(device).to_string()].clone()
    }

    /// Signs in on [`DEVICE`]: the cookie to send from then on.
    pub async fn sign_in(&self, account: &str) -> String {
        self.sign_in_on(account, DEVICE).await
    }

    pub async fn sign_in_on(&self, account: &str, device: DeviceId) -> String {
        let body = json!({"account": account, "password": PASSWORD, "device": device, "device_name": "平板"});
        let answer = self.post("/api/v1/session", "", &body).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.header("set-cookie").split(';').next().unwrap().to_owned()
    }

    /// The cookies of a device's browser: its session and its secret.
    pub async fn browser(&self, account: &str, device: DeviceId) -> String {
        format!("{}; {}", self.sign_in_on(account, device).await, self.secret_of(device))
    }
}
