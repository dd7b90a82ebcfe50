//! JSON and XML into each other, by schema, as a stream, without loss.
//!
//! [`Schemas::compile`] makes a [`Plan`] of every schema of an `OpenAPI` 3.1 document, once. A plan reads a document in
//! one go, token by token, and writes the other form beside it: no tree, no Rust type. What XML can't express is refused
//! when the schema is compiled, naming the place. [`Schemas::xsd`] says the same as XML Schema.

mod broken;
mod compile;
mod json;
mod lexical;
mod limits;
mod plan;
mod problem;
mod to_json;
mod to_xml;
mod xml;
mod xsd;

pub use broken::{Broken, Kind};
pub use compile::{Refusal, Schemas};
pub use lexical::ns::{NAMESPACE, PROBLEM_NAMESPACE};
pub use limits::Limits;
pub use plan::Plan;
pub use problem::{problem_to_element, problem_to_json, problem_to_xml};
pub use to_json::Fragment;
pub use xml::walk::{Element, Step, Walk};
