//! How many connections there are at once: fewer than the system lets the program have files open, and of one address no more
//! than a part of them. Whoever comes is let in, and the oldest of the same address ends for it, so that nobody who holds
//! connections open keeps others, or what watches the server, from being answered.

use std::{
    collections::{HashMap, VecDeque},
    io,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    task::{Context, Poll},
};

use axum_server::accept::Accept;
use futures_util::task::AtomicWaker;
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
};

use super::address::Proxies;

/// Files that are kept for everything but connections: the database, photos, the log.
const KEPT: usize = 128;

/// The most connections.
#[derive(Clone, Debug)]
pub struct Bounds {
    /// At once.
    pub all: usize,
    /// At once of one network address (of version 6: of one /64).
    pub each: usize,
    /// Addresses that speak for many.
    pub proxies: Proxies,
}

impl Bounds {
    /// For a program that may have so many files open.
    pub fn of_files(files: usize, proxies: Proxies) -> Self {
        let all = (files - KEPT.min(files / 2)).max(1);
        Self { all, each: (all / 2).max(1), proxies }
    }
}

/// Counts connections. Clones count together.
#[derive(Clone, Debug)]
pub struct Doorkeeper<A> {
    inner: A,
    bounds: Bounds,
    inside: Arc<Mutex<Inside>>,
}

#[derive(Debug, Default)]
struct Inside {
    all: usize,
    /// By network, the oldest first. Those of proxies under an own name, unbounded but by the whole.
    networks: HashMap<String, VecDeque<Arc<Guest>>>,
}

/// A connection's end, as the doorkeeper sees it.
#[derive(Debug, Default)]
struct Guest {
    is_shown_out: AtomicBool,
    waker: AtomicWaker,
}

impl Guest {
    fn show_out(&self) {
        self.is_shown_out.store(true, Relaxed);
        self.waker.wake();
    }
}

impl<A> Doorkeeper<A> {
    /// Before an acceptor.
    pub fn new(bounds: Bounds, inner: A) -> Self {
        Self { inner, bounds, inside: Arc::default() }
    }

    fn let_in(&self, stream: TcpStream) -> Kept {
        let address = stream.peer_addr().map(|peer| peer.ip()).ok();
        let network = address.map(crate::office::throttle::network).unwrap_or_default();
        let is_proxy = address.is_some_and(|address| self.bounds.proxies.holds(address));
        let guest = Arc::new(Guest::default());
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let own = inside.networks.entry(network.clone()).or_default();
        own.push_back(guest.clone());
        if own.len() > self.bounds.each && !is_proxy {
            tracing::debug!(most = self.bounds.each, "an address has too many connections: its oldest ends");
            own.pop_front().iter().for_each(|oldest| oldest.show_out());
        } else {
            inside.all += 1;
        }
        if inside.all > self.bounds.all {
            // Of whoever has most, which may be the one that comes.
            let most = inside.networks.values_mut().max_by_key(|own| own.len());
            most.and_then(VecDeque::pop_front).iter().for_each(|oldest| oldest.show_out());
            inside.all -= 1;
            tracing::warn!(most = self.bounds.all, "too many connections: the oldest of whoever has most ends");
        }
        drop(inside);
        Kept { stream, guest, network, inside: self.inside.clone() }
    }
}

impl<S, A> Accept<TcpStream, S> for Doorkeeper<A>
where
    A: Accept<Kept, S>,
{
    type Stream = A::Stream;
    type Service = A::Service;
    type Future = A::Future;

    fn accept(&self, stream: TcpStream, service: S) -> Self::Future {
        self.inner.accept(self.let_in(stream), service)
    }
}

/// A connection that can be ended from outside.
#[derive(Debug)]
pub struct Kept {
    stream: TcpStream,
    guest: Arc<Guest>,
    network: String,
    inside: Arc<Mutex<Inside>>,
}

impl Drop for Kept {
    fn drop(&mut self) {
        let mut inside = self.inside.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(own) = inside.networks.get_mut(&self.network) else { return };
        let before = own.len();
        own.retain(|guest| !Arc::ptr_eq(guest, &self.guest));
        let (gone, is_empty) = (before - own.len(), own.is_empty());
        // One that was shown out is not counted any more.
        inside.all -= gone;
        if is_empty {
            inside.networks.remove(&self.network);
        }
    }
}

impl AsyncRead for Kept {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.guest.waker.register(cx.waker());
        if self.guest.is_shown_out.load(Relaxed) {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        Pin::new(&mut self.stream).poll_read(cx, buf)
    }
}

impl AsyncWrite for Kept {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        if self.guest.is_shown_out.load(Relaxed) {
            return Poll::Ready(Err(io::ErrorKind::ConnectionAborted.into()));
        }
        Pin::new(&mut self.stream).poll_write(cx, buf)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, bufs)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}

/// Lets the program have as many files open as the system will ever let it, up to 65,536; how many that is.
#[cfg(unix)]
pub fn raise_files() -> usize {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    /// What connections of a thousand tablets take many times over; each is room in the kernel.
    const ENOUGH: u64 = 65_536;
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let most = maximum.unwrap_or(u64::MAX).min(ENOUGH);
    let wanted = Rlimit { current: Some(most.max(current.unwrap_or(u64::MAX))), maximum };
    let raised = match current {
        Some(current) if current < most => setrlimit(Resource::Nofile, wanted).map(|()| most).unwrap_or(current),
        Some(current) => current,
        None => ENOUGH,
    };
    usize::try_from(raised).unwrap_or(usize::MAX)
}

/// Where there is no such limit.
#[cfg(not(unix))]
pub fn raise_files() -> usize {
    8192
}
