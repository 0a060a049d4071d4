//! Where a request comes from, for limits, and for the log where signing in fails: it is never stored.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, FromRequestParts},
    http::{HeaderMap, request::Parts},
};
use ipnet::IpNet;

use super::App;

/// The machines whose word on where a request comes from is taken: proxies in front of this server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxies {
    networks: Vec<IpNet>,
    /// Somebody has said that there is one: what comes from it without a word may be anyone's.
    is_certain: bool,
}

impl Default for Proxies {
    /// This machine itself.
    fn default() -> Self {
        Self {
            networks: vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()].into_iter().map(whole).collect(),
            is_certain: false,
        }
    }
}

fn whole(address: IpAddr) -> IpNet {
    match address {
        // All of 127.0.0.0/8 is this machine.
        IpAddr::V4(address) if address.is_loopback() => IpNet::new_assert(Ipv4Addr::new(127, 0, 0, 0).into(), 8),
        address => address.into(),
    }
}

impl Proxies {
    /// This machine, and a proxy is known to be there.
    pub fn here() -> Self {
        Self { is_certain: true, ..Self::default() }
    }

    /// These.
    pub fn of(networks: Vec<IpNet>) -> Self {
        Self { networks, is_certain: true }
    }

    /// Whether this is one of them.
    pub fn holds(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.networks.iter().any(|network| network.contains(&address))
    }

    /// Who asks: the peer, or, as far as proxies vouch for it, whom they name. They write one after another, so the last that is
    /// no proxy of ours is the one that ours saw; what stands before it anyone may have written.
    fn asker(&self, peer: IpAddr, headers: &HeaderMap) -> Option<IpAddr> {
        if !self.holds(peer) {
            return Some(peer);
        }
        let lines = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
        let hops: Vec<&str> = lines.flat_map(|line| line.split(',')).map(str::trim).collect();
        let mut last = if self.is_certain { None } else { Some(peer) };
        for hop in hops.iter().rev() {
            match read(hop) {
                Some(address) if self.holds(address) => last = Some(address),
                Some(address) => return Some(address),
                None => break,
            }
        }
        last
    }
}

/// An address as proxies write it, with or without a port.
fn read(hop: &str) -> Option<IpAddr> {
    let bare = hop.trim_start_matches('[').trim_end_matches(']');
    let address = bare.parse().ok().or_else(|| hop.parse::<SocketAddr>().ok().map(|socket| socket.ip()));
    address.map(|address: IpAddr| address.to_canonical())
}

/// The network address of the browser, if it can be known.
#[derive(Clone, Copy, Debug)]
pub struct Address(pub Option<IpAddr>);

impl FromRequestParts<Arc<App>> for Address {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        Ok(Self(peer.and_then(|ConnectInfo(peer)| app.proxies.asker(peer.ip(), &parts.headers))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asker(proxies: &Proxies, peer: &str, lines: &[&'static str]) -> String {
        let name = axum::http::HeaderName::from_static("x-forwarded-for");
        let lines = lines.iter().map(|line| (name.clone(), axum::http::HeaderValue::from_static(line)));
        let headers = HeaderMap::from_iter(lines);
        proxies.asker(peer.parse().unwrap(), &headers).map_or("nobody".into(), |address| address.to_string())
    }

    #[test]
    fn only_proxies_are_believed_and_only_the_last_they_saw() {
        let here = Proxies::here();
        assert_eq!(asker(&here, "192.0.2.9", &["10.0.0.1"]), "192.0.2.9", "a stranger's word");
        assert_eq!(asker(&here, "127.0.0.1", &["10.0.0.1, 192.0.2.1"]), "192.0.2.1");
        assert_eq!(asker(&here, "127.0.0.1", &["10.0.0.1", "192.0.2.1, 127.0.0.1"]), "192.0.2.1", "two of ours");
        assert_eq!(asker(&here, "::1", &["192.0.2.1:4711"]), "192.0.2.1");
        assert_eq!(asker(&here, "::ffff:127.0.0.1", &["[2001:db8::1]:80"]), "2001:db8::1");
        assert_eq!(asker(&here, "127.0.0.1", &[]), "nobody", "or all tablets would count as one");
        assert_eq!(asker(&here, "127.0.0.1", &["10.0.0.1, unknown"]), "nobody");
        assert_eq!(asker(&Proxies::default(), "127.0.0.1", &[]), "127.0.0.1", "nobody said that there is a proxy");
        let ours = Proxies::of(vec!["10.1.0.0/16".parse().unwrap()]);
        assert_eq!(asker(&ours, "10.1.2.3", &["198.51.100.7, 192.0.2.1, 10.1.0.2"]), "192.0.2.1");
        assert_eq!(asker(&ours, "127.0.0.1", &["192.0.2.1"]), "127.0.0.1");
    }
}
