//! What machine clients may do.

/// Every scope there is.
pub(crate) const SCOPES: [&str; 6] =
    ["customers:read", "customers:register", "orders:place", "payments:refund", "registry", "saga"];

/// The scopes that a client with the scopes `allowed` gets when it asks for `wanted`; all of its own where it asks for
/// none; `None` where it asks for one that it does not have.
pub(crate) fn granted(allowed: &str, wanted: Option<&str>) -> Option<String> {
    let wanted = wanted.map(str::split_ascii_whitespace).into_iter().flatten().collect::<Vec<_>>();
    if wanted.is_empty() {
        return Some(allowed.to_owned());
    }
    let has = |scope: &&str| allowed.split_ascii_whitespace().any(|one| one == *scope);
    wanted.iter().all(has).then(|| wanted.join(" "))
}

#[cfg(test)]
mod tests {
    use super::granted;

    #[test]
    fn a_client_gets_what_it_asks_for_of_what_it_has() {
        let allowed = "orders:place customers:read";
        assert_eq!(granted(allowed, None).as_deref(), Some(allowed));
        assert_eq!(granted(allowed, Some("  ")).as_deref(), Some(allowed));
        assert_eq!(granted(allowed, Some("customers:read")).as_deref(), Some("customers:read"));
        assert_eq!(granted(allowed, Some("customers:read saga")), None);
        assert_eq!(granted(allowed, Some("customers")), None);
    }
}
