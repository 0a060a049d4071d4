//! `linli serve`.

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use axum::Router;
use clap::Args;
use ipnet::IpNet;
use tokio::{net::TcpListener, signal, sync::watch, time::timeout};
use tracing_subscriber::EnvFilter;

use super::{Data, Failure};
use crate::{
    http::{
        self, App, Assets, Cookie,
        address::Proxies,
        doorkeeper::{self, Bounds},
        listen::{self, Patience},
    },
    office::{accounts, time},
    tls::{self, Authority, Tls},
};

/// How often it is looked whether another server over the same database, or a command, has written something. Requests do
/// not wait for it: they ask the database themselves.
const LOOK_AROUND: Duration = Duration::from_secs(3);

/// What connections are given, and at the end so much that whoever stops the server need not end it by force.
fn patience() -> Patience {
    Patience { grace: Duration::from_secs(2), ..Patience::default() }
}

/// How long the database is waited for at the end. What was acknowledged is on the disk without it.
const CLOSING: Duration = Duration::from_secs(2);

/// Serve the app and its API until interrupted.
#[derive(Args, Debug)]
pub struct Serve {
    #[command(flatten)]
    data: Data,
    /// Address to listen at; port 0 takes any free one. Printed on standard output when ready.
    #[arg(long, value_name = "ADDR", env = "LINLI_LISTEN", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    /// The address people type begins with https://, because a proxy in front does TLS: cookies are then only ever sent
    /// over it.
    #[arg(long, env = "LINLI_HTTPS")]
    https: bool,
    /// Addresses (or networks, `10.0.0.0/24`) of proxies in front, whose `X-Forwarded-For` and `X-Forwarded-Host` are believed;
    /// this machine itself unless said otherwise.
    #[arg(long = "trust-proxy", value_name = "ADDR", env = "LINLI_TRUST_PROXY", value_delimiter = ',', value_parser = network)]
    proxies: Vec<IpNet>,
    /// What browsers call this server, such as `https://linli.example`, where a proxy in front tells it another name.
    #[arg(long = "origin", value_name = "ORIGIN", env = "LINLI_ORIGIN", value_delimiter = ',')]
    origins: Vec<String>,
    /// Serve HTTPS with this certificate (PEM, with those that vouch for it).
    #[arg(long, value_name = "FILE", env = "LINLI_TLS_CERT", requires = "tls_key", conflicts_with = "https")]
    tls_cert: Option<PathBuf>,
    /// The certificate's private key (PEM).
    #[arg(long, value_name = "FILE", env = "LINLI_TLS_KEY", requires = "tls_cert")]
    tls_key: Option<PathBuf>,
    /// Serve HTTPS with certificates made here, for an office's own network. Tablets are told once to trust the
    /// authority kept in the data folder: see `--trust-listen`.
    #[arg(long, env = "LINLI_TLS_LAN", conflicts_with_all = ["tls_cert", "https"])]
    tls_lan: bool,
    /// A name or address tablets know this machine by, for `--tls-lan`; its own address is known without.
    #[arg(long = "host", value_name = "NAME", env = "LINLI_HOST", value_delimiter = ',', requires = "tls_lan")]
    hosts: Vec<String>,
    /// Where `--tls-lan` serves, without TLS, the page that tells a tablet's owner how to trust it.
    #[arg(long, value_name = "ADDR", env = "LINLI_TRUST_LISTEN", requires = "tls_lan")]
    trust_listen: Option<SocketAddr>,
    /// Requests a second that a device may send on and on, above a burst of 600; beyond it they are told to wait.
    #[arg(long, value_name = "COUNT", env = "LINLI_PACE", default_value_t = 20)]
    pace: u32,
    #[command(flatten)]
    quota: super::quota::Quota,
    /// Serve the app from this folder instead of the binary, to try a new build of it.
    #[arg(long, value_name = "DIR", env = "LINLI_DIST")]
    dist: Option<PathBuf>,
    /// What to log, such as `warn` or `linli_server=debug`. Logs hold no residents, answers or passwords; of staff only the
    /// account that signing in failed for.
    #[arg(long, value_name = "FILTER", env = "LINLI_LOG", default_value = "info")]
    log: String,
}

impl Serve {
    pub(super) async fn run(self) -> Result<(), Failure> {
        tracing_subscriber::fmt()
            .with_env_filter(EnvFilter::try_new(&self.log)?)
            .with_writer(std::io::stderr)
            .with_ansi(false)
            .init();
        let office = Arc::new(self.data.office().await?.with_quotas(self.quota.quotas()));
        if office.behind() > 0 {
            let (now, known) = (time::spoken(office.now()), time::spoken(office.now() + office.behind()));
            tracing::warn!(
                "this machine's clock is wrong: it says {now}, but it is later than {known}, when the newest record or this \
                 program was written. Nothing is refused for it; please set the clock"
            );
        }
        office.renew_pack().await?;
        tokio::task::spawn_blocking(accounts::prepare).await?;
        let early = office.clone();
        let blocks = tokio::spawn(async move {
            if let Err(fault) = early.renew_snapshots().await {
                tracing::warn!(%fault, "no snapshots yet: the first sync makes them");
            }
        });
        let beside = Arc::downgrade(&office);
        tokio::spawn(async move {
            let mut ticks = tokio::time::interval(LOOK_AROUND);
            loop {
                ticks.tick().await;
                let Some(office) = beside.upgrade() else { return };
                if let Err(fault) = office.look_around().await {
                    tracing::debug!(%fault, "whether others wrote was not to be seen");
                }
                if let Err(fault) = office.bound_log().await {
                    tracing::debug!(%fault, "the database's log was not emptied");
                }
            }
        });
        let (stop, stopping) = watch::channel(());
        let tls = self.tls()?;
        let cookie = if self.https || tls.is_some() { Cookie::Secure } else { Cookie::Plain };
        let assets = self.dist.clone().map_or(Assets::Embedded, Assets::Folder);
        let proxies = match (&self.proxies[..], self.https) {
            ([], false) => Proxies::default(),
            ([], true) => Proxies::here(),
            (named, _) => Proxies::of(named.to_vec()),
        };
        let files = doorkeeper::raise_files();
        let bounds = Bounds::of_files(files, proxies.clone());
        let only_https = self.https || self.tls_cert.is_some();
        let app = App::new(office.clone(), cookie, assets, stopping)
            .proxied(proxies.clone())
            .called(self.origins()?)
            .watching(self.data.data.clone())
            .only_https(only_https)
            .paced(self.pace);
        let service = http::service(app);
        let listener = bind(self.listen).await?;
        let ending = office.clone();
        tracing::info!(
            version = env!("CARGO_PKG_VERSION"),
            community = office.name(),
            database = %self.data.told(),
            listening = %listener.local_addr()?,
            files,
            "serving"
        );
        let stopped = async move {
            interrupted().await;
            tracing::info!("stopping");
            ending.stop();
            // Given up wherever it is: it is made again when somebody wants it.
            blocks.abort();
            // Streams would otherwise keep their connections for a quarter of an hour.
            stop.send_replace(());
        };
        match tls {
            None => {
                println!("http://{}", listener.local_addr()?);
                listen::serve(listener, service, None, patience(), bounds, stopped).await?;
            }
            Some(tls) => self.secure(listener, service, tls, bounds, stopped).await?,
        }
        if timeout(CLOSING, office.close()).await.is_err() {
            tracing::warn!("the database was still read: it is put in order at the next start");
        }
        Ok(())
    }

    fn tls(&self) -> Result<Option<Tls>, Failure> {
        if let (Some(certificate), Some(key)) = (self.tls_cert.clone(), self.tls_key.clone()) {
            return Ok(Some(Tls::Files { certificate, key }));
        }
        if !self.tls_lan {
            return Ok(None);
        }
        let names = tls::names(&self.hosts, self.listen);
        let today = || jiff::tz::Offset::UTC.to_datetime(jiff::Timestamp::now()).date();
        Ok(Some(Tls::Made(Authority::open(&self.data.data.join("tls"), names, today)?)))
    }

    /// Serves over TLS, and beside it the page that tells tablets to trust a made certificate.
    async fn secure(
        &self,
        listener: TcpListener,
        service: Router,
        tls: Tls,
        bounds: Bounds,
        stopped: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), Failure> {
        let config = tls.config().await.map_err(|e| format!("TLS: {e}"))?;
        let https = format!("https://{}", listener.local_addr()?);
        if let (Tls::Made(authority), Some(address)) = (&tls, self.trust_listen) {
            let page = tls::trust_page(authority, &self.address(listener.local_addr()?));
            let beside = bind(address).await?;
            eprintln!("How a tablet trusts this server: http://{}", beside.local_addr()?);
            tokio::spawn(axum::serve(beside, page).into_future());
        }
        if let Tls::Made(authority) = &tls {
            eprintln!("Fingerprint to compare (SHA-256): {}", authority.fingerprint());
        }
        println!("{https}");
        tokio::spawn(tls.renew(config.clone()));
        Ok(listen::serve(listener, service, Some(config), patience(), bounds, stopped).await?)
    }

    /// What browsers call this server, as they write it.
    fn origins(&self) -> Result<Vec<String>, Failure> {
        let written = |origin: &String| {
            let bare = origin.trim_end_matches('/').to_ascii_lowercase();
            let host = bare.strip_prefix("https://").or_else(|| bare.strip_prefix("http://"));
            match host.filter(|host| !host.is_empty() && !host.contains(['/', '?', '#', '@', ' '])) {
                Some(_) => Ok(bare.strip_suffix(":443").map_or(bare.clone(), str::to_owned)),
                None => Err(format!("{origin} is no origin: it is to be like https://linli.example").into()),
            }
        };
        self.origins.iter().map(written).collect()
    }

    /// The address a tablet types: the first name given, or this machine's own.
    fn address(&self, bound: SocketAddr) -> String {
        let name = self.hosts.first().cloned();
        let ip = tls::names(&[], self.listen)
            .into_iter()
            .find(|name| name.parse::<std::net::IpAddr>().is_ok_and(|ip| !ip.is_loopback()));
        format!("https://{}:{}", name.or(ip).unwrap_or_else(|| bound.ip().to_string()), bound.port())
    }
}

/// One machine or a network of them.
fn network(text: &str) -> Result<IpNet, String> {
    let one = text.parse::<std::net::IpAddr>().map(IpNet::from);
    one.or_else(|_| text.parse()).map_err(|_| format!("{text} is no address and no network"))
}

async fn bind(address: SocketAddr) -> Result<TcpListener, Failure> {
    Ok(TcpListener::bind(address).await.map_err(|e| format!("cannot listen at {address}: {e}"))?)
}

/// Returns at the first interrupt or termination signal.
async fn interrupted() {
    #[cfg(unix)]
    let terminated = async {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => drop(signal.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminated = std::future::pending::<()>();
    tokio::select! {
        _ = signal::ctrl_c() => {}
        () = terminated => {}
    }
}
