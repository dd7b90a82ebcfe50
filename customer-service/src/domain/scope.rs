//! What machine clients may do.

/// Every scope there is.
pub(crate) const SCOPES: [&str; 7] =
    ["clients:act-for", "customers:read", "customers:register", "orders:place", "payments:refund", "registry", "saga"];
/// Lets a client get tokens in the name of others.
pub(crate) const ACTS_FOR_CLIENTS: &str = "clients:act-for";
/// What nobody gets by way of another.
const OWN: [&str; 2] = [ACTS_FOR_CLIENTS, "saga"];

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

/// Whether one of these scopes is `scope`.
pub(crate) fn has_scope(scopes: &str, scope: &str) -> bool {
    scopes.split_ascii_whitespace().any(|one| one == scope)
}

/// What a client with these scopes may do through another, who acts for it.
pub(crate) fn lent(scopes: &str) -> String {
    let lent = scopes.split_ascii_whitespace().filter(|scope| !OWN.contains(scope));
    lent.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{granted, lent};

    #[test]
    fn what_is_a_clients_own_is_not_lent() {
        assert_eq!(lent("orders:place saga registry clients:act-for"), "orders:place registry");
    }

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
