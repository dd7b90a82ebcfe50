//! Variants in one type: XML Schema 1.0 can't choose by a value, so it has the elements of all of them.

use std::collections::BTreeSet;

use super::body::{AT_MOST_ONCE, ONCE, Types, declared, foreign_attributes, foreign_elements};
use crate::lexical::ns::OURS;
use crate::plan::node::{Field, Node, Null, Object, Place, Presence, Shape, Variants};

impl Types<'_> {
    /// A complex type from behind its name on.
    pub(super) fn variants(&self, variants: &Variants, more: &str) -> String {
        let nodes: BTreeSet<usize> = variants.nodes.values().copied().collect();
        let objects: Vec<&Object> = nodes.iter().filter_map(|node| self.object_at(*node)).collect();
        let attributes =
            self.merged(&objects, Place::Attribute, ONCE) + more + &foreign_attributes(objects.iter().copied());
        let texts = objects.iter().any(|object| matches!(object.shape, Shape::Text(_)));
        let mixed = if texts { " mixed=\"true\"" } else { "" };
        let foreign = foreign_elements(objects.iter().copied());
        let entries = self.entries(objects.iter().copied(), ONCE);
        let repeating = objects.iter().any(|object| object.shape == Shape::Repeating);
        let content = if repeating || !foreign.is_empty() || !entries.is_empty() {
            let known = self.merged(&objects, Place::Element, ONCE);
            format!("<xs:choice minOccurs=\"0\" maxOccurs=\"unbounded\">{known}{foreign}{entries}\n  </xs:choice>")
        } else {
            let known = self.merged(&objects, Place::Element, AT_MOST_ONCE);
            if known.is_empty() { known } else { format!("<xs:all>{known}\n  </xs:all>") }
        };
        format!("{mixed}>{content}{attributes}")
    }

    fn object_at(&self, node: usize) -> Option<&Object> {
        match self.grammar.at(node) {
            Node::Object(object) => Some(object),
            _ => None,
        }
    }

    /// The attributes, or the elements, of all variants, each name once.
    fn merged(&self, objects: &[&Object], place: Place, times: &str) -> String {
        let attribute = place == Place::Attribute;
        let fields = objects.iter().flat_map(|object| &object.fields);
        let fits = |field: &&Field| field.tag.namespace == OURS && (field.place == Place::Attribute) == attribute;
        let mut fields: Vec<&Field> = fields.filter(fits).filter(|field| field.place != Place::Text).collect();
        fields.sort_by(|one, other| one.tag.local.cmp(&other.tag.local));
        let groups = fields.chunk_by(|one, other| one.tag.local == other.tag.local);
        groups.map(|group| self.one_of(group, objects.len(), times)).collect()
    }

    fn one_of(&self, group: &[&Field], variants: usize, times: &str) -> String {
        let Some(first) = group.first() else { return String::new() };
        let same = group.iter().all(|field| self.of(field.of) == self.of(first.of));
        let scalar = group.iter().all(|field| matches!(self.grammar.node(field.of), Node::Scalar(_)));
        let of = match (same, scalar) {
            (true, _) => self.of(first.of),
            (false, true) => "xs:anySimpleType",
            (false, false) => &self.names.anything,
        };
        if first.place == Place::Attribute {
            return format!("\n    <xs:attribute name=\"{}\" type=\"{of}\"/>", first.tag.local);
        }
        let null = group.iter().map(|field| field.of.null).find(|null| *null == Null::Allowed);
        let always = group.len() == variants && group.iter().all(|field| field.presence == Presence::Required);
        let times = if always { ONCE } else { times };
        declared(&first.tag.local, (of, null.unwrap_or(Null::Refused)), times)
    }
}
