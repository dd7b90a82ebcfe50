//! The WSDL, made of what is known of the documents right now: everything in one file, types included.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use chassis::{Failure, Kind};
use transform::{NAMESPACE, PROBLEM_NAMESPACE, Schemas};

use super::reply::text;
use crate::route::mediation::Catalog;
use crate::route::pipeline::{Bus, Ready};

/// An operation, as it stands in a WSDL.
struct Told {
    name: String,
    /// What the types of request and answer are called; `None` where there is nothing to say.
    request: String,
    answer: Option<String>,
}

/// The WSDL of these operations at this address; 503 while one of ours can't be told yet, since tools keep what they get.
pub(super) fn write(bus: &Bus, operations: &BTreeMap<String, Arc<Ready>>, address: &str) -> Result<String, Failure> {
    let catalog = bus.mediator.catalog();
    let schemas = catalog.schemas().ok_or_else(|| not_yet("any operation"))?;
    let mut all = Vec::new();
    for (name, ready) in operations {
        match told(&catalog, schemas, (name, ready)) {
            Some(operation) => all.push(operation),
            None if is_due(bus, &catalog, ready) => return Err(not_yet(name)),
            None => {}
        }
    }
    let (problem, service) = (PROBLEM_NAMESPACE, text(address));
    let mut wsdl = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<wsdl:definitions name=\"Shop\" targetNamespace=\"{NAMESPACE}\" \
         xmlns:tns=\"{NAMESPACE}\" xmlns:p=\"{problem}\" xmlns:soap=\"http://schemas.xmlsoap.org/wsdl/soap/\" \
         xmlns:wsdl=\"http://schemas.xmlsoap.org/wsdl/\">\n<wsdl:types>\n{}{}</wsdl:types>\n",
        types(schemas, &all),
        embedded(&schemas.xsd("problem").unwrap_or_default()),
    );
    wsdl.extend(all.iter().map(messages));
    wsdl.push_str(
        "<wsdl:message name=\"Problem\"><wsdl:part name=\"problem\" element=\"p:problem\"/></wsdl:message>\n\
         <wsdl:portType name=\"Shop\">\n",
    );
    wsdl.extend(all.iter().map(port));
    wsdl.push_str(
        "</wsdl:portType>\n<wsdl:binding name=\"ShopSoap\" type=\"tns:Shop\">\n  \
         <soap:binding style=\"document\" transport=\"http://schemas.xmlsoap.org/soap/http\"/>\n",
    );
    wsdl.extend(all.iter().map(bound));
    let port = format!("<wsdl:port name=\"Shop\" binding=\"tns:ShopSoap\"><soap:address location=\"{service}\"/>");
    wsdl.push_str("</wsdl:binding>\n<wsdl:service name=\"Shop\">");
    wsdl.push_str(&port);
    wsdl.push_str("</wsdl:port></wsdl:service>\n</wsdl:definitions>\n");
    Ok(wsdl)
}

fn told(catalog: &Catalog, schemas: &Schemas, (name, ready): (&str, &Ready)) -> Option<Told> {
    let operation = catalog.operation(&ready.route.name).ok()?;
    let request = schemas.type_name(operation.message_schema()?)?;
    let answer = operation.success_schema().map(|schema| schemas.type_name(schema));
    // What is answered has no type: then it can't be told.
    let answer = if let Some(found) = answer { Some(found?) } else { None };
    Some(Told { name: name.to_owned(), request, answer })
}

/// Whether it will be known: what only others have, may never come, and what can't be XML never does.
fn is_due(bus: &Bus, catalog: &Catalog, ready: &Ready) -> bool {
    let unknown = |failure: Failure| failure.kind() == Kind::Unavailable;
    let ours = ready.route.services().all(|service| bus.resolver.is_of_settings(service));
    ours && catalog.operation(&ready.route.name).map_or_else(unknown, |_| false)
}

fn not_yet(name: &str) -> Failure {
    let detail = format!("the documents of {name} are not known yet: try again in a moment");
    Failure::new(Kind::Unavailable, "service-unavailable", detail).retry_after(Duration::from_secs(1))
}

/// Our types, and an element for each request and answer.
fn types(schemas: &Schemas, all: &[Told]) -> String {
    let types = embedded(&schemas.xsd("types").unwrap_or_default());
    let types = types.trim_end().trim_end_matches("</xs:schema>").to_owned();
    all.iter().fold(types, |types, operation| types + &operation.elements()) + "</xs:schema>\n"
}

/// A schema without its XML declaration.
fn embedded(xsd: &str) -> String {
    xsd.split_once("?>").map_or(xsd, |(_, schema)| schema).trim_start().to_owned()
}

impl Told {
    fn elements(&self) -> String {
        let Self { name, request, answer } = self;
        let mut elements = format!("  <xs:element name=\"{name}\" type=\"{request}\"/>\n");
        // Writing to a string does not fail.
        let _ = match answer {
            Some(answer) => writeln!(elements, "  <xs:element name=\"{name}Response\" type=\"{answer}\"/>"),
            None => writeln!(elements, "  <xs:element name=\"{name}Response\"><xs:complexType/></xs:element>"),
        };
        elements
    }
}

fn messages(Told { name, .. }: &Told) -> String {
    let message = |name: String| {
        format!(
            "<wsdl:message name=\"{name}\"><wsdl:part name=\"parameters\" element=\"tns:{name}\"/></wsdl:message>\n"
        )
    };
    message(name.clone()) + &message(format!("{name}Response"))
}

fn port(Told { name, .. }: &Told) -> String {
    format!(
        "  <wsdl:operation name=\"{name}\"><wsdl:input message=\"tns:{name}\"/>\
         <wsdl:output message=\"tns:{name}Response\"/><wsdl:fault name=\"Problem\" message=\"tns:Problem\"/>\
         </wsdl:operation>\n"
    )
}

fn bound(Told { name, .. }: &Told) -> String {
    let body = "<soap:body use=\"literal\"/>";
    format!(
        "  <wsdl:operation name=\"{name}\"><soap:operation soapAction=\"{NAMESPACE}/{name}\" style=\"document\"/>\
         <wsdl:input>{body}</wsdl:input><wsdl:output>{body}</wsdl:output>\
         <wsdl:fault name=\"Problem\"><soap:fault name=\"Problem\" use=\"literal\"/></wsdl:fault></wsdl:operation>\n"
    )
}
