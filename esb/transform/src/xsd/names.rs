//! A name for every type: that of its schema, else that of the place where it is used.

use std::collections::{BTreeMap, BTreeSet};

use crate::compile::Component;
use crate::plan::node::{Field, Grammar, Node, Null, Place, Use};

/// The types that need a name: all but plain scalars without one.
pub(super) struct Names {
    pub(super) by_node: BTreeMap<usize, String>,
    /// Those in whose place `null` may stand.
    nullable: BTreeSet<usize>,
    /// What has any content; only variants that contradict each other need it.
    pub(super) anything: String,
    /// The names of schemas.
    taken: BTreeSet<String>,
}

impl Names {
    pub(super) fn new(grammar: &Grammar, components: &[Component]) -> Self {
        let taken = components.iter().map(|component| component.name.clone()).collect();
        let mut names = Self { by_node: BTreeMap::new(), nullable: BTreeSet::new(), anything: String::new(), taken };
        for component in components {
            names.see(component.of);
            names.by_node.entry(component.of.node).or_insert_with(|| component.name.clone());
        }
        let mut open: Vec<usize> = names.by_node.keys().copied().collect();
        let mut done = BTreeSet::new();
        while let Some(node) = open.pop() {
            if !done.insert(node) {
                continue;
            }
            for (step, of) in grammar.at(node).uses() {
                names.see(of);
                names.give(grammar, (node, &step), of);
                open.push(of.node);
            }
        }
        names.anything = names.free("Anything".to_owned());
        names
    }

    /// Whether `null` may stand in place of this node anywhere.
    pub(super) fn null(&self, node: usize) -> Null {
        if self.nullable.contains(&node) { Null::Allowed } else { Null::Refused }
    }

    fn see(&mut self, of: Use) {
        if of.null == Null::Allowed {
            self.nullable.insert(of.node);
        }
    }

    fn give(&mut self, grammar: &Grammar, (parent, step): (usize, &str), of: Use) {
        let plain = matches!(grammar.node(of), Node::Scalar(scalar) if scalar.options.is_empty());
        if plain || self.by_node.contains_key(&of.node) {
            return;
        }
        let parent = self.by_node.get(&parent).map_or("", String::as_str);
        let name = self.free(format!("{parent}.{step}"));
        self.by_node.insert(of.node, name);
    }

    fn free(&self, mut name: String) -> String {
        while self.taken.contains(&name) || self.by_node.values().any(|given| *given == name) {
            name.push('_');
        }
        name
    }
}

impl Node {
    /// What it is made of, with a name for each part.
    fn uses(&self) -> Vec<(String, Use)> {
        match self {
            Self::Scalar(_) => Vec::new(),
            Self::Array(item) => vec![(item.tag.local.to_string(), item.of)],
            Self::Object(object) => {
                let named = object.fields.iter().map(|field| (field.part(), field.of));
                named.chain(object.extra.map(|extra| ("entry".to_owned(), extra))).collect()
            }
            Self::Variants(variants) => variants
                .nodes
                .iter()
                .map(|(value, node)| (portable(value), Use { node: *node, null: Null::Refused }))
                .collect(),
        }
    }
}

impl Field {
    /// Its name among the types.
    fn part(&self) -> String {
        if self.place == Place::Text { "text".to_owned() } else { self.tag.local.to_string() }
    }
}

/// The part of a text that can stand in a name.
fn portable(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '_' }).collect()
}
