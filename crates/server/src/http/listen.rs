//! Connections: how long they may take to say what they want, and how they end.

use std::{
    io,
    net::SocketAddr,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::Router;
use axum_server::{Handle, accept::DefaultAcceptor, tls_rustls::RustlsConfig};
use tokio::net::TcpListener;

use super::doorkeeper::{Bounds, Doorkeeper};

/// How often it is said that connections cannot be taken.
const SAID: Duration = Duration::from_secs(10);

/// How long connections are waited for. Bodies and handlers have limits of their own.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// To send the head of a request, the first as well as later ones; an idle connection ends after it too.
    pub head: Duration,
    /// To end after the server was asked to stop.
    pub grace: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { head: Duration::from_secs(30), grace: Duration::from_secs(10) }
    }
}

/// Serves at the listener, over TLS if there is a configuration for it, until `stopped`.
pub async fn serve(
    listener: TcpListener,
    service: Router,
    tls: Option<RustlsConfig>,
    patience: Patience,
    bounds: Bounds,
    stopped: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let handle = Handle::new();
    let stopping = handle.clone();
    tokio::spawn(async move {
        stopped.await;
        stopping.graceful_shutdown(Some(patience.grace));
    });
    let listener = listener.into_std()?;
    let service = service.into_make_service_with_connect_info::<SocketAddr>();
    match tls {
        Some(tls) => {
            let server = axum_server::from_tcp_rustls(listener, tls)?.handle(handle);
            let inner = DefaultAcceptor::new();
            let mut server = server.map(|acceptor| acceptor.acceptor(Doorkeeper::new(bounds, inner)));
            server.http_builder().http1().header_read_timeout(patience.head);
            let server = server.first_request_timeout(patience.head).accept_error_handler(refused());
            server.serve(service).await
        }
        None => {
            let server = axum_server::from_tcp(listener)?.handle(handle);
            let mut server = server.map(|acceptor| Doorkeeper::new(bounds, acceptor));
            server.http_builder().http1().header_read_timeout(patience.head);
            let server = server.first_request_timeout(patience.head).accept_error_handler(refused());
            server.serve(service).await
        }
    }
}

/// Says what kept connections from being taken, once in a while: such as that no more files may be open. The server goes on.
fn refused() -> impl Fn(Option<&SocketAddr>, &io::Error) + Send + Sync + 'static {
    let last = Mutex::new(None::<Instant>);
    move |peer, error| {
        // With a peer, it is one that broke off or does not speak TLS: anyone can do that all day.
        if peer.is_some() {
            return tracing::debug!(%error, "a connection came to nothing");
        }
        let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.is_none_or(|last| last.elapsed() > SAID) {
            *last = Some(Instant::now());
            tracing::error!(%error, "connections cannot be taken");
        }
    }
}
