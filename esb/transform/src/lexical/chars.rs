//! Which characters there are, and how they are written.

/// Whether XML 1.0 can carry this character.
pub(crate) fn is_xml(c: char) -> bool {
    matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..='\u{10FFFF}')
}

/// XML's and JSON's white space, which are the same four.
pub(crate) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
}

/// How many bytes at the front are not `special`. Eight at a time, so that the compiler can look at them at once.
pub(crate) fn run(bytes: &[u8], special: impl Fn(u8) -> bool) -> usize {
    let clean = |chunk: &&[u8]| !chunk.iter().fold(false, |found, byte| found | special(*byte));
    let chunks = bytes.chunks_exact(16).take_while(clean).count() * 16;
    let rest = bytes.get(chunks..).unwrap_or(&[]);
    chunks + rest.iter().position(|byte| special(*byte)).unwrap_or(rest.len())
}

/// Without white space at both ends.
pub(crate) fn trimmed(bytes: &[u8]) -> &[u8] {
    let start = bytes.iter().position(|byte| !is_space(*byte)).unwrap_or(bytes.len());
    let end = bytes.iter().rposition(|byte| !is_space(*byte)).map_or(start, |last| last + 1);
    bytes.get(start..end).unwrap_or(&[])
}

/// U+FFFE and U+FFFF, which are UTF-8 but not XML: where the first is.
pub(crate) fn noncharacter(bytes: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let rest = bytes.get(from..)?;
        let at = from + run(rest, |byte| byte == 0xEF);
        if matches!(bytes.get(at..at + 3)?, [0xEF, 0xBF, 0xBE | 0xBF]) {
            return Some(at);
        }
        from = at + 1;
    }
}

/// Appends `text` as part of a JSON string.
pub(crate) fn json_escaped(json: &mut Vec<u8>, text: &[u8]) {
    let mut rest = text;
    loop {
        let plain = run(rest, |byte| byte == b'"' || byte == b'\\' || byte < 0x20);
        let (before, after) = rest.split_at_checked(plain).unwrap_or((rest, &[]));
        json.extend_from_slice(before);
        let Some((byte, after)) = after.split_first() else { return };
        match byte {
            b'"' => json.extend_from_slice(b"\\\""),
            b'\\' => json.extend_from_slice(b"\\\\"),
            b'\n' => json.extend_from_slice(b"\\n"),
            b'\r' => json.extend_from_slice(b"\\r"),
            b'\t' => json.extend_from_slice(b"\\t"),
            other => json.extend_from_slice(format!("\\u{other:04x}").as_bytes()),
        }
        rest = after;
    }
}
