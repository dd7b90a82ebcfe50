//! Envelopes on their way out.

use quick_xml::escape::escape;

use super::envelope::SOAP;
use super::header::WSA;

/// What a message answers, by WS-Addressing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Related {
    /// The `MessageID` of the question.
    pub(super) to: String,
    /// What the answer is.
    pub(super) action: String,
}

/// An envelope around this content.
pub(super) fn enveloped(content: &[u8], related: Option<&Related>) -> Vec<u8> {
    let mut xml = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<soap:Envelope xmlns:soap=\"{SOAP}\">");
    if let Some(Related { to, action }) = related {
        let header = format!("<wsa:Action>{}</wsa:Action><wsa:RelatesTo>{}</wsa:RelatesTo>", text(action), text(to));
        xml.extend(["<soap:Header xmlns:wsa=\"", WSA, "\">", &header, "</soap:Header>"]);
    }
    xml.push_str("<soap:Body>");
    let mut xml = xml.into_bytes();
    xml.extend_from_slice(content);
    xml.extend_from_slice(b"</soap:Body></soap:Envelope>");
    xml
}

/// A text that may stand in an element or an attribute; what XML can't carry becomes U+FFFD.
pub(super) fn text(text: &str) -> String {
    let carried = |c: char| {
        let fits = matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
        if fits { c } else { '\u{FFFD}' }
    };
    let text = text.chars().map(carried).collect::<String>();
    escape(text.as_str()).into_owned()
}
