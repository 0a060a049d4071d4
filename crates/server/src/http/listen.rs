//! Connections: how long they may take to say what they want, and how they end.

use std::{io, net::SocketAddr, time::Duration};

use axum::Router;
use axum_server::{Handle, tls_rustls::RustlsConfig};
use tokio::net::TcpListener;

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
            let mut server = axum_server::from_tcp_rustls(listener, tls)?.handle(handle);
            server.http_builder().http1().header_read_timeout(patience.head);
            server.first_request_timeout(patience.head).serve(service).await
        }
        None => {
            let mut server = axum_server::from_tcp(listener)?.handle(handle);
            server.http_builder().http1().header_read_timeout(patience.head);
            server.first_request_timeout(patience.head).serve(service).await
        }
    }
}
