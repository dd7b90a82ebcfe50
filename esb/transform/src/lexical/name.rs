//! Names of elements and attributes (XML 1.0, fifth edition, and Namespaces in XML 1.0).

/// Whether this is a name without a colon.
pub(crate) fn is_ncname(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(starts) && chars.all(continues)
}

fn starts(c: char) -> bool {
    matches!(c,
        'A'..='Z' | '_' | 'a'..='z'
        | '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{2FF}' | '\u{370}'..='\u{37D}'
        | '\u{37F}'..='\u{1FFF}' | '\u{200C}'..='\u{200D}' | '\u{2070}'..='\u{218F}' | '\u{2C00}'..='\u{2FEF}'
        | '\u{3001}'..='\u{D7FF}' | '\u{F900}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FFFD}' | '\u{10000}'..='\u{EFFFF}')
}

fn continues(c: char) -> bool {
    starts(c) || matches!(c, '-' | '.' | '0'..='9' | '\u{B7}' | '\u{300}'..='\u{36F}' | '\u{203F}'..='\u{2040}')
}

/// Whether every validator knows this as a name: the fourth edition, which XML Schema 1.0 and many tools follow, has
/// fewer. What both have is the ASCII part and the letters below.
pub(crate) fn is_portable_ncname(text: &str) -> bool {
    is_ncname(text)
        && text
            .chars()
            .all(|c| c.is_ascii() || matches!(c, '\u{C0}'..='\u{D6}' | '\u{D8}'..='\u{F6}' | '\u{F8}'..='\u{131}'))
}

/// `PlaceOrder` as `place_order`; whatever no name can hold becomes `_`.
pub(crate) fn snake_case(name: &str) -> String {
    let letters: Vec<char> = name.chars().collect();
    let mut snake = String::new();
    for (index, letter) in letters.iter().enumerate() {
        let before = index.checked_sub(1).and_then(|before| letters.get(before));
        let after = letters.get(index + 1);
        let begins = before.is_some_and(|c| c.is_lowercase() || c.is_ascii_digit())
            || (before.is_some_and(|c| c.is_uppercase()) && after.is_some_and(|c| c.is_lowercase()));
        if letter.is_uppercase() && begins {
            snake.push('_');
        }
        snake.extend(if letter.is_alphanumeric() { *letter } else { '_' }.to_lowercase());
    }
    if snake.starts_with(|c: char| c.is_ascii_digit()) { format!("_{snake}") } else { snake }
}

#[cfg(test)]
mod tests {
    use super::{is_ncname, snake_case};

    #[test]
    fn roots_are_named_after_their_schema() {
        for (schema, root) in [
            ("PlaceOrder", "place_order"),
            ("OrderList", "order_list"),
            ("HTTPRoute", "http_route"),
            ("Line2Item", "line2_item"),
            ("already_there", "already_there"),
            ("with.dots-and-dashes", "with_dots_and_dashes"),
            ("2Fast", "_2_fast"),
        ] {
            assert_eq!(snake_case(schema), root);
        }
    }

    #[test]
    fn a_name_begins_with_a_letter_and_has_no_colon() {
        assert!(is_ncname("größe") && is_ncname("_1") && is_ncname("a-b.c"));
        assert!(!is_ncname("") && !is_ncname("1a") && !is_ncname("a:b") && !is_ncname("a b") && !is_ncname("-a"));
    }
}
