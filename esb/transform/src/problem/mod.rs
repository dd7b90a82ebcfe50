//! Problems (RFC 9457) in XML and back, without a schema: members that a kind of problem adds are carried too.

mod read;
mod write;

use crate::broken::Broken;
use crate::lexical::ns::PROBLEM_NAMESPACE;

/// `application/problem+json` as `application/problem+xml`, with its declaration. What XML can't carry in a text becomes
/// U+FFFD, since a problem has to get through; only a member whose name can't be an element is refused.
pub fn problem_to_xml(json: &[u8]) -> Result<Vec<u8>, Broken> {
    let mut xml = b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_vec();
    write::document(json, &mut xml).map_err(|fault| fault.in_source(json))?;
    Ok(xml)
}

/// The same as an element that can stand in any document, such as the detail of a SOAP fault.
pub fn problem_to_element(json: &[u8]) -> Result<Vec<u8>, Broken> {
    let mut xml = Vec::new();
    write::document(json, &mut xml).map_err(|fault| fault.in_source(json))?;
    Ok(xml)
}

/// `application/problem+xml` as `application/problem+json`. `status`, `line` and `column` are numbers, `errors` is an
/// array, and so is what consists of `i`; the type of anything else is not in the XML, and it becomes a string.
pub fn problem_to_json(xml: &[u8]) -> Result<Vec<u8>, Broken> {
    let mut json = Vec::new();
    read::document(xml, &mut json).map_err(|fault| fault.in_source(xml))?;
    Ok(json)
}
