//! Numbers: JSON's and XML Schema's forms of the same value.

/// How many bytes at the front are a JSON number; 0 where there is none.
pub(crate) fn json_length(bytes: &[u8]) -> usize {
    let signed = usize::from(bytes.first() == Some(&b'-'));
    let whole = digits(bytes, signed);
    let leading_zero = whole > 1 && bytes.get(signed) == Some(&b'0');
    if whole == 0 || leading_zero {
        return 0;
    }
    let mut end = signed + whole;
    if bytes.get(end) == Some(&b'.') {
        let fraction = digits(bytes, end + 1);
        if fraction == 0 {
            return 0;
        }
        end += 1 + fraction;
    }
    if matches!(bytes.get(end), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(end + 1), Some(b'+' | b'-')));
        let exponent = digits(bytes, end + 1 + sign);
        if exponent == 0 {
            return 0;
        }
        end += 1 + sign + exponent;
    }
    end
}

/// Whether a JSON number is written as a whole one, as `xs:integer` wants it.
pub(crate) fn is_integer(number: &[u8]) -> bool {
    let number = number.strip_prefix(b"-").unwrap_or(number);
    !number.is_empty() && number.iter().all(u8::is_ascii_digit)
}

/// XML Schema's `xs:double` or `xs:decimal` as JSON of the same value: unchanged where JSON can write it so. `None`
/// where it is no number, or one that JSON has not (`INF`, `NaN`).
pub(crate) fn from_xsd(text: &[u8], json: &mut Vec<u8>) -> Option<()> {
    if !text.is_empty() && json_length(text) == text.len() {
        json.extend_from_slice(text);
        return Some(());
    }
    let (sign, rest): (&[u8], &[u8]) = match text.split_first()? {
        (b'-', rest) => (b"-", rest),
        (b'+', rest) => (b"", rest),
        _ => (b"", text),
    };
    let whole = rest.get(..digits(rest, 0))?;
    let mut after = rest.get(whole.len()..)?;
    let mut fraction: &[u8] = &[];
    if let Some(point) = after.strip_prefix(b".") {
        fraction = point.get(..digits(point, 0))?;
        after = point.get(fraction.len()..)?;
    }
    if whole.is_empty() && fraction.is_empty() {
        return None;
    }
    let first = whole.iter().position(|digit| *digit != b'0').unwrap_or(whole.len());
    let significant = whole.get(first..)?;
    let mut number = sign.to_vec();
    number.extend_from_slice(if significant.is_empty() { b"0" } else { significant });
    if !fraction.is_empty() {
        number.push(b'.');
        number.extend_from_slice(fraction);
    }
    number.extend_from_slice(after);
    (json_length(&number) == number.len()).then(|| json.extend_from_slice(&number))
}

fn digits(bytes: &[u8], from: usize) -> usize {
    bytes.get(from..).unwrap_or(&[]).iter().take_while(|byte| byte.is_ascii_digit()).count()
}

#[cfg(test)]
mod tests {
    use super::{from_xsd, is_integer, json_length};

    #[test]
    fn numbers_of_json() {
        for number in
            ["0", "-0", "1.50", "1E5", "1e+05", "9007199254740993", "-0.0e-0", "123456789012345678901234567890"]
        {
            assert_eq!(json_length(number.as_bytes()), number.len(), "{number}");
        }
        for none in ["", "-", "+5", "007", ".5", "5.", "1e", "1e+", "INF", "NaN", "-.5", "00"] {
            assert_eq!(json_length(none.as_bytes()), 0, "{none}");
        }
    }

    #[test]
    fn what_only_xml_can_write_keeps_its_value() {
        for (xml, json) in [
            ("+5", "5"),
            ("007", "7"),
            (".5", "0.5"),
            ("5.", "5"),
            ("-.50", "-0.50"),
            ("+00.10E+3", "0.10E+3"),
            ("-000", "-0"),
            ("1.50", "1.50"),
            ("5.e3", "5e3"),
        ] {
            let mut out = Vec::new();
            assert_eq!(from_xsd(xml.as_bytes(), &mut out), Some(()), "{xml}");
            assert_eq!(String::from_utf8(out).unwrap(), json);
        }
        for none in ["", "INF", "-INF", "NaN", ".", "+", "1e", "1 2", "0x1", "--1", "1e5.0", "٣"] {
            assert_eq!(from_xsd(none.as_bytes(), &mut Vec::new()), None, "{none}");
        }
    }

    #[test]
    fn an_integer_has_neither_fraction_nor_exponent() {
        assert!(is_integer(b"-12") && !is_integer(b"1.0") && !is_integer(b"1e2") && !is_integer(b"-"));
    }
}
