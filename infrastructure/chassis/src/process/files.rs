//! How many files and connections the process may have open.

use nix::sys::resource::{Resource, getrlimit, setrlimit};

/// As many as the platform lets it have. Where nothing is said that is 1024 at first, for the sake of programs that can't
/// count further; each stream of events is one.
pub(super) fn allow_all() {
    let allowed = getrlimit(Resource::RLIMIT_NOFILE);
    let raised = allowed.and_then(|(_now, most)| setrlimit(Resource::RLIMIT_NOFILE, most, most));
    if let Err(error) = raised {
        tracing::warn!("the limit of open files stays as it is: {error}");
    }
}

#[cfg(test)]
mod tests {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};

    use super::allow_all;

    #[test]
    fn a_low_limit_is_raised_as_far_as_allowed() {
        let (_, most) = getrlimit(Resource::RLIMIT_NOFILE).unwrap();
        setrlimit(Resource::RLIMIT_NOFILE, 64, most).unwrap();
        allow_all();
        assert_eq!(getrlimit(Resource::RLIMIT_NOFILE).unwrap(), (most, most));
    }
}
