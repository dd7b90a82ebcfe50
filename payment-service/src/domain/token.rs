//! The provider's token for a card.

use std::fmt;

use contracts::FieldError;

const PREFIX: &str = "tok_";
const NAME_MAX: usize = 60;

/// `tok_` and 1 to 60 of `a`–`z`, `0`–`9`, `_`; never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl Token {
    /// The token that reads `text`.
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        let name = text.strip_prefix(PREFIX).unwrap_or_default();
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        if (1..=NAME_MAX).contains(&name.len()) && name.bytes().all(plain) {
            return Ok(Self(text.to_owned()));
        }
        let detail = format!("must be a token of the provider: `{PREFIX}` and 1 to {NAME_MAX} of a–z, 0–9, _");
        Err(FieldError::new("/token", detail))
    }

    /// The text, for the store and the provider alone.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[token]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_a_prefix_and_plain_letters() {
        for good in ["tok_visa", "tok_1", &format!("tok_{}", "a".repeat(60))] {
            assert_eq!(Token::parse(good).unwrap().expose(), good);
        }
        for bad in ["", "tok_", "visa", "tok_Visa", "tok_a b", "tok_ä", " tok_visa", &format!("tok_{}", "a".repeat(61))]
        {
            assert_eq!(Token::parse(bad).unwrap_err().pointer, "/token", "{bad}");
        }
    }

    #[test]
    fn a_token_is_not_printed() {
        assert!(!format!("{:?}", Token::parse("tok_visa").unwrap()).contains("visa"));
    }
}
