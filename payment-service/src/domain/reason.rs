//! Why money is given back, or a payment given up.

use contracts::FieldError;

const CHARS_MAX: usize = 500;

/// 1 to 500 characters, without blanks around.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason(String);

impl Reason {
    /// The reason that reads `text`.
    pub fn parse(text: &str) -> Result<Self, FieldError> {
        let text = text.trim();
        let wrong = |detail: String| FieldError::new("/reason", detail);
        if text.is_empty() {
            return Err(wrong("must not be empty".to_owned()));
        }
        if text.chars().count() > CHARS_MAX {
            return Err(wrong(format!("must have {CHARS_MAX} characters at most")));
        }
        Ok(Self(text.to_owned()))
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_trimmed_and_bounded_by_characters() {
        assert_eq!(Reason::parse("  broken \n").unwrap().as_str(), "broken");
        assert!(Reason::parse(&"ä".repeat(500)).is_ok());
        for bad in ["", " \t\n", &"ä".repeat(501)] {
            assert_eq!(Reason::parse(bad).unwrap_err().pointer, "/reason");
        }
    }
}
