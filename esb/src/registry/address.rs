//! Names and addresses that may be registered.
//!
//! The bus sends requests, and fetches descriptions, where it is told to: so nobody may tell it to ask what only the
//! machine it runs on can reach, such as the metadata of a cloud.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use serde::Deserialize;
use url::{Host, Url};

use crate::policy::Networks;

/// As in DNS.
const NAME_MAX: usize = 63;
const URL_MAX: usize = 2048;
/// Clouds tell their machines' secrets at these, besides the link-local ones.
const METADATA: [Ipv4Addr; 3] =
    [Ipv4Addr::new(100, 100, 100, 200), Ipv4Addr::new(168, 63, 129, 16), Ipv4Addr::new(192, 0, 0, 192)];
const METADATA_V6: Ipv6Addr = Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254);
/// And by these names.
const METADATA_NAMES: [&str; 2] = ["metadata.google.internal", "metadata"];

/// The hosts at which services may be; all where none is named.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(try_from = "String")]
pub struct Hosts(Vec<Allowed>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Allowed {
    Addresses(Networks),
    Name(String),
    /// `*.internal`, kept as `.internal`.
    Below(String),
}

impl Hosts {
    fn allow(&self, host: &Host<&str>) -> bool {
        self.0.is_empty() || self.0.iter().any(|allowed| allowed.holds(host))
    }
}

impl Allowed {
    fn holds(&self, host: &Host<&str>) -> bool {
        match (self, host) {
            (Self::Addresses(networks), Host::Ipv4(address)) => networks.contains((*address).into()),
            (Self::Addresses(networks), Host::Ipv6(address)) => networks.contains(address.to_canonical()),
            (Self::Name(name), Host::Domain(domain)) => name == domain,
            (Self::Below(end), Host::Domain(domain)) => domain.ends_with(end.as_str()),
            _ => false,
        }
    }

    fn parse(text: &str) -> Result<Self, String> {
        if let Ok(networks) = Networks::try_from(text.to_owned()) {
            return Ok(Self::Addresses(networks));
        }
        let (name, below) = text.strip_prefix('*').map_or((text, false), |end| (end, true));
        let plain = name.trim_start_matches(if below { "." } else { "" });
        match Host::parse(plain) {
            Ok(Host::Domain(domain)) if domain == plain && (!below || name.starts_with('.')) => {
                Ok(if below { Self::Below(format!(".{domain}")) } else { Self::Name(domain) })
            }
            _ => Err(format!("`{text}` is no address, CIDR, host name, or `*.` and a domain")),
        }
    }
}

impl TryFrom<String> for Hosts {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.split_ascii_whitespace().map(Allowed::parse).collect::<Result<_, _>>().map(Self)
    }
}

/// Whether routes can name a service so.
pub fn is_name(text: &str) -> bool {
    let word = |word: &str| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    text.len() <= NAME_MAX && text.starts_with(|c: char| c.is_ascii_lowercase()) && text.split('-').all(word)
}

/// The address, written in the one way that tells it from others; what is wrong with it, otherwise.
pub(super) fn address(text: &str, hosts: &Hosts) -> Result<Url, &'static str> {
    if text.len() > URL_MAX {
        return Err("is longer than 2048 characters");
    }
    // The parser would drop some of these, and what is read then is not what was written.
    if text.contains(|c: char| c.is_control() || c.is_whitespace() || c == '\\') {
        return Err("has a space, a backslash or a control character");
    }
    let url = Url::parse(text).map_err(|_unreadable| "is no address such as http://host:9000")?;
    let host = url.host().ok_or("names no host")?;
    let rules = [
        (matches!(url.scheme(), "http" | "https"), "must be http or https"),
        (url.username().is_empty() && url.password().is_none(), "must not hold credentials"),
        (url.query().is_none(), "must not have a query"),
        (url.fragment().is_none(), "must not have a fragment"),
        (url.port() != Some(0), "names port 0"),
        (!is_metadata(&host), "is an address that no service is at: link-local, metadata, multicast or unspecified"),
        (hosts.allow(&host), "is at a host where services may not register here"),
    ];
    match rules.into_iter().find(|(holds, _)| !holds) {
        Some((_, wrong)) => Err(wrong),
        None => Ok(url),
    }
}

fn is_metadata(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => METADATA_NAMES.contains(&name.trim_end_matches('.')),
        Host::Ipv4(address) => is_forbidden((*address).into()),
        Host::Ipv6(address) => is_forbidden((*address).into()),
    }
}

/// Whether the bus must never connect to this address, whatever name led to it.
pub(super) fn is_forbidden(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_forbidden_v4(address),
        IpAddr::V6(address) => {
            let link_local = (address.segments().first().unwrap_or(&0) & 0xffc0) == 0xfe80;
            let own = address.is_unspecified() || address.is_multicast() || link_local || address == METADATA_V6;
            own || embedded(address).is_some_and(is_forbidden_v4)
        }
    }
}

fn is_forbidden_v4(address: Ipv4Addr) -> bool {
    let [first, ..] = address.octets();
    first == 0 || first >= 224 || address.is_link_local() || METADATA.contains(&address)
}

/// The IPv4 address that a gateway makes of an IPv6 one: NAT64 (RFC 6052), 6to4 (RFC 3056), and the old compatible form.
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let join = |high: u16, low: u16| Ipv4Addr::from_bits((u32::from(high) << 16) | u32::from(low));
    match address.segments() {
        [0, 0, 0, 0, 0, 0, high, low] if high != 0 => Some(join(high, low)),
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => Some(join(high, low)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judge(text: &str, hosts: &str) -> Result<String, &'static str> {
        address(text, &Hosts::try_from(hosts.to_owned()).unwrap()).map(|url| url.to_string())
    }

    #[test]
    fn addresses_of_services_are_taken() {
        for text in
            ["http://127.0.0.1:9000", "https://inventory.internal/api/v1", "http://[::1]:9000", "http://10.1.2.3"]
        {
            assert!(judge(text, "").is_ok(), "{text}");
        }
        assert_eq!(judge("HTTP://Host:80/", "").unwrap(), "http://host/", "one address has one form");
    }

    #[test]
    fn what_only_the_machine_itself_can_reach_is_refused_in_every_dress() {
        let hidden = [
            "http://169.254.169.254/latest",
            "http://0xa9fea9fe/",
            "http://2852039166",
            "http://0251.0376.0251.0376/",
            "http://[::ffff:169.254.169.254]",
            "http://[fe80::1]",
            "http://[fd00:ec2::254]",
            "http://0.0.0.0:8080",
            "http://0:8080",
            "http://[::]:80",
            "http://255.255.255.255",
            "http://224.0.0.1",
            "http://[ff02::1]",
            "http://[64:ff9b::a9fe:a9fe]",
            "http://[2002:a9fe:a9fe::1]",
            "http://[::a9fe:a9fe]",
            "http://100.100.100.200",
            "http://metadata.google.internal/",
            "http://Metadata.Google.Internal./",
            "http://168.63.129.16",
        ];
        for text in hidden {
            assert!(judge(text, "").unwrap_err().contains("no service"), "{text}: {:?}", judge(text, ""));
        }
    }

    #[test]
    fn what_is_more_than_a_base_address_is_refused() {
        let wrong = [
            ("ftp://host", "http"),
            ("file:///etc/passwd", "host"),
            ("http://", "no address"),
            ("host:9000", "host"),
            ("http://user@host", "credentials"),
            ("http://:pass@host", "credentials"),
            ("http://host?x=1", "query"),
            ("http://host#x", "fragment"),
            ("http://host:0", "port 0"),
            ("http://host:99999", "no address"),
            (" http://host", "space"),
            ("http://ho\tst", "space"),
            ("http:\\\\host", "backslash"),
            ("", "no address"),
            ("/api", "no address"),
            ("gopher://host:70/x", "http"),
            ("javascript:alert(1)", "host"),
        ];
        for (text, reason) in wrong {
            assert!(judge(text, "").unwrap_err().contains(reason), "{text}: {:?}", judge(text, ""));
        }
        assert!(judge(&format!("http://host/{}", "x".repeat(2048)), "").is_err());
    }

    #[test]
    fn an_installation_may_say_where_services_are() {
        let hosts = "10.0.0.0/8 ::1 inventory *.shop.internal";
        for good in ["http://10.9.9.9:1", "http://[::1]", "http://inventory:9000", "http://a.b.shop.internal"] {
            assert!(judge(good, hosts).is_ok(), "{good}");
        }
        for bad in
            ["http://127.0.0.1", "http://shop.internal", "http://evilshop.internal", "http://10.0.0.1.evil.example"]
        {
            assert!(judge(bad, hosts).is_err(), "{bad}");
        }
        for nonsense in ["10.0.0.0/99", "*internal", "a/b", "http://host"] {
            assert!(Hosts::try_from(nonsense.to_owned()).is_err(), "{nonsense}");
        }
    }

    #[test]
    fn names_are_kebab_case() {
        for good in ["a", "inventory-service", "a1-2b"] {
            assert!(is_name(good), "{good}");
        }
        for bad in ["", "-a", "a-", "a--b", "A", "1a", "a_b", "a.b", "ä", "a/b", &"a".repeat(64)] {
            assert!(!is_name(bad), "{bad}");
        }
    }
}
