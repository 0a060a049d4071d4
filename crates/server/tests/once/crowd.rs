//! Many at once: a server that may have few files open goes on answering, whoever holds connections open.
#![cfg(target_os = "linux")]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use crate::support::{TestOffice, app::PASSWORD};
use serde_json::json;
use sync::DeviceId;

/// A server that may have so many files open, ended with the test.
struct Server {
    child: Child,
    address: String,
    log: Arc<Mutex<String>>,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    fn start(folder: &Path, limit: &str) -> Self {
        let mut command = Command::new("sh");
        let words = format!("{limit}; exec \"$0\" \"$@\"");
        command.args(["-c", &words, env!("CARGO_BIN_EXE_linli"), "serve", "--data"]).arg(folder);
        command.args(["--listen", "127.0.0.1:0", "--log", "info"]).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let log = Arc::new(Mutex::new(String::new()));
        let (said, errors) = (log.clone(), BufReader::new(child.stderr.take().unwrap()));
        std::thread::spawn(move || {
            for line in errors.lines().map_while(Result::ok) {
                said.lock().unwrap().push_str(&(line + "\n"));
            }
        });
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address =
            line.trim().strip_prefix("http://").unwrap_or_else(|| panic!("{}", log.lock().unwrap())).to_owned();
        Self { child, address, log }
    }

    fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    fn open(&self, words: &str) -> TcpStream {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        // One that was shown out already is none the worse for it.
        let _ = stream.write_all(words.as_bytes());
        stream
    }

    /// The whole answer to one request; empty when the line was cut.
    fn ask(&self, words: &str) -> String {
        let mut answer = String::new();
        let _ = self.open(words).read_to_string(&mut answer);
        answer
    }

    fn health(&self) -> bool {
        self.ask("GET /health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").starts_with("HTTP/1.1 200")
    }

    fn sign_in(&self) -> String {
        let body = json!({"account": "wang", "password": PASSWORD, "device": DeviceId(7)}).to_string();
        let head = "POST /api/v1/session HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/json";
        let answer = self.ask(&format!("{head}\r\ncontent-length: {}\r\n\r\n{body}", body.len()));
        let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: linli=")).expect("a session");
        format!("linli={}", cookie.split(';').next().unwrap())
    }
}

/// Waits until it is so.
fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < Duration::from_secs(60), "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

async fn office() -> tempfile::TempDir {
    let test = TestOffice::new().await;
    test.office.add_account("wang", "某人", "desk", PASSWORD).await.unwrap().unwrap();
    test.office.close().await;
    test.folder
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_streams_of_one_device_are_two() {
    // What this program holds open itself.
    linli_server::http::doorkeeper::raise_files();
    let folder = office().await;
    let server = Server::start(folder.path(), "ulimit -n 256");
    let cookie = server.sign_in();
    let words = format!("GET /api/v1/events HTTP/1.1\r\nhost: x\r\ncookie: {cookie}\r\nconnection: close\r\n\r\n");
    // As fast as its pace allows, and then on and on.
    let mut streams = Vec::new();
    for n in 0..1000 {
        let mut stream = server.open(&words);
        let mut head = [0; 12];
        if stream.read_exact(&mut head).is_ok() && &head == b"HTTP/1.1 200" {
            streams.push(stream);
        }
        if n % 100 == 99 {
            assert!(server.health(), "after {n}");
        }
    }
    assert!(streams.len() > 500, "they were begun: {}", streams.len());
    let newest = streams.split_off(streams.len() - 2);
    for mut stream in streams {
        let mut rest = Vec::new();
        let _ = stream.read_to_end(&mut rest);
    }
    for stream in newest {
        stream.set_nonblocking(true).unwrap();
        let mut rest = [0; 4096];
        let last = std::iter::repeat_with(|| (&stream).read(&mut rest)).find(|read| !matches!(read, Ok(1..))).unwrap();
        assert_eq!(last.unwrap_err().kind(), std::io::ErrorKind::WouldBlock, "the newest two live on");
    }
    assert!(server.health());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn connections_that_say_nothing_keep_nobody_out() {
    linli_server::http::doorkeeper::raise_files();
    let folder = office().await;
    let server = Server::start(folder.path(), "ulimit -n 200");
    let idle: Vec<_> = (0..500).map(|_| server.open("")).collect();
    for _ in 0..20 {
        assert!(server.health(), "{}", server.log());
    }
    assert!(server.log().contains("too many connections"), "{}", server.log());
    drop(idle);
    until("it goes on", || server.health());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_without_a_file_left_says_so_and_goes_on_when_it_has_one() {
    linli_server::http::doorkeeper::raise_files();
    let folder = office().await;
    let server = Server::start(folder.path(), "ulimit -n 30");
    let idle: Vec<_> = (0..100).map(|_| server.open("")).collect();
    until("it says so", || {
        let _ = server.open("");
        server.log().contains("connections cannot be taken")
    });
    drop(idle);
    until("it goes on", || server.health());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_limit_of_open_files_is_raised_as_far_as_it_goes() {
    let folder = office().await;
    let server = Server::start(folder.path(), "ulimit -S -n 100; ulimit -H -n 700");
    until("it says how many", || server.log().contains("files=700"));
    assert!(server.health());
}
