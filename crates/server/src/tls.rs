//! HTTPS, without which a browser off this machine gives no service worker: by certificates from files, or by ones made
//! here for an office's own network.

use std::{
    io,
    net::{IpAddr, SocketAddr, UdpSocket},
    path::{Path, PathBuf},
    time::Duration,
};

use axum_server::tls_rustls::RustlsConfig;

mod made;
mod trust;

pub use made::{Authority, BadName};
pub use trust::page as trust_page;

/// How often a made certificate is renewed while the server runs.
const RENEWED: Duration = Duration::from_secs(30 * 24 * 3600);

/// Where certificates come from.
#[derive(Clone, Debug)]
pub enum Tls {
    /// PEM files, of a public authority or one of the office's own.
    Files {
        /// The certificate and those that vouch for it.
        certificate: PathBuf,
        /// Its private key.
        key: PathBuf,
    },
    /// Made here, by an authority kept in the data folder that tablets are told to trust.
    Made(Authority),
}

impl Tls {
    /// What the server's connections use.
    ///
    /// # Errors
    /// Files that cannot be read or do not fit together.
    pub async fn config(&self) -> io::Result<RustlsConfig> {
        // Set once a process; a second time says so and changes nothing.
        let _ = rustls::crypto::ring::default_provider().install_default();
        match self {
            Self::Files { certificate, key } => RustlsConfig::from_pem_file(certificate, key).await,
            Self::Made(authority) => {
                let (certificate, key) = authority.certificate()?;
                RustlsConfig::from_pem(certificate.into(), key.into()).await
            }
        }
    }

    /// Keeps certificates current as long as the server runs: files are read again, made ones are made anew.
    pub async fn renew(self, config: RustlsConfig) {
        loop {
            tokio::time::sleep(RENEWED).await;
            let renewed = match &self {
                Self::Files { certificate, key } => config.reload_from_pem_file(certificate, key).await,
                Self::Made(authority) => match authority.certificate() {
                    Ok((certificate, key)) => config.reload_from_pem(certificate.into(), key.into()).await,
                    Err(error) => Err(error),
                },
            };
            if let Err(error) = renewed {
                tracing::error!(%error, "the certificate was not renewed");
            }
        }
    }
}

/// The names tablets may know this machine by: those given, this machine itself, its address on the network.
pub fn names(given: &[String], listen: SocketAddr) -> Vec<String> {
    let mut names = given.to_vec();
    names.extend(["localhost".into(), "127.0.0.1".into(), "::1".into()]);
    names.extend(
        std::fs::read_to_string("/etc/hostname").map(|name| name.trim().to_owned()).ok().filter(|n| is_host(n)),
    );
    match listen.ip() {
        ip if ip.is_unspecified() => names.extend(address().map(|ip| ip.to_string())),
        ip => names.push(ip.to_string()),
    }
    names.sort();
    names.dedup();
    names
}

fn is_host(name: &str) -> bool {
    !name.is_empty()
        && name.split('.').all(|part| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') && !part.starts_with('-')
        })
}

/// This machine's address on its network: the one it would send from. Nothing is sent.
fn address() -> Option<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    // TEST-NET-1, RFC 5737.
    socket.connect("192.0.2.1:9").ok()?;
    Some(socket.local_addr().ok()?.ip()).filter(|ip| !ip.is_unspecified())
}

/// Writes a file that only this account may read.
fn write_private(path: &Path, text: &str) -> io::Result<()> {
    use std::io::Write as _;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)?.write_all(text.as_bytes())
}
