//! What serde says of values it can't take, in words that callers understand: nothing of our types' names.

use contracts::{FieldError, pointer};
use serde_path_to_error::{Path, Segment};

/// What is wrong there; `name` is what callers know a field as, such as a parameter.
pub(super) fn field_error(path: &Path, said: &str, name: &str) -> FieldError {
    let mut place = path.iter().map(segment).collect::<Vec<_>>();
    let (field, detail) = in_words(said, name);
    place.extend(field.map(str::to_owned));
    FieldError::new(pointer(place.iter().map(String::as_str)), detail)
}

fn segment(segment: &Segment) -> String {
    match segment {
        Segment::Seq { index } => index.to_string(),
        Segment::Map { key } => key.clone(),
        Segment::Enum { variant } => variant.clone(),
        Segment::Unknown => "?".to_owned(),
    }
}

/// The field within the place that it is about, where it is about one; and what is wrong with it.
fn in_words<'a>(said: &'a str, name: &str) -> (Option<&'a str>, String) {
    let quoted = |start: &str| said.strip_prefix(start)?.strip_prefix('`');
    if let Some(field) = quoted("missing field ").and_then(|rest| rest.strip_suffix('`')) {
        return (Some(field), "is missing".to_owned());
    }
    if let Some(field) = quoted("duplicate field ").and_then(|rest| rest.strip_suffix('`')) {
        return (Some(field), "is there more than once".to_owned());
    }
    // An unknown field is itself the place.
    if said.starts_with("unknown field ") {
        return (None, format!("is not a {name} of this; {}", known_are(said)));
    }
    if let Some((_, known)) = quoted("unknown variant ").and_then(|rest| rest.rsplit_once("`, expected ")) {
        return (None, format!("must be {known}"));
    }
    (None, wrong_value(said).unwrap_or_else(|| plain(said).to_owned()))
}

/// Of `…, expected one of …`, `…, expected …`, or `…, there are no fields`.
fn known_are(said: &str) -> String {
    let names = said.rsplit_once("`, expected ").map(|(_, names)| names.strip_prefix("one of ").unwrap_or(names));
    names.map_or_else(|| "it has none".to_owned(), |names| format!("known are: {}", names.replace(" or ", ", ")))
}

fn wrong_value(said: &str) -> Option<String> {
    let (about, wanted) = said.rsplit_once(", expected ").filter(|_| said.starts_with("invalid "))?;
    let wanted = wanted_as(wanted);
    if let Some(found) = about.strip_prefix("invalid type: ") {
        return Some(format!("must be {wanted}, not {}", kind_of(found)));
    }
    if let Some(length) = about.strip_prefix("invalid length ") {
        return Some(format!("must be {wanted}, not one of length {length}"));
    }
    let number = about.strip_prefix("invalid value: integer `").and_then(|found| found.strip_suffix('`'));
    // Other values might be secrets.
    Some(number.map_or_else(|| format!("must be {wanted}"), |number| format!("must be {wanted}, not {number}")))
}

/// What kind of value was found; never the value, which might be a secret.
fn kind_of(found: &str) -> &str {
    let kinds = [
        ("boolean", "`true` or `false`"),
        ("integer", "a whole number"),
        ("floating point", "a decimal number"),
        ("string", "a string"),
        ("character", "a string"),
        ("unit", "null"),
        ("Option", "null"),
        ("sequence", "a list"),
        ("map", "an object"),
    ];
    kinds.iter().find(|(start, _)| found.starts_with(start)).map_or(found, |(_, words)| words)
}

fn wanted_as(wanted: &str) -> String {
    if let Some((least, most)) = range(wanted) {
        return format!("a whole number from {least} to {most}");
    }
    let exact = match wanted {
        "f32" | "f64" => "a number",
        "a boolean" => "`true` or `false`",
        "a sequence" | "sequence" => "a list",
        "a map" | "map" => "an object",
        "string or map" | "variant identifier" => "a string",
        "unit" => "null",
        _ => "",
    };
    let starts = [
        ("struct ", "an object"),
        ("internally tagged enum ", "an object"),
        ("adjacently tagged enum ", "an object"),
        ("enum ", "a string"),
        ("unit struct ", "null"),
        ("unit variant ", "a string"),
        ("tuple ", "a list"),
        ("newtype ", "another kind of value"),
    ];
    let begun = || starts.iter().find(|(start, _)| wanted.starts_with(start)).map(|(_, words)| *words);
    Some(exact).filter(|words| !words.is_empty()).or_else(begun).unwrap_or(wanted).to_owned()
}

fn range(kind: &str) -> Option<(i128, u128)> {
    let of = |least: i64, most: u64| Some((i128::from(least), u128::from(most)));
    match kind {
        "u8" => of(0, u8::MAX.into()),
        "u16" => of(0, u16::MAX.into()),
        "u32" => of(0, u32::MAX.into()),
        "u64" | "usize" => of(0, u64::MAX),
        "i8" => of(i8::MIN.into(), i8::MAX.unsigned_abs().into()),
        "i16" => of(i16::MIN.into(), i16::MAX.unsigned_abs().into()),
        "i32" => of(i32::MIN.into(), i32::MAX.unsigned_abs().into()),
        "i64" | "isize" => of(i64::MIN, i64::MAX.unsigned_abs()),
        _ => None,
    }
}

/// What is said of texts that must be numbers and are none; the rest is in our words already.
fn plain(said: &str) -> &str {
    match said {
        "invalid digit found in string" | "cannot parse integer from empty string" => "must be a whole number",
        "number too large to fit in target type" => "is too large",
        "number too small to fit in target type" => "is too small",
        "provided string was not `true` or `false`" => "must be `true` or `false`",
        _ if said.starts_with("data did not match any variant of ") => "has none of the forms that are known",
        _ => said,
    }
}

#[cfg(test)]
mod tests {
    use super::in_words;

    #[test]
    fn no_name_of_a_type_is_told() {
        for (said, words) in [
            ("invalid type: sequence, expected struct Register with 4 elements", "must be an object, not a list"),
            ("invalid type: string \"7\", expected u32", "must be a whole number from 0 to 4294967295, not a string"),
            ("invalid value: integer `-1`, expected u8", "must be a whole number from 0 to 255, not -1"),
            ("invalid type: integer `12345`, expected a string", "must be a string, not a whole number"),
            ("invalid type: null, expected a sequence", "must be a list, not null"),
            ("invalid type: map, expected enum Currency", "must be a string, not an object"),
            (
                "invalid type: floating point `1.5`, expected i64",
                &format!("must be a whole number from {} to {}, not a decimal number", i64::MIN, i64::MAX),
            ),
            ("invalid value: string \"hunter2\", expected a UUID", "must be a UUID"),
            ("invalid value: string \"x, expected hunter2\", expected a UUID", "must be a UUID"),
            ("invalid length 3, expected a tuple of size 2", "must be a tuple of size 2, not one of length 3"),
            ("unknown variant `YEN`, expected `EUR` or `USD`", "must be `EUR` or `USD`"),
            ("data did not match any variant of untagged enum Wish", "has none of the forms that are known"),
            ("the currency is not one of ours", "the currency is not one of ours"),
        ] {
            assert_eq!(in_words(said, "field"), (None, words.to_owned()), "{said}");
        }
    }

    #[test]
    fn a_field_that_is_wrong_to_have_or_to_lack_is_named() {
        for (said, field, words) in [
            ("missing field `name`", "name", "is missing"),
            ("duplicate field `name`", "name", "is there more than once"),
        ] {
            assert_eq!(in_words(said, "field"), (Some(field), words.to_owned()), "{said}");
        }
        for (said, words) in [
            ("unknown field `a`, expected `b`", "is not a field of this; known are: `b`"),
            ("unknown field `a`, expected `b` or `c`", "is not a field of this; known are: `b`, `c`"),
            ("unknown field `a`, expected one of `b`, `c`, `d`", "is not a field of this; known are: `b`, `c`, `d`"),
            ("unknown field `a`, there are no fields", "is not a field of this; it has none"),
        ] {
            assert_eq!(in_words(said, "field"), (None, words.to_owned()), "{said}");
        }
    }
}
