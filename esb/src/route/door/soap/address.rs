//! The address by which a caller has reached us, as it can be written into a WSDL.

use actix_web::HttpRequest;
use actix_web::http::header::HOST;
use chassis::{Failure, Kind};

use crate::policy::Networks;

/// Where `/soap` is, for this caller: what a trusted proxy says counts, else the host that was asked for.
pub(super) fn address(request: &HttpRequest, trusted: &Networks) -> Result<String, Failure> {
    let by_proxy = trusted.origin(request).is_some_and(|origin| origin.trusted);
    let forwarded = |name: &str| line(request, name).filter(|_| by_proxy);
    let scheme = forwarded("x-forwarded-proto").filter(|scheme| scheme.eq_ignore_ascii_case("https"));
    let scheme = if scheme.is_some() { "https" } else { "http" };
    let host = forwarded("x-forwarded-host").or_else(|| line(request, HOST.as_str()));
    let prefix = forwarded("x-forwarded-prefix").unwrap_or_default().trim_end_matches('/');
    let wrong = || {
        let detail = "where you have reached this can't be told: `Host` or what a proxy forwards is no address";
        Failure::new(Kind::Malformed, "malformed-request", detail)
    };
    let host = host.filter(|host| is_host(host)).ok_or_else(wrong)?;
    if !is_prefix(prefix) {
        return Err(wrong());
    }
    Ok(format!("{scheme}://{host}{prefix}/soap"))
}

/// The first of what a header says: where there are several proxies, the outermost.
fn line<'a>(request: &'a HttpRequest, name: &str) -> Option<&'a str> {
    let line = request.headers().get(name)?.to_str().ok()?;
    line.split(',').next().map(str::trim).filter(|text| !text.is_empty())
}

fn is_host(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte))
}

fn is_prefix(text: &str) -> bool {
    let plain = text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte));
    plain && (text.is_empty() || text.starts_with('/')) && !text.starts_with("//")
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    fn told(peer: &str, headers: &[(&'static str, &'static str)]) -> Option<String> {
        let trusted = Networks::try_from("10.0.0.0/8".to_owned()).unwrap();
        let request = TestRequest::default().peer_addr(std::net::SocketAddr::new(peer.parse().unwrap(), 1));
        let request = headers.iter().fold(request, |request, header| request.append_header(*header));
        address(&request.to_http_request(), &trusted).ok()
    }

    const FORWARDED: [(&str, &str); 4] = [
        ("host", "esb:8080"),
        ("x-forwarded-proto", "https"),
        ("x-forwarded-host", "shop.example"),
        ("x-forwarded-prefix", "/api/"),
    ];

    #[test]
    fn trusted_proxies_say_where_we_are_and_strangers_do_not() {
        assert_eq!(told("10.1.1.1", &FORWARDED).as_deref(), Some("https://shop.example/api/soap"));
        assert_eq!(told("203.0.113.9", &FORWARDED).as_deref(), Some("http://esb:8080/soap"));
        assert_eq!(told("10.1.1.1", &[("host", "[::1]:80")]).as_deref(), Some("http://[::1]:80/soap"));
    }

    #[test]
    fn what_is_no_address_is_not_told() {
        assert_eq!(told("10.1.1.1", &[]), None);
        assert_eq!(told("10.1.1.1", &[("host", "a\"/><evil")]), None);
        assert_eq!(told("10.1.1.1", &[("host", "a"), ("x-forwarded-prefix", "//evil.example")]), None);
        assert_eq!(told("10.1.1.1", &[("host", "a"), ("x-forwarded-prefix", "api")]), None);
    }
}
