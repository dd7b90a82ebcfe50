//! E-mail addresses that a letter could reach.

const CHARS_MAX: usize = 254;
const LOCAL_MAX: usize = 64;
const LABEL_MAX: usize = 63;

/// An e-mail address, as typed; compared without regard to case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Email(String);

impl Email {
    /// The address in `text`; the error says what is wrong with it.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let text = text.trim();
        if text.chars().count() > CHARS_MAX {
            return Err(format!("must have at most {CHARS_MAX} characters"));
        }
        let wrong = || "must be an e-mail address, such as ada@example.org".to_owned();
        let (local, domain) = text.split_once('@').ok_or_else(wrong)?;
        let blank = text.chars().any(|c| c.is_whitespace() || c.is_control());
        let local_fits = (1..=LOCAL_MAX).contains(&local.len()) && !local.contains(['"', '<', '>', ',', ';', '\\']);
        if blank || !local_fits || !is_domain(domain) {
            return Err(wrong());
        }
        Ok(Self(text.to_owned()))
    }

    /// As typed.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }

    /// As compared.
    pub(crate) fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

/// Two labels or more, the last not a number; letters of any script.
fn is_domain(text: &str) -> bool {
    let labels = text.split('.').collect::<Vec<_>>();
    let numeric = labels.last().is_some_and(|last| last.bytes().all(|byte| byte.is_ascii_digit()));
    labels.len() >= 2 && !numeric && labels.iter().all(|label| is_label(label))
}

fn is_label(label: &str) -> bool {
    let hyphen_at_end = label.starts_with('-') || label.ends_with('-');
    let plain = label.chars().all(|c| c.is_alphanumeric() || c == '-');
    (1..=LABEL_MAX).contains(&label.len()) && !hyphen_at_end && plain
}

#[cfg(test)]
mod tests {
    use super::Email;

    #[test]
    fn addresses_are_kept_as_typed_and_compared_without_case() {
        let email = Email::parse("  Ada.Lovelace+shop@Example.ORG ").unwrap();
        assert_eq!(email.as_str(), "Ada.Lovelace+shop@Example.ORG");
        assert_eq!(email.key(), "ada.lovelace+shop@example.org");
        for text in ["a@b.co", "ö@münchen.example", "a'b@x-y.z9.org", "1@1.com"] {
            assert!(Email::parse(text).is_ok(), "{text}");
        }
    }

    #[test]
    fn what_no_letter_reaches_is_refused() {
        let long = format!("{}@example.org", "a".repeat(65));
        let longer = format!("a@{}.org", "b.".repeat(126));
        let wrong = ["", "ada", "@b.co", "a@", "a@b", "a@b@c.de", "a b@c.de", "a@-b.de", "a@b..de", "a@1.2.3.4"];
        for text in wrong.into_iter().chain([long.as_str(), &longer, "a@b.de\u{0}", "<a>@b.de"]) {
            assert!(Email::parse(text).is_err(), "{text:?}");
        }
    }
}
