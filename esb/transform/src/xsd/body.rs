//! Types, each once: those with a name at the top, the others where they are used.

use std::collections::BTreeMap;

use quick_xml::escape::escape;

use crate::compile::Component;
use crate::lexical::ns::OURS;
use crate::plan::node::{
    Element, Field, Grammar, Node, Null, Object, Place, Presence, Scalar, ScalarKind, Shape, Use, Variants,
};

/// What is needed to write types.
pub(super) struct Types<'a> {
    grammar: &'a Grammar,
    /// The first schema of each node gives it its name.
    names: BTreeMap<usize, &'a str>,
}

/// How often an element may stand there.
#[derive(Clone, Copy)]
enum Times {
    Once,
    AtMostOnce,
    Any,
}

impl<'a> Types<'a> {
    pub(super) fn new(grammar: &'a Grammar, components: &'a [Component]) -> Self {
        let mut names = BTreeMap::new();
        for component in components {
            names.entry(component.of.node).or_insert(component.name.as_str());
        }
        Self { grammar, names }
    }

    /// The type of a schema; a schema that is another one under a second name extends it by nothing.
    pub(super) fn named(&mut self, component: &Component) -> String {
        let (name, of) = (&component.name, component.of);
        let first = self.names.get(&of.node).copied().unwrap_or(name);
        let simple = matches!(self.grammar.node(of), Node::Scalar(_));
        match (first == name, simple) {
            (true, _) => self.definition(of, &format!(" name=\"{name}\"")),
            (false, true) => {
                format!("<xs:simpleType name=\"{name}\"><xs:restriction base=\"{first}\"/></xs:simpleType>\n")
            }
            (false, false) => format!(
                "<xs:complexType name=\"{name}\"><xs:complexContent><xs:extension base=\"{first}\"/></xs:complexContent></xs:complexType>\n"
            ),
        }
    }

    fn definition(&self, of: Use, name: &str) -> String {
        match self.grammar.node(of) {
            Node::Scalar(scalar) => simple(scalar, name),
            Node::Array(item) => {
                let item = self.element(item, Times::Any);
                format!("<xs:complexType{name}><xs:sequence>{item}</xs:sequence></xs:complexType>\n")
            }
            Node::Object(object) => self.object(object, name),
            Node::Variants(variants) => self.variants(variants, name),
        }
    }

    fn element(&self, element: &Element, times: Times) -> String {
        self.declared("element", (&element.tag.local, element.of), times.attributes())
    }

    /// An element or attribute with its type, by name or in place.
    fn declared(&self, what: &str, (name, of): (&str, Use), more: &str) -> String {
        let nillable = if of.null == Null::Allowed { " nillable=\"true\"" } else { "" };
        let head = format!("<xs:{what} name=\"{}\"{more}{nillable}", escape(name));
        match (self.names.get(&of.node), self.grammar.node(of)) {
            (Some(named), _) => format!("{head} type=\"{named}\"/>"),
            (None, Node::Scalar(scalar)) if scalar.options.is_empty() => format!("{head} type=\"{}\"/>", base(scalar)),
            (None, _) => format!("{head}>{}</xs:{what}>", self.definition(of, "").trim_end()),
        }
    }

    fn object(&self, object: &Object, name: &str) -> String {
        let attributes: String =
            object.fields.iter().take(object.attributes).map(|field| self.attribute(field)).collect();
        let any = wildcard(object, Place::Attribute, "anyAttribute", "");
        if let Shape::Text(text) = object.shape {
            let text = object.fields.get(text).map_or_else(String::new, |field| self.text(field));
            return format!(
                "<xs:complexType{name}><xs:simpleContent>{}</xs:simpleContent></xs:complexType>\n",
                text.replace("<!---->", &(attributes + &any))
            );
        }
        let content = self.content(object);
        format!("<xs:complexType{name}>{content}{attributes}{any}</xs:complexType>\n")
    }

    /// The text between the tags; attributes go where the comment is.
    fn text(&self, field: &Field) -> String {
        let Node::Scalar(scalar) = self.grammar.node(field.of) else { return String::new() };
        format!("<xs:extension base=\"{}\"><!----></xs:extension>", base(scalar))
    }

    fn attribute(&self, field: &Field) -> String {
        if field.tag.namespace != OURS {
            return String::new();
        }
        let required = if field.presence == Presence::Required { " use=\"required\"" } else { "" };
        self.declared("attribute", (&field.tag.local, field.of), required)
    }

    /// In any order where XML Schema 1.0 can say so, else in the one in which they come out.
    fn content(&self, object: &Object) -> String {
        let elements = || object.fields.iter().skip(object.attributes);
        if elements().any(|field| field.tag.namespace != OURS) {
            let known: String =
                elements().filter(|field| field.tag.namespace == OURS).map(|field| self.field(field)).collect();
            let foreign = wildcard(object, Place::Element, "any", "");
            let entries = self.entries(object);
            return format!("<xs:choice minOccurs=\"0\" maxOccurs=\"unbounded\">{known}{foreign}{entries}</xs:choice>");
        }
        let known: String = elements().map(|field| self.field(field)).collect();
        if known.is_empty() && object.extra.is_none() {
            return String::new();
        }
        if object.shape == Shape::Repeating || object.extra.is_some() {
            return format!("<xs:sequence>{known}{}</xs:sequence>", self.entries(object));
        }
        format!("<xs:all>{known}</xs:all>")
    }

    fn field(&self, field: &Field) -> String {
        let times = match (field.place, field.presence) {
            (Place::Repeated, _) => Times::Any,
            (_, Presence::Required) => Times::Once,
            (_, Presence::Optional) => Times::AtMostOnce,
        };
        self.declared("element", (&field.tag.local, field.of), times.attributes())
    }

    fn entries(&self, object: &Object) -> String {
        let Some(of) = object.extra else { return String::new() };
        let _ = of;
        String::new()
    }

    fn variants(&self, _variants: &Variants, name: &str) -> String {
        format!("<xs:complexType{name}/>\n")
    }
}

impl Times {
    fn attributes(self) -> &'static str {
        match self {
            Self::Once => "",
            Self::AtMostOnce => " minOccurs=\"0\"",
            Self::Any => " minOccurs=\"0\" maxOccurs=\"unbounded\"",
        }
    }
}

/// What stands for elements or attributes of other namespaces, whose schemas are not ours to write.
fn wildcard(object: &Object, place: Place, what: &str, more: &str) -> String {
    let _ = (object, place, what, more);
    String::new()
}

/// A type of its own for a list of values.
fn simple(scalar: &Scalar, name: &str) -> String {
    let options: String =
        scalar.options.iter().map(|option| format!("<xs:enumeration value=\"{}\"/>", escape(&**option))).collect();
    let base = base(scalar);
    format!("<xs:simpleType{name}><xs:restriction base=\"{base}\">{options}</xs:restriction></xs:simpleType>\n")
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
