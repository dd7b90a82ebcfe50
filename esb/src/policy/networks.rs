//! Whom we believe when they say for whom they speak.

use std::net::IpAddr;

use actix_web::HttpRequest;
use actix_web::http::header::HeaderMap;
use serde::Deserialize;

/// Addresses and networks.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Networks(Vec<Network>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    bits: u32,
}

/// Where a request comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// Who opened the connection.
    pub peer: IpAddr,
    /// Who asks, as far as we can know.
    pub client: IpAddr,
    /// Whether the peer's `X-Forwarded-*` are believed.
    pub trusted: bool,
}

impl Networks {
    /// Where the request comes from: through trusted proxies back to the first address that is not one of them.
    pub fn origin(&self, request: &HttpRequest) -> Option<Origin> {
        let peer = request.peer_addr()?.ip().to_canonical();
        if !self.contains(peer) {
            return Some(Origin { peer, client: peer, trusted: false });
        }
        Some(Origin { peer, client: self.client(request.headers(), peer), trusted: true })
    }

    fn client(&self, headers: &HeaderMap, peer: IpAddr) -> IpAddr {
        let lines = headers.get_all("x-forwarded-for").filter_map(|line| line.to_str().ok()).collect::<Vec<_>>();
        let hops = lines.iter().flat_map(|line| line.split(',')).map(|hop| hop.trim().parse().ok());
        let mut client = peer;
        for hop in hops.rev() {
            let Some(hop) = hop.map(|address: IpAddr| address.to_canonical()) else { break };
            client = hop;
            if !self.contains(hop) {
                break;
            }
        }
        client
    }

    /// Whether the address, in its canonical form, is one of these.
    pub fn contains(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(address))
    }
}

impl Network {
    fn parse(text: &str) -> Option<Self> {
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address = address.parse::<IpAddr>().ok()?;
        let whole = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Some(whole), |bits| bits.parse().ok())?;
        (bits <= whole).then_some(Self { address, bits })
    }

    fn contains(&self, other: IpAddr) -> bool {
        let same = |ours: u128, theirs: u128, width: u32| self.bits == 0 || (ours ^ theirs) >> (width - self.bits) == 0;
        match (self.address, other) {
            (IpAddr::V4(ours), IpAddr::V4(theirs)) => same(ours.to_bits().into(), theirs.to_bits().into(), 32),
            (IpAddr::V6(ours), IpAddr::V6(theirs)) => same(ours.to_bits(), theirs.to_bits(), 128),
            _ => false,
        }
    }
}

impl TryFrom<String> for Networks {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let parse = |part| Network::parse(part).ok_or_else(|| format!("`{part}` is neither an address nor a CIDR"));
        text.split_ascii_whitespace().map(parse).collect::<Result<_, _>>().map(Self)
    }
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn client(peer: &str, forwarded: &[&str]) -> String {
        let trusted = Networks::try_from("127.0.0.1 10.0.0.0/8 ::1".to_owned()).unwrap();
        let mut request = TestRequest::default().peer_addr(std::net::SocketAddr::new(peer.parse().unwrap(), 1));
        for line in forwarded {
            request = request.append_header(("x-forwarded-for", *line));
        }
        trusted.origin(&request.to_http_request()).unwrap().client.to_string()
    }

    #[test]
    fn strangers_speak_for_themselves_only() {
        assert_eq!(client("203.0.113.9", &["198.51.100.1"]), "203.0.113.9");
    }

    #[test]
    fn the_client_is_the_last_address_that_no_trusted_proxy_could_have_made_up() {
        assert_eq!(client("127.0.0.1", &["198.51.100.1"]), "198.51.100.1");
        assert_eq!(client("127.0.0.1", &["8.8.8.8, 198.51.100.1", "10.1.2.3"]), "198.51.100.1");
        assert_eq!(client("10.9.9.9", &["nonsense, 10.1.2.3"]), "10.1.2.3");
        assert_eq!(client("::1", &[]), "::1");
    }

    #[test]
    fn what_is_no_network_is_refused() {
        for text in ["localhost", "10.0.0.0/33", "::1/129", "10.0.0.0/"] {
            assert!(Networks::try_from(text.to_owned()).is_err(), "{text}");
        }
    }
}
