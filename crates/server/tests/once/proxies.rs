//! Behind nginx and Caddy, set up as docs/proxy.md says: what tablets send gets through, and news arrives at once.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener as Ports, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use crate::{
    contract::files::{app, begin, hash, photo, place, visit},
    support::{DEVICE, TestApp},
};
use linli_server::http::{
    self, App, Assets, Cookie,
    address::Proxies,
    doorkeeper::Bounds,
    listen::{self, Patience},
};
use serde_json::json;
use tokio::{net::TcpListener, sync::watch, task::block_in_place};

/// A proxy, ended with the test.
struct Proxy {
    child: Child,
    address: SocketAddr,
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A program of the path or of where Debian keeps servers.
fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let folders = std::env::split_paths(&path).chain(["/usr/sbin".into(), "/usr/bin".into()]);
    let found = folders.map(|folder| folder.join(program)).find(|file| file.is_file());
    if found.is_none() {
        println!("{program} is not here: not tried behind it. `cargo xtask test` installs it.");
    }
    found
}

/// The recipe of docs/proxy.md under this heading.
fn recipe(heading: &str) -> String {
    let page = include_str!("../../../../docs/proxy.md");
    let part = page.split_once(&format!("## {heading}\n")).expect("its heading").1;
    let lines = part.lines().skip_while(|line| !line.starts_with("    "));
    lines.take_while(|line| line.is_empty() || line.starts_with("    ")).map(|line| format!("{line}\n")).collect()
}

/// A port that is free now.
fn free() -> SocketAddr {
    Ports::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

fn started(mut command: Command, address: SocketAddr) -> Proxy {
    let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::inherit()).spawn().unwrap();
    let proxy = Proxy { child, address };
    let begun = Instant::now();
    while TcpStream::connect(address).is_err() {
        assert!(begun.elapsed() < Duration::from_secs(60), "it does not listen");
        std::thread::sleep(Duration::from_millis(20));
    }
    proxy
}

fn nginx(folder: &Path, server: SocketAddr) -> Option<Proxy> {
    let (program, address) = (find("nginx")?, free());
    let recipe = recipe("nginx").replace("127.0.0.1:8080", &server.to_string());
    // Without certificates, which change nothing here.
    let plain = recipe.lines().filter(|line| !line.trim_start().starts_with("ssl_"));
    let plain: String = plain.map(|line| line.replace("443 ssl http2", &address.to_string()) + "\n").collect();
    assert!(plain.contains(&format!("listen {address}")) && plain.contains(&server.to_string()), "{plain}");
    let kept = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let kept: String = kept.iter().map(|kind| format!("{kind}_temp_path {}/{kind};", folder.display())).collect();
    let whole = format!(
        "daemon off; master_process off; pid {0}/pid; error_log stderr warn;\nevents {{}}\nhttp {{ access_log off; {kept}\n{plain} }}",
        folder.display()
    );
    std::fs::write(folder.join("nginx.conf"), whole).unwrap();
    let mut command = Command::new(program);
    command.arg("-p").arg(folder).arg("-c").arg(folder.join("nginx.conf")).args(["-e", "stderr"]);
    Some(started(command, address))
}

fn caddy(folder: &Path, server: SocketAddr) -> Option<Proxy> {
    let (program, address) = (find("caddy")?, free());
    let recipe = recipe("Caddy").replace("127.0.0.1:8080", &server.to_string());
    assert!(recipe.contains("skip_install_trust"), "{recipe}");
    let plain = recipe.replace("linli.example", &format!("http://:{}", address.port()));
    let plain = plain.replacen('{', "{\n  admin off", 1);
    std::fs::write(folder.join("Caddyfile"), plain).unwrap();
    let mut command = Command::new(program);
    command.args(["run", "--adapter", "caddyfile", "--config"]).arg(folder.join("Caddyfile"));
    command.env("HOME", folder).env("XDG_DATA_HOME", folder).env("XDG_CONFIG_HOME", folder);
    Some(started(command, address))
}

/// Status and body of a request through the proxy.
fn ask(proxy: &Proxy, method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> (u16, String) {
    let mut stream = TcpStream::connect(proxy.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let mut head = format!("{method} {path} HTTP/1.1\r\nHost: linli.example\r\nConnection: close\r\n");
    for (name, value) in headers {
        head += &format!("{name}: {value}\r\n");
    }
    stream.write_all(format!("{head}Content-Length: {}\r\n\r\n", body.len()).as_bytes()).unwrap();
    stream.write_all(body).unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let answer = String::from_utf8_lossy(&answer).into_owned();
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    (status, answer)
}

/// Milliseconds until the first event comes.
fn first_event(proxy: &Proxy, session: &str) -> u128 {
    let mut stream = TcpStream::connect(proxy.address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
    let begun = Instant::now();
    write!(stream, "GET /api/v1/events HTTP/1.1\r\nHost: linli.example\r\nCookie: {session}\r\n\r\n").unwrap();
    let (mut heard, mut buffer) = (String::new(), [0; 4096]);
    while !heard.contains("event: more") {
        let length = stream.read(&mut buffer).expect("an event within a minute");
        assert!(length > 0, "{heard}");
        heard.push_str(&String::from_utf8_lossy(&buffer[..length]));
    }
    begun.elapsed().as_millis()
}

async fn behind(start: fn(&Path, SocketAddr) -> Option<Proxy>) {
    let mut app: TestApp = app().await;
    let (_stop, stopping) = watch::channel(());
    let assets = Assets::Folder(app.dist.path().to_owned());
    let office = app.test.office.clone();
    app.service = http::service(App::new(office, Cookie::Plain, assets, stopping).proxied(Proxies::here()));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let bounds = Bounds::of_files(1024, Proxies::here());
    let serving =
        listen::serve(listener, app.service.clone(), None, Patience::default(), bounds, std::future::pending());
    let server = tokio::spawn(serving);
    let folder = tempfile::tempdir().unwrap();
    let Some(proxy) = block_in_place(|| start(folder.path(), address)) else { return };

    let bytes = photo(20 * 1024 * 1024);
    let hash = hash(&bytes);
    visit(&app, &[format!("{hash}/楼道.jpg")]).await;
    let min = app.sign_in("min").await;
    begin(&app, &min, 4, &hash, bytes.len()).await;
    block_in_place(|| {
        let millis = first_event(&proxy, &min);
        println!("first event after {millis} ms");
        let cookie = ("Cookie", &*min);
        let part = [
            cookie,
            ("Tus-Resumable", "1.0.0"),
            ("Upload-Offset", "0"),
            ("Content-Type", "application/offset+octet-stream"),
        ];
        let (status, said) = ask(&proxy, "PATCH", &place(4, &hash), &part, &bytes);
        assert_eq!(status, 204, "a photo of 20 MB: {said}");
        let words = "长".repeat(60_000);
        let changes: Vec<_> = (1..=10).map(|number| json!({"number": number, "odd": words})).collect();
        let push = json!({"device": DEVICE, "schema": 1, "cursor": null, "changes": changes}).to_string();
        assert!(push.len() > 1_700_000, "{}", push.len());
        let typed = ("Content-Type", "application/json");
        let (status, said) = ask(&proxy, "POST", "/api/v1/sync", &[cookie, typed], push.as_bytes());
        assert_eq!(status, 200, "a push of {} bytes: {}", push.len(), said.chars().take(500).collect::<String>());
        let empty = json!({"device": DEVICE, "schema": 1, "cursor": null, "changes": []}).to_string();
        for (origin, expected) in
            [("http://linli.example", 200), ("https://linli.example", 200), ("https://evil.example", 403)]
        {
            let headers = [cookie, typed, ("Origin", origin)];
            let (status, said) = ask(&proxy, "POST", "/api/v1/sync", &headers, empty.as_bytes());
            assert_eq!(status, expected, "{origin}: {said}");
        }
        for n in 0..70 {
            let guess =
                json!({"account": format!("nobody{n}"), "password": "guess guess", "device": DEVICE}).to_string();
            let forged = format!("10.0.0.{n}");
            let headers = [typed, ("X-Forwarded-For", &*forged)];
            let (status, said) = ask(&proxy, "POST", "/api/v1/session", &headers, guess.as_bytes());
            // Whatever they claim, the proxy saw one address.
            assert_eq!(status, if n < 60 { 401 } else { 429 }, "{n}: {said}");
        }
    });
    server.abort();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn everything_gets_through_nginx() {
    behind(nginx).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 3)]
async fn everything_gets_through_caddy() {
    behind(caddy).await;
}
