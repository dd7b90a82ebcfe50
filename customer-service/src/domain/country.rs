//! Countries of addresses.

use contracts::is_country;

/// The code in `text`.
pub(crate) fn country(text: &str) -> Result<String, String> {
    let text = text.trim();
    if is_country(text) {
        return Ok(text.to_owned());
    }
    Err("must be two capital letters of ISO 3166-1, such as DE".to_owned())
}

#[cfg(test)]
mod tests {
    use super::country;

    #[test]
    fn only_countries_pass() {
        assert_eq!(country(" DE "), Ok("DE".to_owned()));
        for text in ["", "de", "XX", "Germany"] {
            assert!(country(text).is_err(), "{text:?}");
        }
    }
}
