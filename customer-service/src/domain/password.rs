//! Which passwords are good enough: long, any characters, not one that everybody tries first.

use super::commonest_passwords::COMMONEST;

const CHARS_MIN: usize = 8;
const CHARS_MAX: usize = 256;

/// Why this can't be a password, if it can't. It is never changed: not trimmed, not normalised.
pub(crate) fn check_password(text: &str) -> Result<(), String> {
    if !is_plausible(text) {
        return Err(format!("must have {CHARS_MIN} to {CHARS_MAX} characters"));
    }
    let lower = text.to_lowercase();
    if COMMONEST.contains(&lower.as_str()) {
        return Err("is one of the passwords that are tried first: choose another".to_owned());
    }
    Ok(())
}

/// Whether anybody can have this password.
pub(crate) fn is_plausible(text: &str) -> bool {
    (CHARS_MIN..=CHARS_MAX).contains(&text.chars().count())
}

#[cfg(test)]
mod tests {
    use super::check_password;

    #[test]
    fn length_counts_and_nothing_else() {
        let long = "🦀".repeat(256);
        for text in ["correct horse", " 8 chars", "пароль-длинный", "aaaaaaab", long.as_str()] {
            assert_eq!(check_password(text), Ok(()), "{text}");
        }
        let longer = "🦀".repeat(257);
        for text in ["", "1234567", longer.as_str()] {
            assert!(check_password(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_commonest_are_refused_in_any_case() {
        for text in ["password", "Password1", "12345678", "QWERTYUIOP"] {
            assert!(check_password(text).is_err(), "{text}");
        }
    }
}
