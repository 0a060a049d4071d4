//! The binary, served on a free port and spoken to over a socket. It ends with the test.

use std::{
    ffi::OsStr,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use serde_json::{Value, json};
use sync::DeviceId;

use super::app::PASSWORD;

pub struct Server {
    pub child: Child,
    pub address: String,
}

/// What came back.
#[derive(Debug)]
pub struct Said {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Said {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {}", self.body))
    }

    /// The problem's name, such as `disk-full`.
    pub fn problem(&self) -> String {
        self.json()["type"].as_str().unwrap_or_default().trim_start_matches("/problems/").to_owned()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        let lines = self.head.lines().filter_map(|line| line.split_once(':'));
        lines.into_iter().find(|(said, _)| said.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
    }

    /// Refused for now, in words for a person, with the time to wait.
    pub fn is_put_off(&self, problem: &str) {
        assert_eq!((self.status, self.problem().as_str()), (503, problem), "{self:?}");
        assert!(self.header("retry-after").is_some_and(|said| said.parse::<u32>().is_ok()), "{}", self.head);
        assert!(self.json()["detail"].as_str().is_some_and(|said| said.chars().count() > 10), "{}", self.body);
    }
}

impl Server {
    /// `linli serve`, with these arguments beside.
    pub fn start(arguments: &[&OsStr]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_linli"));
        command.arg("serve").args(["--listen", "127.0.0.1:0", "--log", "warn"]).args(arguments);
        Self::run(command)
    }

    pub fn run(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim().strip_prefix("http://").expect("the server's address").to_owned();
        Self { child, address }
    }

    pub fn ask(&self, method: &str, path: &str, headers: &str, body: &[u8]) -> Said {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let head = format!(
            "{method} {path} HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\n{headers}Content-Length: {1}\r\nConnection: close\r\n\r\n",
            self.address,
            body.len()
        );
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_else(|| panic!("{head}"));
        Said { status, head: head.into(), body: body.into() }
    }

    pub fn get(&self, path: &str) -> Said {
        self.ask("GET", path, "", b"")
    }

    pub fn post(&self, path: &str, cookie: &str, body: &Value) -> Said {
        let headers = format!("Content-Type: application/json\r\nCookie: {cookie}\r\n");
        self.ask("POST", path, &headers, body.to_string().as_bytes())
    }

    pub fn try_sign_in(&self, device: DeviceId) -> Said {
        let body = json!({"account": "wang", "password": PASSWORD, "device": device, "device_name": "平板"});
        self.post("/api/v1/session", "", &body)
    }

    pub fn sign_in(&self, device: DeviceId) -> String {
        let said = self.try_sign_in(device);
        assert_eq!(said.status, 200, "{said:?}");
        said.header("set-cookie").expect("a cookie").split(';').next().unwrap().to_owned()
    }

    /// Asks for `path` until it is answered so.
    pub fn until(&self, path: &str, status: u16) -> Said {
        let begun = Instant::now();
        loop {
            let said = self.get(path);
            if said.status == status {
                return said;
            }
            assert!(begun.elapsed() < Duration::from_secs(60), "{path} stays {said:?}");
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Sends it a signal, such as `TERM`.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([format!("-{name}"), self.child.id().to_string()]).status();
        assert!(sent.expect("the program `kill`").success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
