//! XML, piece by piece, in place. quick-xml finds the pieces; what it lets pass is checked here: characters, names,
//! attributes, references, the declaration, and that there is no DTD.

pub(crate) mod attributes;
pub(crate) mod declaration;
pub(crate) mod scopes;
pub(crate) mod text;
pub(crate) mod walk;

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::broken::{Fault, Outcome, shown};
use crate::lexical::chars::{is_space, trimmed};
use crate::lexical::name::is_ncname;

/// A piece of a document. Comments and processing instructions are none.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Piece<'a> {
    Start(Start<'a>),
    End,
    /// As it is written, without references.
    Text(&'a str),
    /// What is between `&` and `;`.
    Reference(&'a str),
    /// What is between `<![CDATA[` and `]]>`.
    Cdata(&'a str),
    /// The document has ended.
    Over,
}

/// A start tag; an empty-element tag is one too, and its end follows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Start<'a> {
    /// With its prefix.
    pub(crate) name: &'a str,
    /// What follows the name.
    pub(crate) attributes: &'a str,
    pub(crate) at: usize,
}

/// A document, or an element of one.
pub(crate) struct Pieces<'a> {
    source: &'a str,
    reader: Reader<&'a [u8]>,
    /// Where what the reader sees begins in the source.
    base: usize,
    /// Where the last piece begins.
    at: usize,
}

impl<'a> Pieces<'a> {
    /// Those of `source` from `base` to `end`.
    pub(crate) fn new(source: &'a str, base: usize, end: usize) -> Self {
        let mut reader = Reader::from_str(source.get(base..end).unwrap_or(""));
        let config = reader.config_mut();
        config.expand_empty_elements = true;
        config.check_comments = true;
        Self { source, reader, base, at: base }
    }

    /// Those from here on, for looking ahead: end tags are not compared.
    pub(crate) fn ahead(&self) -> Self {
        let mut ahead = Self::new(self.source, self.position(), self.source.len());
        let config = ahead.reader.config_mut();
        config.check_end_names = false;
        config.allow_unmatched_ends = true;
        ahead
    }

    /// Where the last piece begins.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    fn position(&self) -> usize {
        self.base + usize::try_from(self.reader.buffer_position()).unwrap_or(usize::MAX - self.base)
    }

    pub(crate) fn next(&mut self) -> Outcome<Piece<'a>> {
        loop {
            self.at = self.position();
            let event = self.reader.read_event();
            let raw = self.source.get(self.at..self.position()).unwrap_or("");
            let piece = match event {
                Err(error) => return Err(self.unreadable(&error)),
                Ok(Event::Start(_) | Event::Empty(_)) => Piece::Start(self.start(raw)),
                Ok(Event::End(_)) => Piece::End,
                Ok(Event::Text(_)) => Piece::Text(raw),
                Ok(Event::GeneralRef(_)) => Piece::Reference(inner(raw, "&", ";")),
                Ok(Event::CData(_)) => Piece::Cdata(inner(raw, "<![CDATA[", "]]>")),
                Ok(Event::Comment(_)) => continue,
                Ok(Event::PI(_)) => {
                    self.instruction(raw)?;
                    continue;
                }
                Ok(Event::Decl(_)) => {
                    return Err(Fault::malformed(self.at, "the XML declaration stands at the start only"));
                }
                Ok(Event::DocType(_)) => return Err(Fault::malformed(self.at, "document types are refused")),
                Ok(Event::Eof) => Piece::Over,
            };
            return Ok(piece);
        }
    }

    fn start(&self, raw: &'a str) -> Start<'a> {
        let inside = inner(raw, "<", ">");
        let inside = inside.strip_suffix('/').unwrap_or(inside);
        let length = inside.bytes().position(is_space).unwrap_or(inside.len());
        let (name, attributes) = inside.split_at_checked(length).unwrap_or((inside, ""));
        Start { name, attributes, at: self.at }
    }

    fn instruction(&self, raw: &str) -> Outcome {
        let inside = inner(raw, "<?", "?>");
        let target = inside.split(|c: char| u8::try_from(c).is_ok_and(is_space)).next().unwrap_or(inside);
        if is_ncname(target) && !target.eq_ignore_ascii_case("xml") {
            return Ok(());
        }
        Err(Fault::malformed(self.at, "this is no processing instruction"))
    }

    fn unreadable(&self, error: &quick_xml::Error) -> Fault {
        let at = self.base + usize::try_from(self.reader.error_position()).unwrap_or(0);
        Fault::malformed(at.max(self.at), shown_sentence(&error.to_string()))
    }

    /// What has begun here does not end.
    pub(crate) fn truncated(&self) -> Fault {
        Fault::malformed(self.at, "the document ends inside an element")
    }
}

impl<'a> Start<'a> {
    /// Prefix and local name. A colon in front separates nothing: it stays, and no schema knows such a name.
    pub(crate) fn split(&self) -> (&'a str, &'a str) {
        self.name.split_once(':').filter(|(prefix, _)| !prefix.is_empty()).unwrap_or(("", self.name))
    }

    pub(crate) fn has_attributes(&self) -> bool {
        !trimmed(self.attributes.as_bytes()).is_empty()
    }

    /// Where the attributes begin.
    pub(crate) fn attributes_at(&self) -> usize {
        self.at + 1 + self.name.len()
    }

    /// Whether this is a name at all.
    pub(crate) fn is_named(&self) -> bool {
        let (prefix, local) = self.split();
        is_ncname(local) && (prefix.is_empty() || is_ncname(prefix))
    }

    /// It is not wanted here: either no name at all, or one that the schema does not know.
    pub(crate) fn unknown(&self) -> Fault {
        if !self.is_named() {
            return Fault::malformed(self.at, format!("`{}` is no name", shown(self.name.as_bytes())));
        }
        Fault::schema(self.at, format!("there is no element `{}` here", shown(self.split().1.as_bytes())))
    }
}

fn inner<'a>(raw: &'a str, open: &str, close: &str) -> &'a str {
    raw.strip_prefix(open).and_then(|raw| raw.strip_suffix(close)).unwrap_or("")
}

/// What quick-xml says may quote the document at any length.
fn shown_sentence(text: &str) -> String {
    const SENTENCE_MAX: usize = 200;
    text.chars().take(SENTENCE_MAX).map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect()
}
