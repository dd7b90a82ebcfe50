//! Who may use a route. Whose a thing is, the service that owns it decides.

use chassis::Failure;
use chassis::auth::Caller;
use serde::{Deserialize, Serialize};

/// Somebody who may use a route: `anyone`, `customer`, `operator` or `scope:<name>`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Allow {
    /// Also without a token.
    Anyone,
    /// Somebody with an account.
    Customer,
    /// An operator.
    Operator,
    /// A machine client with this scope.
    Scope(String),
}

/// The caller that `find` finds, if the route is for them: 401 without a good token, 403 without the role or scope.
/// Where anyone may, tokens are none of our business.
pub fn admit(allow: &[Allow], find: impl FnOnce() -> Result<Caller, Failure>) -> Result<Option<Caller>, Failure> {
    if allow.contains(&Allow::Anyone) {
        return Ok(None);
    }
    let caller = find()?;
    if allow.iter().any(|one| one.admits(&caller)) { Ok(Some(caller)) } else { Err(caller.forbidden()) }
}

impl Allow {
    fn admits(&self, caller: &Caller) -> bool {
        match self {
            Self::Anyone => true,
            Self::Customer => caller.has_role("customer"),
            Self::Operator => caller.is_operator(),
            Self::Scope(scope) => caller.has_scope(scope),
        }
    }
}

impl TryFrom<String> for Allow {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        match (text.as_str(), text.strip_prefix("scope:")) {
            ("anyone", _) => Ok(Self::Anyone),
            ("customer", _) => Ok(Self::Customer),
            ("operator", _) => Ok(Self::Operator),
            (_, Some(scope)) if !scope.is_empty() => Ok(Self::Scope(scope.to_owned())),
            _ => Err(format!("`{text}` is none of `anyone`, `customer`, `operator`, `scope:<name>`")),
        }
    }
}

impl From<Allow> for String {
    fn from(allow: Allow) -> Self {
        match allow {
            Allow::Anyone => "anyone".to_owned(),
            Allow::Customer => "customer".to_owned(),
            Allow::Operator => "operator".to_owned(),
            Allow::Scope(scope) => format!("scope:{scope}"),
        }
    }
}
