//! Schemas into plans.

mod keywords;
mod merge;
mod object;
mod resolve;
mod scalar;
mod shape;
mod variants;

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use self::keywords::Keywords;
use self::resolve::Compiler;
use crate::broken::step;
use crate::lexical::name::{is_portable_ncname, snake_case};
use crate::lexical::ns::{NAMESPACE, Namespace, OURS};
use crate::limits::Limits;
use crate::plan::Plan;
use crate::plan::node::{Grammar, Use};
use crate::xsd;

/// A place in a description that XML can't express.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {detail}")]
pub struct Refusal {
    /// A JSON pointer (RFC 6901) into the description.
    pub place: String,
    /// What is wrong there.
    pub detail: String,
}

/// The plans of all schemas of one description.
#[derive(Debug, Clone)]
pub struct Schemas {
    plans: BTreeMap<String, Arc<Plan>>,
    roots: BTreeMap<String, String>,
    grammar: Arc<Grammar>,
    types: Vec<Component>,
}

/// A schema with a name.
#[derive(Debug, Clone)]
pub(crate) struct Component {
    pub(crate) name: String,
    /// That of its root element.
    pub(crate) root: String,
    pub(crate) namespace: usize,
    pub(crate) of: Use,
}

impl Schemas {
    /// Compiles all of `components.schemas`. Every place that can't be expressed is reported, not only the first.
    pub fn compile(openapi: &Value, limits: Limits) -> Result<Self, Vec<Refusal>> {
        let none = Map::new();
        let schemas = openapi.pointer(PLACE).and_then(Value::as_object).unwrap_or(&none);
        compiled(schemas, limits)
    }

    /// Compiles what can be expressed; the rest is left out and reported, with all that refers to it.
    pub fn partly(openapi: &Value, limits: Limits) -> (Self, Vec<Refusal>) {
        let mut schemas = openapi.pointer(PLACE).and_then(Value::as_object).cloned().unwrap_or_default();
        let mut refused = Vec::new();
        loop {
            let refusals = match compiled(&schemas, limits) {
                Ok(compiled) => return (compiled, refused),
                Err(refusals) => refusals,
            };
            let before = schemas.len();
            schemas.retain(|name, _| !refusals.iter().any(|refusal| refusal.is_within(name)));
            // Whatever can't be laid at one schema's door stops them all.
            if schemas.len() == before {
                schemas.clear();
            }
            refused.extend(refusals);
        }
    }

    /// The plan of a schema, by its name in the description, such as `PlaceOrder`.
    pub fn plan(&self, schema: &str) -> Option<&Arc<Plan>> {
        self.plans.get(schema)
    }

    /// The plan of a document, by its root element, such as `place_order`.
    pub fn by_root(&self, root: &str) -> Option<&Arc<Plan>> {
        self.plans.get(self.roots.get(root)?)
    }

    /// Every root element, sorted.
    pub fn roots(&self) -> impl Iterator<Item = &str> {
        self.roots.keys().map(String::as_str)
    }

    /// What the type of a schema is called in `types.xsd`.
    pub fn type_name(&self, schema: &str) -> Option<String> {
        let component = self.types.iter().find(|component| component.name == schema)?;
        Some(xsd::type_name(&self.grammar, &self.types, component))
    }

    /// The XML Schema document `<file>.xsd`: `types` has all types, `problem` those of RFC 9457, and each root its
    /// element. They refer to each other by these names, in one folder.
    pub fn xsd(&self, file: &str) -> Option<String> {
        match file {
            xsd::TYPES => Some(xsd::types(&self.grammar, &self.types)),
            xsd::PROBLEM => Some(xsd::PROBLEM_XSD.to_owned()),
            root => {
                let name = self.roots.get(root)?;
                let component = self.types.iter().find(|component| component.name == *name)?;
                Some(xsd::root(&self.grammar, &self.types, component))
            }
        }
    }
}

const PLACE: &str = "/components/schemas";

impl Refusal {
    fn is_within(&self, name: &str) -> bool {
        let place = step(PLACE, name);
        self.place.strip_prefix(&place).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }
}

fn compiled(schemas: &Map<String, Value>, limits: Limits) -> Result<Schemas, Vec<Refusal>> {
    let mut compiler = Compiler::new(schemas);
    let mut types = Vec::new();
    for (name, schema) in schemas {
        let place = step(PLACE, name);
        let of = compiler.component(name, &place);
        let keywords = Keywords::of(schema);
        let root = keywords.name.map_or_else(|| snake_case(name), str::to_owned);
        if !is_portable_ncname(&root) || !is_portable_ncname(name) {
            compiler.refuse(&place, "the name can't be that of an element and a type");
        }
        let namespace = compiler.namespace(&keywords);
        types.push(Component { name: name.clone(), root, namespace, of });
    }
    collisions(&mut compiler, &types);
    compiler.check_entries();
    let grammar = Arc::new(compiler.finish(limits)?);
    let plan = |component: &Component| {
        let plan = Plan::new(Arc::clone(&grammar), &component.root, component.namespace, component.of);
        (component.name.clone(), Arc::new(plan))
    };
    let plans = types.iter().map(plan).collect();
    let roots = types.iter().map(|component| (component.root.clone(), component.name.clone())).collect();
    Ok(Schemas { plans, roots, grammar, types })
}

/// A root element, and a file, is of one schema.
fn collisions(compiler: &mut Compiler<'_>, types: &[Component]) {
    for (index, component) in types.iter().enumerate() {
        let place = step(PLACE, &component.name);
        if component.root == xsd::TYPES {
            compiler.refuse(&place, "the root element `types` would take the place of types.xsd");
        }
        let before = types.iter().take(index).find(|other| other.root == component.root);
        if let Some(other) = before {
            let detail = format!("`{}` has the root element `{}` already", other.name, component.root);
            compiler.refuse(&place, detail);
        }
    }
}

/// Only ours is known at the start.
fn first_namespace() -> Namespace {
    const { assert!(OURS == 0, "ours is the first") };
    Namespace { prefix: "".into(), uri: NAMESPACE.into() }
}
