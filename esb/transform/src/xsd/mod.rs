//! The same schemas as XML Schema 1.0: `types.xsd` has the types, `<root>.xsd` the element of each root.

mod body;

use quick_xml::escape::escape;

use crate::compile::Component;
use crate::lexical::ns::{NAMESPACE, OURS};
use crate::plan::node::{Grammar, Null};

pub(crate) const TYPES: &str = "types";
pub(crate) const PROBLEM: &str = "problem";
/// Problems have no schema of ours.
pub(crate) const PROBLEM_XSD: &str = include_str!("problem.xsd");

const HEAD: &str =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"";

/// All types.
pub(crate) fn types(grammar: &Grammar, components: &[Component]) -> String {
    let head =
        format!("{HEAD} xmlns=\"{NAMESPACE}\" targetNamespace=\"{NAMESPACE}\" elementFormDefault=\"qualified\">\n");
    let mut types = body::Types::new(grammar, components);
    let mut xsd = head;
    for component in components {
        xsd.push_str(&types.named(component));
    }
    xsd + "</xs:schema>\n"
}

/// The element of one root.
pub(crate) fn root(grammar: &Grammar, component: &Component) -> String {
    let nillable = if component.of.null == Null::Allowed { " nillable=\"true\"" } else { "" };
    let uri = grammar.namespaces.get(component.namespace).map_or(NAMESPACE, |namespace| &*namespace.uri);
    let refers = if component.namespace == OURS {
        format!("  <xs:include schemaLocation=\"{TYPES}.xsd\"/>\n")
    } else {
        format!("  <xs:import namespace=\"{NAMESPACE}\" schemaLocation=\"{TYPES}.xsd\"/>\n")
    };
    let head = format!(
        "{HEAD} xmlns:t=\"{NAMESPACE}\" targetNamespace=\"{}\" elementFormDefault=\"qualified\">\n",
        escape(uri)
    );
    let element = format!("  <xs:element name=\"{}\" type=\"t:{}\"{nillable}/>\n", component.root, component.name);
    head + &refers + &element + "</xs:schema>\n"
}
