//! Text of one line: trimmed, not empty, not endless.

/// One line of `text`, of `chars_max` characters at most.
pub(crate) fn line(text: &str, chars_max: usize) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("must not be empty".to_owned());
    }
    if text.chars().count() > chars_max {
        return Err(format!("must have at most {chars_max} characters"));
    }
    if text.chars().any(|c| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) {
        return Err("must be one line, without control characters".to_owned());
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::line;

    #[test]
    fn a_line_is_trimmed_and_kept() {
        assert_eq!(line("  Ada Lovelace ", 200), Ok("Ada Lovelace".to_owned()));
        assert_eq!(line("漢".repeat(200).as_str(), 200), Ok("漢".repeat(200)));
    }

    #[test]
    fn what_is_no_line_is_refused() {
        for text in ["", "   ", "a\nb", "a\tb", "a\u{85}b", &"漢".repeat(201)] {
            assert!(line(text, 200).is_err(), "{text:?}");
        }
    }
}
