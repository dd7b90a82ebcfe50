//! An envelope, read as a stream: what it asks for stays where it is, and is handed on by its place.

use std::ops::Range;

use transform::{Broken, Element, Limits, NAMESPACE, Step, Walk};

use super::fault::Trouble;
use super::header::Header;

/// SOAP 1.1.
pub(super) const SOAP: &str = "http://schemas.xmlsoap.org/soap/envelope/";

/// An envelope.
#[derive(Debug)]
pub(super) struct Envelope<'a> {
    pub(super) header: Header,
    pub(super) body: Wrapper<'a>,
}

/// The one element in the body: an operation, with what it is about.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Wrapper<'a> {
    /// The operation.
    pub(super) name: &'a str,
    /// Where it is, tags included.
    pub(super) range: Range<usize>,
    /// What is declared around it.
    pub(super) namespaces: Vec<(&'a str, String)>,
}

impl<'a> Envelope<'a> {
    /// The envelope in this document, which is nothing else.
    pub(super) fn read(document: &'a [u8], limits: Limits) -> Result<Self, Trouble> {
        let mut walk = Walk::new(document, limits)?;
        root(&mut walk)?;
        let (mut header, mut body) = (None, None);
        while let Some(element) = walk.child()? {
            match (element.local, element.namespace == SOAP, header.is_some(), body.is_some()) {
                ("Header", true, false, false) => header = Some(Header::read(&mut walk)?),
                ("Body", true, _, false) => body = Some(Wrapper::read(&mut walk, &element)?),
                _ => {
                    let detail = "an Envelope holds one Header at most, then one Body, and nothing else";
                    return Err(walk.refuse(element.at, detail).into());
                }
            }
        }
        let at = walk.position();
        let body = body.ok_or_else(|| walk.refuse(at, "the Envelope holds no Body"))?;
        over(&mut walk)?;
        Ok(Self { header: header.unwrap_or_default(), body })
    }
}

impl<'a> Wrapper<'a> {
    fn read(walk: &mut Walk<'a>, body: &Element<'a>) -> Result<Self, Broken> {
        let Some(element) = walk.child()? else {
            return Err(walk.refuse(body.at, "the Body is empty: it holds the operation that is wanted"));
        };
        if !element.namespace.is_empty() && element.namespace != NAMESPACE {
            return Err(walk.refuse(element.at, format!("operations are in the namespace `{NAMESPACE}`")));
        }
        let namespaces = walk.around().map(|(prefix, uri)| (prefix, uri.to_owned())).collect();
        walk.to_end()?;
        let range = element.at..walk.position();
        match walk.child()? {
            None => Ok(Self { name: element.local, range, namespaces }),
            Some(second) => Err(walk.refuse(second.at, "the Body holds one element, and this is another")),
        }
    }
}

fn root(walk: &mut Walk<'_>) -> Result<(), Trouble> {
    let at = walk.position();
    match walk.next()? {
        Step::Start(root) if root.is(SOAP, "Envelope") => Ok(()),
        Step::Start(root) if root.local == "Envelope" => Err(Trouble::version()),
        _ => Err(walk.refuse(at, "a SOAP Envelope is wanted").into()),
    }
}

fn over(walk: &mut Walk<'_>) -> Result<(), Broken> {
    let at = walk.position();
    match walk.next()? {
        Step::Over => Ok(()),
        _ => Err(walk.refuse(at, "the document has ended, and something follows")),
    }
}
