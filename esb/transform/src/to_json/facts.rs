//! What the attributes of an element say.

use super::Reading;
use crate::broken::{Fault, Outcome, shown};
use crate::lexical::name::is_ncname;
use crate::lexical::ns::{INSTANCE, OURS};
use crate::plan::node::Name;
use crate::xml::Start;
use crate::xml::attributes::{Attribute, Attributes};
use crate::xml::scopes::declares;

/// Attributes, without those that declare namespaces.
#[derive(Debug, Default)]
pub(super) struct Facts<'a> {
    /// `xsi:nil` is true.
    pub(super) nil: bool,
    /// The rest, without `xsi`.
    pub(super) others: Vec<(Name<'a>, Attribute<'a>)>,
}

impl Facts<'_> {
    /// No attribute is wanted.
    pub(super) fn none(&self) -> Outcome {
        self.others.first().map_or(Ok(()), |(_, attribute)| Err(unknown(attribute)))
    }
}

pub(super) fn unknown(attribute: &Attribute<'_>) -> Fault {
    Fault::schema(attribute.at, format!("there is no attribute `{}` here", shown(attribute.name.as_bytes())))
}

impl<'a> Reading<'a, '_> {
    /// What stands in the tag of an element whose declarations have been taken.
    pub(super) fn facts(&self, start: &Start<'a>) -> Outcome<Facts<'a>> {
        let mut facts = Facts::default();
        if !start.has_attributes() {
            return Ok(facts);
        }
        let mut attributes = Attributes::of(start);
        let mut instance: Vec<&str> = Vec::new();
        while let Some(attribute) = attributes.next()? {
            if declares(attribute.name).is_some() {
                continue;
            }
            let name = self.attribute_name(&attribute)?;
            let twice =
                facts.others.iter().any(|(known, _)| known.local == name.local && known.namespace == name.namespace);
            if twice || (name.namespace == INSTANCE && instance.contains(&name.local)) {
                return Err(Fault::malformed(attribute.at, "a second attribute of this name"));
            }
            if name.namespace == INSTANCE {
                instance.push(name.local);
                facts.nil |= nil(name.local, &attribute)?;
            } else {
                facts.others.push((name, attribute));
            }
        }
        Ok(facts)
    }

    /// Attributes without a prefix are in no namespace; the schema counts them as ours.
    fn attribute_name(&self, attribute: &Attribute<'a>) -> Outcome<Name<'a>> {
        let Some((prefix, local)) = attribute.name.split_once(':') else {
            return named(attribute, attribute.name).map(|local| Name { namespace: OURS, local });
        };
        named(attribute, prefix)?;
        let namespace = self.scopes.namespace(prefix, attribute.at)?;
        let local = named(attribute, local)?;
        if namespace == OURS {
            return Err(unknown(attribute));
        }
        Ok(Name { namespace, local })
    }
}

fn named<'a>(attribute: &Attribute<'_>, part: &'a str) -> Outcome<&'a str> {
    if is_ncname(part) {
        return Ok(part);
    }
    Err(Fault::malformed(attribute.at, format!("`{}` is no name", shown(attribute.name.as_bytes()))))
}

/// Whether this makes the element null. The others that XML Schema defines change nothing: the schema is known.
fn nil(local: &str, attribute: &Attribute<'_>) -> Outcome<bool> {
    if !matches!(local, "nil" | "type" | "schemaLocation" | "noNamespaceSchemaLocation") {
        return Err(unknown(attribute));
    }
    let value = attribute.value()?;
    if local != "nil" {
        return Ok(false);
    }
    match value.trim_matches([' ', '\t', '\r', '\n']) {
        "true" | "1" => Ok(true),
        "false" | "0" => Ok(false),
        _ => Err(Fault::schema(attribute.at, "true or false is wanted")),
    }
}
