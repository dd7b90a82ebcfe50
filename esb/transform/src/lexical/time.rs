//! Moments and days that both RFC 3339 and XML Schema can write.

/// Whether `xs:dateTime` has this form: `2026-01-02T03:04:05.678Z`.
pub(crate) fn is_date_time(text: &[u8]) -> bool {
    let Some((date, time)) = text.split_at_checked(10) else { return false };
    is_date(date) && time.strip_prefix(b"T").is_some_and(is_time)
}

/// Whether `xs:date` has this form: `2026-01-02`.
pub(crate) fn is_date(text: &[u8]) -> bool {
    let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1] = text else { return false };
    let (Some(century), Some(year)) = (number(*y0, *y1), number(*y2, *y3)) else { return false };
    let (Some(month), Some(day)) = (number(*m0, *m1), number(*d0, *d1)) else { return false };
    let year = u32::from(century) * 100 + u32::from(year);
    year > 0 && (1..=days(year, month)).contains(&day)
}

fn is_time(text: &[u8]) -> bool {
    let [h0, h1, b':', m0, m1, b':', s0, s1, rest @ ..] = text else { return false };
    let below = |tens: &u8, ones: &u8, limit: u8| number(*tens, *ones).is_some_and(|value| value < limit);
    below(h0, h1, 24) && below(m0, m1, 60) && below(s0, s1, 60) && is_zone(without_fraction(rest))
}

fn without_fraction(text: &[u8]) -> &[u8] {
    let Some(fraction) = text.strip_prefix(b".") else { return text };
    let digits = fraction.iter().take_while(|byte| byte.is_ascii_digit()).count();
    // A point without a digit stays, and is no zone.
    if digits == 0 { text } else { fraction.get(digits..).unwrap_or(&[]) }
}

fn is_zone(text: &[u8]) -> bool {
    match text {
        b"Z" => true,
        [b'+' | b'-', h0, h1, b':', m0, m1] => {
            let (Some(hours), Some(minutes)) = (number(*h0, *h1), number(*m0, *m1)) else { return false };
            (hours < 14 && minutes < 60) || (hours == 14 && minutes == 0)
        }
        _ => false,
    }
}

fn number(tens: u8, ones: u8) -> Option<u8> {
    (tens.is_ascii_digit() && ones.is_ascii_digit()).then(|| (tens - b'0') * 10 + (ones - b'0'))
}

fn days(year: u32, month: u8) -> u8 {
    let leap = year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::{is_date, is_date_time};

    #[test]
    fn moments_that_both_sides_can_write() {
        for good in ["2026-01-02T03:04:05Z", "2024-02-29T23:59:59.999999999Z", "0001-01-01T00:00:00+14:00"] {
            assert!(is_date_time(good.as_bytes()), "{good}");
        }
        for bad in [
            "",
            "2026-01-02",
            "2026-01-02t03:04:05z",
            "2026-01-02 03:04:05Z",
            "2026-01-02T03:04:05",
            "2026-13-02T03:04:05Z",
            "2025-02-29T00:00:00Z",
            "2026-01-02T24:00:00Z",
            "2026-01-02T03:04:60Z",
            "2026-01-02T03:04:05.Z",
            "0000-01-01T00:00:00Z",
            "2026-01-02T03:04:05+14:01",
            "2026-01-02T03:04:05Zx",
        ] {
            assert!(!is_date_time(bad.as_bytes()), "{bad}");
        }
        assert!(is_date(b"2000-02-29") && !is_date(b"1900-02-29") && !is_date(b"2026-1-1"));
    }
}
