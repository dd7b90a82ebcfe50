//! The same schemas as XML Schema 1.0: `types.xsd` has the types, `<root>.xsd` the element of each root.

mod body;
mod names;
mod variants;

use quick_xml::escape::escape;

use self::body::Types;
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
    let names = format!("xmlns=\"{NAMESPACE}\" targetNamespace=\"{NAMESPACE}\" elementFormDefault=\"qualified\"");
    let definitions = Types::new(grammar, components).definitions();
    format!("{HEAD} {names}>\n{definitions}</xs:schema>\n")
}

/// The element of one root.
pub(crate) fn root(grammar: &Grammar, components: &[Component], component: &Component) -> String {
    let uri = grammar.namespaces.get(component.namespace).map_or(NAMESPACE, |namespace| &*namespace.uri);
    let refers = if component.namespace == OURS {
        format!("<xs:include schemaLocation=\"{TYPES}.xsd\"/>")
    } else {
        format!("<xs:import namespace=\"{NAMESPACE}\" schemaLocation=\"{TYPES}.xsd\"/>")
    };
    let target = escape(uri);
    let nillable = if component.of.null == Null::Allowed { " nillable=\"true\"" } else { "" };
    let types = Types::new(grammar, components);
    let (name, of) = (&component.root, types.of(component.of));
    format!(
        "{HEAD} xmlns:t=\"{NAMESPACE}\" targetNamespace=\"{target}\" elementFormDefault=\"qualified\">\n  {refers}\n  \
         <xs:element name=\"{name}\" type=\"t:{of}\"{nillable}/>\n</xs:schema>\n"
    )
}

/// What the type of one schema is called in `types.xsd`.
pub(crate) fn type_name(grammar: &Grammar, components: &[Component], component: &Component) -> String {
    Types::new(grammar, components).of(component.of).to_owned()
}
