//! Types, each once and with a name.

use quick_xml::escape::escape;

use super::names::Names;
use crate::compile::Component;
use crate::lexical::ns::OURS;
use crate::plan::node::{Element, Field, Grammar, Node, Null, Object, Place, Presence, Scalar, ScalarKind, Shape, Use};

/// What is needed to write types.
pub(super) struct Types<'a> {
    pub(super) grammar: &'a Grammar,
    pub(super) names: Names,
}

/// How often an element may stand there.
pub(super) const ONCE: &str = "";
pub(super) const AT_MOST_ONCE: &str = " minOccurs=\"0\"";
const ANY: &str = " minOccurs=\"0\" maxOccurs=\"unbounded\"";

impl<'a> Types<'a> {
    pub(super) fn new(grammar: &'a Grammar, components: &'a [Component]) -> Self {
        Self { grammar, names: Names::new(grammar, components) }
    }

    /// All of them.
    pub(super) fn definitions(&self) -> String {
        let all: String = self.names.by_node.iter().map(|(node, name)| self.definition(*node, name)).collect();
        let anything = &self.names.anything;
        if !all.contains(&format!("type=\"{anything}\"")) {
            return all;
        }
        let content = format!("<xs:any processContents=\"skip\"{ANY}/>");
        let attributes = "<xs:anyAttribute processContents=\"skip\"/>";
        format!(
            "{all}  <xs:complexType name=\"{anything}\" mixed=\"true\"><xs:sequence>\n    {content}\n  </xs:sequence>\
             {attributes}</xs:complexType>\n"
        )
    }

    fn definition(&self, node: usize, name: &str) -> String {
        match self.grammar.at(node) {
            Node::Scalar(scalar) => simple(scalar, name),
            _ => format!("  <xs:complexType name=\"{name}\"{}</xs:complexType>\n", self.complex(node, "")),
        }
    }

    /// A complex type from behind its name on, with `more` attributes than its own.
    fn complex(&self, node: usize, more: &str) -> String {
        match self.grammar.at(node) {
            Node::Scalar(scalar) => {
                let base = self.names.by_node.get(&node).map_or(base(scalar), String::as_str);
                format!("><xs:simpleContent><xs:extension base=\"{base}\">{more}</xs:extension></xs:simpleContent>")
            }
            Node::Array(item) => format!("><xs:sequence>{}\n  </xs:sequence>{more}", self.element(item, ANY)),
            Node::Object(object) => self.object(object, self.names.null(node), more),
            Node::Variants(variants) => self.variants(variants, more),
        }
    }

    /// The name of the type.
    pub(super) fn of(&self, of: Use) -> &str {
        match (self.names.by_node.get(&of.node), self.grammar.node(of)) {
            (Some(name), _) => name,
            (None, Node::Scalar(scalar)) => base(scalar),
            (None, _) => &self.names.anything,
        }
    }

    fn element(&self, element: &Element, times: &str) -> String {
        declared(&element.tag.local, (self.of(element.of), element.of.null), times)
    }

    fn object(&self, object: &Object, null: Null, more: &str) -> String {
        // An element that is null has no attributes, so none can be required of it.
        let attributes: String =
            object.fields.iter().take(object.attributes).map(|field| self.attribute(field, null)).collect();
        let attributes = attributes + more + &foreign_attributes([object]);
        match object.shape {
            Shape::Text(text) => {
                let of = object.fields.get(text).map_or("xs:string", |field| self.of(field.of));
                format!("><xs:simpleContent><xs:extension base=\"{of}\">{attributes}</xs:extension></xs:simpleContent>")
            }
            Shape::Elements | Shape::Repeating => format!(">{}{attributes}", self.content(object)),
        }
    }

    fn attribute(&self, field: &Field, null: Null) -> String {
        if field.tag.namespace != OURS {
            return String::new();
        }
        let required = field.presence == Presence::Required && null == Null::Refused;
        let required = if required { " use=\"required\"" } else { "" };
        format!("\n    <xs:attribute name=\"{}\" type=\"{}\"{required}/>", field.tag.local, self.of(field.of))
    }

    /// In any order where XML Schema 1.0 can say so, else in the one in which they come out.
    fn content(&self, object: &Object) -> String {
        let elements = || object.fields.iter().skip(object.attributes);
        if elements().any(|field| field.tag.namespace != OURS) {
            let ours: String =
                elements().filter(|field| field.tag.namespace == OURS).map(|field| self.field(field, ONCE)).collect();
            let content = ours + &foreign_elements([object]) + &self.entries([object], ONCE);
            return format!("<xs:choice{ANY}>{content}\n  </xs:choice>");
        }
        let known: String = elements().map(|field| self.field(field, times(field))).collect();
        match (known.is_empty(), object.extra) {
            (true, None) => String::new(),
            (false, None) if object.shape == Shape::Elements => format!("<xs:all>{known}\n  </xs:all>"),
            _ => format!("<xs:sequence>{known}{}\n  </xs:sequence>", self.entries([object], ANY)),
        }
    }

    pub(super) fn field(&self, field: &Field, times: &str) -> String {
        declared(&field.tag.local, (self.of(field.of), field.of.null), times)
    }

    /// The entries of maps: what they hold, with the key as an attribute.
    pub(super) fn entries<'o>(&self, objects: impl IntoIterator<Item = &'o Object>, times: &str) -> String {
        let mut extras = objects.into_iter().filter_map(|object| object.extra);
        let Some(of) = extras.next() else { return String::new() };
        if extras.any(|other| other != of) {
            return declared("entry", (&self.names.anything, Null::Allowed), times);
        }
        // Not as an extension, which not every validator understands of types in any order.
        let of_entry = self.complex(of.node, "<xs:attribute name=\"key\" type=\"xs:string\" use=\"required\"/>");
        let nillable = nillable(of.null);
        format!(
            "\n    <xs:element name=\"entry\"{times}{nillable}><xs:complexType{of_entry}</xs:complexType></xs:element>"
        )
    }
}

pub(super) fn declared(name: &str, (of, null): (&str, Null), times: &str) -> String {
    format!("\n    <xs:element name=\"{name}\" type=\"{of}\"{times}{}/>", nillable(null))
}

fn nillable(null: Null) -> &'static str {
    if null == Null::Allowed { " nillable=\"true\"" } else { "" }
}

fn times(field: &Field) -> &'static str {
    match (field.place, field.presence) {
        (Place::Repeated, _) => ANY,
        (_, Presence::Required) => ONCE,
        (_, Presence::Optional) => AT_MOST_ONCE,
    }
}

/// Elements of other namespaces, whose schemas are not ours to write: one wildcard for each, so that none is ambiguous.
pub(super) fn foreign_elements<'o>(objects: impl IntoIterator<Item = &'o Object>) -> String {
    let fields = objects.into_iter().flat_map(|object| object.fields.iter().skip(object.attributes));
    if fields.filter(|field| field.tag.namespace != OURS).count() == 0 {
        return String::new();
    }
    "\n    <xs:any namespace=\"##other\" processContents=\"skip\"/>".to_owned()
}

pub(super) fn foreign_attributes<'o>(objects: impl IntoIterator<Item = &'o Object>) -> String {
    let fields = objects.into_iter().flat_map(|object| object.fields.iter().take(object.attributes));
    if fields.filter(|field| field.tag.namespace != OURS).count() == 0 {
        return String::new();
    }
    "<xs:anyAttribute namespace=\"##other\" processContents=\"skip\"/>".to_owned()
}

/// A type for a list of values, or for a name.
fn simple(scalar: &Scalar, name: &str) -> String {
    let option = |option: &str| format!("\n    <xs:enumeration value=\"{}\"/>", enumerated(option));
    let options: String = scalar.options.iter().map(|value| option(value)).collect();
    let base = base(scalar);
    format!(
        "  <xs:simpleType name=\"{name}\"><xs:restriction base=\"{base}\">{options}</xs:restriction></xs:simpleType>\n"
    )
}

/// In an attribute, white space that is to stay needs a reference.
fn enumerated(option: &str) -> String {
    escape(option).replace('\t', "&#9;").replace('\n', "&#10;").replace('\r', "&#13;")
}

/// Wide enough for everything that comes out.
fn base(scalar: &Scalar) -> &'static str {
    match scalar.kind {
        ScalarKind::Text => "xs:string",
        ScalarKind::DateTime => "xs:dateTime",
        ScalarKind::Date => "xs:date",
        ScalarKind::Integer => "xs:integer",
        ScalarKind::Number => "xs:double",
        ScalarKind::Boolean => "xs:boolean",
    }
}
