//! HTTPS on an office's own network: certificates made here, an authority a tablet is told to trust, and nothing else.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    sync::Arc,
};

use linli_server::tls::Authority;
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned,
    pki_types::{CertificateDer, ServerName},
};

struct Server {
    child: Child,
    https: SocketAddr,
    trust: Option<SocketAddr>,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn linli(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_linli"));
    command.args(args).arg("--data").arg(folder).stdin(Stdio::null());
    command
}

fn community(folder: &Path) {
    let made = Command::new(env!("CARGO_BIN_EXE_linli"))
        .args(["admin", "--data"])
        .arg(folder)
        .args(["community", "湖滨社区"])
        .status()
        .unwrap();
    assert!(made.success());
}

fn serve(folder: &Path, more: &[&str]) -> Server {
    let args: Vec<&str> = ["serve", "--listen", "127.0.0.1:0", "--log", "warn"].iter().chain(more).copied().collect();
    let mut child = linli(folder, &args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let https = line.trim().strip_prefix("https://").unwrap_or_else(|| panic!("not https: {line}")).parse().unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap());
    let trust = more.contains(&"--trust-listen").then(|| {
        let mut line = String::new();
        said.read_line(&mut line).unwrap();
        line.trim().rsplit("http://").next().unwrap().parse().unwrap()
    });
    Server { child, https, trust }
}

/// Asks for a page over TLS, trusting one authority, as a tablet that was told `name`.
fn ask(at: SocketAddr, name: &str, authority: &[u8]) -> Result<String, String> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(authority.to_vec())).map_err(|e| e.to_string())?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from(name.to_owned()).unwrap();
    let client = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = StreamOwned::new(client, TcpStream::connect(at).unwrap());
    write!(stream, "GET /ready HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").map_err(|e| e.to_string())?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).map_err(|e| e.to_string())?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}

fn fetch(at: SocketAddr, path: &str) -> Vec<u8> {
    let mut stream = TcpStream::connect(at).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).unwrap();
    let body = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap() + 4;
    assert!(answer.starts_with(b"HTTP/1.1 200 OK"));
    answer.split_off(body)
}

fn today() -> jiff::civil::Date {
    jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::now()).date()
}

#[test]
fn a_tablet_that_trusts_the_office_is_served_over_tls_and_no_other() {
    let folder = tempfile::tempdir().unwrap();
    community(folder.path());
    let lan = ["--tls-lan", "--host", "linli.local", "--trust-listen", "127.0.0.1:0"];
    let server = serve(folder.path(), &lan);
    let trust = server.trust.unwrap();
    let authority = fetch(trust, "/linli.crt");
    for name in ["127.0.0.1", "localhost", "linli.local"] {
        let answer = ask(server.https, name, &authority).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{name}: {answer}");
    }
    let other = tempfile::tempdir().unwrap();
    let stranger = Authority::open(other.path(), vec!["localhost".into()], today).unwrap();
    assert!(ask(server.https, "localhost", &stranger.der()).is_err(), "another office's authority opens nothing here");
    assert!(ask(server.https, "example.com", &authority).is_err(), "and another name is not this server's");

    let page = String::from_utf8(fetch(trust, "/")).unwrap();
    let known = Authority::open(&folder.path().join("tls"), vec!["localhost".into()], today).unwrap();
    assert!(page.contains(&known.fingerprint()) && page.contains("https://linli.local:"), "{page}");

    let key = folder.path().join("tls/authority-key.pem");
    #[cfg(unix)]
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(key).unwrap().permissions()) & 0o077, 0);

    // Started again, the same authority vouches: tablets need not be told twice.
    drop(server);
    let server = serve(folder.path(), &["--tls-lan", "--host", "linli.local"]);
    assert!(ask(server.https, "linli.local", &authority).is_ok());
}

#[test]
fn the_authority_vouches_for_nothing_but_the_office() {
    let folder = tempfile::tempdir().unwrap();
    Authority::open(folder.path(), vec!["linli.local".into()], today).unwrap();
    let error = Authority::open(folder.path(), vec!["bank.example".into()], today).unwrap_err();
    assert!(error.to_string().contains("bank.example"), "{error}");
    // Even when the file of names is changed by hand, browsers refuse: the authority's own certificate forbids it.
    std::fs::write(folder.path().join("names"), "bank.example").unwrap();
    let forged = Authority::open(folder.path(), vec!["bank.example".into()], today).unwrap();
    let (certificate, key) = forged.certificate().unwrap();
    let files = tempfile::tempdir().unwrap();
    let (cert_file, key_file) = (files.path().join("cert.pem"), files.path().join("key.pem"));
    std::fs::write(&cert_file, certificate).unwrap();
    std::fs::write(&key_file, key).unwrap();
    let data = tempfile::tempdir().unwrap();
    community(data.path());
    let files = ["--tls-cert", cert_file.to_str().unwrap(), "--tls-key", key_file.to_str().unwrap()];
    let server = serve(data.path(), &files);
    let refused = ask(server.https, "bank.example", &forged.der()).unwrap_err();
    assert!(refused.contains("NameConstraint"), "{refused}");
}
