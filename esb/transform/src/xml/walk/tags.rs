//! Tags: what they declare, and what their names mean by that.

use std::borrow::Cow;

use super::{Element, Walk};
use crate::broken::{Fault, Outcome, shown};
use crate::lexical::name::is_ncname;
use crate::lexical::ns::{XML, XMLNS};
use crate::limits::Limits;
use crate::xml::Start;
use crate::xml::attributes::{Attribute, Attributes};
use crate::xml::scopes::declares;

impl<'a> Walk<'a> {
    /// Takes what the tag declares; the other attributes are handed back.
    pub(super) fn take(&mut self, start: &Start<'a>) -> Outcome<Vec<Attribute<'a>>> {
        let Limits { attributes_max, name_max, .. } = self.limits;
        let too_long = |at| Fault::limit(at, format!("a name is longer than {name_max} bytes"));
        if start.name.len() > name_max {
            return Err(too_long(start.at));
        }
        let (mut attributes, mut others, mut count) = (Attributes::of(start), Vec::new(), 0_usize);
        while let Some(attribute) = attributes.next()? {
            count += 1;
            if count > attributes_max {
                return Err(Fault::limit(attribute.at, format!("more than {attributes_max} attributes")));
            }
            if attribute.name.len() > name_max {
                return Err(too_long(attribute.at));
            }
            match declares(attribute.name) {
                Some(prefix) => self.declare(prefix, &attribute)?,
                None => others.push(attribute),
            }
        }
        Ok(others)
    }

    fn declare(&mut self, prefix: &'a str, attribute: &Attribute<'a>) -> Outcome {
        let (at, uri) = (attribute.at, attribute.value()?);
        let default = attribute.name == "xmlns";
        let reserved = prefix == "xmlns" || *uri == *XMLNS || (prefix == "xml") != (*uri == *XML);
        if reserved || (!default && (uri.is_empty() || !is_ncname(prefix))) {
            return Err(Fault::malformed(at, format!("`{}` can't be declared so", shown(attribute.name.as_bytes()))));
        }
        let before = self.open.last().copied().unwrap_or(0);
        if self.declared.iter().skip(before).any(|(known, _)| *known == prefix) {
            return Err(Fault::malformed(at, "a second attribute of this name"));
        }
        if self.declared.len() >= self.limits.namespaces_max {
            return Err(Fault::limit(at, format!("more than {} namespaces", self.limits.namespaces_max)));
        }
        self.declared.push((prefix, uri));
        Ok(())
    }

    pub(super) fn add(&self, element: &mut Element<'a>, attribute: &Attribute<'a>) -> Outcome {
        let at = attribute.at;
        let (prefix, local) = attribute.name.split_once(':').unwrap_or(("", attribute.name));
        if !is_ncname(local) || attribute.name.starts_with(':') || !(prefix.is_empty() || is_ncname(prefix)) {
            return Err(Fault::malformed(at, format!("`{}` is no name", shown(attribute.name.as_bytes()))));
        }
        let namespace = if prefix.is_empty() { Cow::Borrowed("") } else { self.namespace(prefix, at)? };
        if element.attribute(&namespace, local).is_some() {
            return Err(Fault::malformed(at, "a second attribute of this name"));
        }
        element.attributes.push((namespace, local, attribute.value()?));
        Ok(())
    }

    pub(super) fn namespace(&self, prefix: &str, at: usize) -> Outcome<Cow<'a, str>> {
        match self.declared.iter().rfind(|(known, _)| *known == prefix) {
            Some((_, uri)) => Ok(uri.clone()),
            None if prefix.is_empty() => Ok(Cow::Borrowed("")),
            None if prefix == "xml" => Ok(Cow::Borrowed(XML)),
            None => Err(Fault::malformed(at, format!("the prefix `{}` is not declared", shown(prefix.as_bytes())))),
        }
    }
}
