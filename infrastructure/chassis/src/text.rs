//! Text that no field may hold: what XML can't carry, and card numbers.

const CARD_DIGITS: std::ops::RangeInclusive<usize> = 13..=19;

/// Whether XML 1.0 can carry every character (<https://www.w3.org/TR/xml/#charsets>).
pub fn is_xml_text(text: &str) -> bool {
    text.chars()
        .all(|c| !matches!(c, '\0'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' | '\u{fffe}' | '\u{ffff}'))
}

/// Whether the text holds what looks like a card number: 13 to 19 digits, perhaps in groups, that pass the check of
/// ISO/IEC 7812 (Luhn) and begin as a card's do. Ids never count.
pub fn is_card_number(text: &str) -> bool {
    if text.len() < *CARD_DIGITS.start() {
        return false;
    }
    digit_runs(&without_ids(text))
        .iter()
        .any(|run| CARD_DIGITS.contains(&run.len()) && begins_as_a_card(run) && passes_luhn(run))
}

/// The text with an `x` for each id in it, as in `customer:<id>`: digits of an id are nobody's card.
fn without_ids(text: &str) -> String {
    let ends = |c: char| !c.is_ascii_alphanumeric() && c != '-';
    let word = |word: &str| if is_uuid(word.trim_end_matches(ends)) { "x ".to_owned() } else { word.to_owned() };
    text.split_inclusive(ends).map(word).collect()
}

/// Runs of digits; a single space or hyphen between two digits does not end a run.
fn digit_runs(text: &str) -> Vec<Vec<u8>> {
    let mut runs = vec![Vec::new()];
    let mut separators = 0_u32;
    for byte in text.bytes() {
        let Some(run) = runs.last_mut() else { break };
        match byte {
            b'0'..=b'9' => {
                run.push(byte - b'0');
                separators = 0;
            }
            b' ' | b'-' if separators == 0 && !run.is_empty() => separators = 1,
            _ if run.is_empty() => {}
            _ => runs.push(Vec::new()),
        }
    }
    runs
}

fn begins_as_a_card(digits: &[u8]) -> bool {
    matches!(digits.first(), Some(2..=6))
}

fn passes_luhn(digits: &[u8]) -> bool {
    let doubled = |digit: u8| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let weigh = |(place, digit): (usize, &u8)| u32::from(if place % 2 == 1 { doubled(*digit) } else { *digit });
    digits.iter().rev().enumerate().map(weigh).sum::<u32>() % 10 == 0
}

fn is_uuid(text: &str) -> bool {
    text.len() == 36 && text.parse::<contracts::Id<()>>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn card_numbers_are_seen_in_any_dress() {
        for card in ["4111111111111111", "4111 1111 1111 1111", "my card: 5500-0000-0000-0004.", "378282246310005"] {
            assert!(is_card_number(card), "{card}");
        }
    }

    #[test]
    fn other_numbers_pass() {
        let ids = "01890a5d-ac96-774b-bcce-b302099a8057";
        let inside = "customer:01a201bb-2822-7480-8379-416c2ecfb88f, 01a201bb-2846-7519-9801-7182e8df6d08";
        assert!(!is_card_number(inside));
        assert!(is_card_number("customer:01a201bb-2822-7480-8379-416c2ecfb88f 4111 1111 1111 1111"));
        for text in ["4111111111111112", "tok_visa", "+49 30 1234567", ids, "411111111111", "1Z 999 AA1 01 2345 6784"] {
            assert!(!is_card_number(text), "{text}");
        }
    }

    #[test]
    fn xml_carries_all_but_controls() {
        assert!(is_xml_text("tab\t line\n return\r ä 漢 \u{1f600} \u{fffd}"));
        for text in ["\0", "\u{8}", "\u{b}", "\u{1f}", "\u{fffe}", "\u{ffff}"] {
            assert!(!is_xml_text(text));
        }
    }
}
