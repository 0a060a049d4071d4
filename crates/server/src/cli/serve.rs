//! `linli serve`.

use std::{net::SocketAddr, path::PathBuf, sync::Arc, time::Duration};

use clap::Args;
use tokio::{net::TcpListener, signal, sync::watch};
use tracing_subscriber::EnvFilter;

use super::{Data, Failure};
use crate::{
    http::{self, App, Assets, Cookie},
    office::accounts,
};

/// How long requests under way may take to end after the server was asked to stop.
const GRACE: Duration = Duration::from_secs(10);

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
    /// Serve the app from this folder instead of the binary, to try a new build of it.
    #[arg(long, value_name = "DIR", env = "LINLI_DIST")]
    dist: Option<PathBuf>,
    /// What to log, such as `warn` or `linli_server=debug`. Logs hold no names, answers or passwords.
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
        let office = Arc::new(self.data.office().await?);
        office.renew_pack().await?;
        tokio::task::spawn_blocking(accounts::prepare).await?;
        let early = office.clone();
        tokio::spawn(async move {
            if let Err(fault) = early.renew_snapshots().await {
                tracing::warn!(%fault, "no snapshots yet: the first sync makes them");
            }
        });
        let (stop, stopping) = watch::channel(());
        let cookie = if self.https { Cookie::Secure } else { Cookie::Plain };
        let assets = self.dist.map_or(Assets::Embedded, Assets::Folder);
        let service = http::service(App::new(office.clone(), cookie, assets, stopping));
        let listener =
            TcpListener::bind(self.listen).await.map_err(|e| format!("cannot listen at {}: {e}", self.listen))?;
        println!("http://{}", listener.local_addr()?);
        let (stopped, mut asked) = watch::channel(());
        let serving = axum::serve(listener, service).with_graceful_shutdown(async move {
            interrupted().await;
            tracing::info!("stopping");
            // Streams would otherwise keep their connections for a quarter of an hour.
            stop.send_replace(());
            stopped.send_replace(());
        });
        tokio::select! {
            done = serving => done?,
            () = async {
                let _ = asked.changed().await;
                tokio::time::sleep(GRACE).await;
            } => tracing::warn!("some requests were cut off"),
        }
        office.close().await;
        Ok(())
    }
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
