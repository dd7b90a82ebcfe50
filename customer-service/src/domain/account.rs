//! Accounts in the making, and changes of them.

use contracts::{Customer, CustomerChange, Id, Password, Register};

use super::text::line;
use super::{CustomerError, Email, Mistakes, check_password};

const NAME_MAX: usize = 200;

/// A document, and which version of it.
#[derive(Debug, Clone)]
pub(crate) struct Versioned<T> {
    pub(crate) document: T,
    pub(crate) version: i64,
}

/// Somebody with an account, who has proved it.
#[derive(Debug, Clone)]
pub(crate) struct SignedIn {
    pub(crate) customer: Customer,
    pub(crate) is_operator: bool,
}

impl SignedIn {
    /// For the token.
    pub(crate) fn roles(&self) -> Vec<String> {
        let roles: &[&str] = if self.is_operator { &["customer", "operator"] } else { &["customer"] };
        roles.iter().map(|role| (*role).to_owned()).collect()
    }
}

/// An account that is about to be made.
#[derive(Debug, Clone)]
pub(crate) struct NewAccount {
    pub(crate) id: Id<Customer>,
    pub(crate) email: Email,
    pub(crate) name: String,
    pub(crate) is_operator: bool,
}

impl NewAccount {
    /// The account that `register` asks for, with its password.
    pub(crate) fn parse(register: &Register) -> Result<(Self, Password), CustomerError> {
        let mut mistakes = Mistakes::default();
        let email = mistakes.keep("/email", Email::parse(&register.email));
        let good = mistakes.keep("/password", check_password(register.password.expose()));
        let name = mistakes.keep("/name", line(&register.name, NAME_MAX));
        let account = email.zip(name).map(|(email, name)| Self { id: Id::mint(), email, name, is_operator: false });
        mistakes.unless_any(account.zip(good.map(|()| register.password.clone())))
    }

    /// The account of an operator.
    pub(crate) fn operator(email: Email) -> Self {
        Self { id: Id::mint(), email, name: "Operator".to_owned(), is_operator: true }
    }
}

/// What of a profile changes.
#[derive(Debug, Clone)]
pub(crate) struct ProfileEdit {
    pub(crate) email: Option<Email>,
    pub(crate) name: Option<String>,
}

impl ProfileEdit {
    /// The edit in `change`.
    pub(crate) fn parse(change: &CustomerChange) -> Result<Self, CustomerError> {
        let mut mistakes = Mistakes::default();
        let email = mistakes.keep_some("/email", change.email.as_deref().map(Email::parse));
        let name = mistakes.keep_some("/name", change.name.as_deref().map(|name| line(name, NAME_MAX)));
        mistakes.unless_any(Some(Self { email, name }))
    }
}
