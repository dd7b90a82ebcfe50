//! A description, completed by what only the bus needs: a schema for each operation's message (its parameters and its
//! body as one document), and a name for each schema that has none.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::route::{HttpPattern, Route};

const SCHEMAS: &str = "#/components/schemas/";
/// Where an operation answers XML with another document than JSON: a reference to that document's schema.
const XML_ANSWER: &str = "x-xml-answer";

/// What a route's operation takes and gives, by the names of schemas.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Names {
    /// Of the body by HTTP.
    pub(super) request: Option<String>,
    /// Of parameters and body together, for messages and SOAP.
    pub(super) message: Option<String>,
    /// What stands in its path and its query.
    pub(super) parameters: Parameters,
    /// Of what is answered, by status (`200`, `4XX`, `default`).
    pub(super) answers: Vec<(String, String)>,
}

/// What an operation takes beside its body.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parameters {
    /// In its path or its query.
    pub names: BTreeSet<String>,
    /// Those of them that are texts.
    pub texts: BTreeSet<String>,
}

/// The names for a route's operation; its further schemas are added to `description`. `None` while the description does
/// not have it.
pub(super) fn names(description: &mut Value, route: &Route) -> Option<Names> {
    let name = message_name(route);
    let base = name.clone().unwrap_or_else(|| pascal(&route.name));
    names_of(description, route.from.http.as_ref()?, (&base, name))
}

/// The same for an operation of our own.
pub(super) fn own_names(description: &mut Value, http: &HttpPattern) -> Option<Names> {
    let id = operation(description, http)?.get("operationId").and_then(Value::as_str)?;
    let base = pascal(id);
    names_of(description, http, (&base, None))
}

/// Methods and paths that the description has beside those of `routes`.
pub(super) fn own(description: &Value, routes: &[Route]) -> Vec<HttpPattern> {
    let paths = description.get("paths").and_then(Value::as_object).into_iter().flatten();
    let all = paths.flat_map(|(path, item)| {
        let methods = item.as_object().into_iter().flat_map(Map::keys);
        methods.filter_map(move |method| format!("{} {path}", method.to_ascii_uppercase()).try_into().ok())
    });
    let is_routed = |http: &HttpPattern| routes.iter().any(|route| route.from.http.as_ref() == Some(http));
    all.filter(|http| !is_routed(http)).collect()
}

fn names_of(description: &mut Value, http: &HttpPattern, (base, name): (&str, Option<String>)) -> Option<Names> {
    let operation = operation(description, http)?.clone();
    let body = schema_of(&operation, "/requestBody");
    let request = body.as_ref().and_then(|schema| named(description, schema, || format!("{base}Request")));
    let message = name.map(|name| {
        let schema = message(&operation, http, (request.as_deref(), &name));
        add(description, format!("{name}Message"), schema)
    });
    let given = operation.get("responses").and_then(Value::as_object).cloned().unwrap_or_else(Map::new);
    let apart = operation.get(XML_ANSWER).map(|name| json!({ "$ref": name }));
    let answers = given.iter().filter_map(|(status, answer)| {
        let apart = apart.clone().filter(|_| status.starts_with('2'));
        let schema = apart.or_else(|| schema_of(answer, ""))?;
        Some((status.clone(), named(description, &schema, || format!("{base}Answer{status}"))?))
    });
    let answers = answers.collect();
    let parameters = parameters(&operation, description);
    Some(Names { request, message, parameters, answers })
}

fn parameters(operation: &Value, description: &Value) -> Parameters {
    let all = operation.get("parameters").and_then(Value::as_array).into_iter().flatten();
    let mut parameters = Parameters::default();
    for one in all.filter(|one| one.get("in").is_some_and(|place| place == "path" || place == "query")) {
        let Some(name) = one.get("name").and_then(Value::as_str) else { continue };
        if one.get("schema").is_some_and(|schema| is_text(schema, description)) {
            parameters.texts.insert(name.to_owned());
        }
        parameters.names.insert(name.to_owned());
    }
    parameters
}

fn is_text(schema: &Value, description: &Value) -> bool {
    let named = schema.get("$ref").and_then(Value::as_str).and_then(|place| place.strip_prefix('#'));
    let schema = named.and_then(|place| description.pointer(place)).unwrap_or(schema);
    schema.get("type").is_some_and(|kind| kind == "string")
}

/// What an operation is called by who sends it as a message or by SOAP: `order.place` is `PlaceOrder`.
pub fn message_name(route: &Route) -> Option<String> {
    let key = route.from.amqp.as_deref();
    let of_key = || key.map(|key| key.rsplit('.').map(pascal).collect::<String>());
    route.from.soap.clone().or_else(of_key)
}

/// The operation that the description has for the route's requests.
fn operation<'a>(description: &'a Value, http: &HttpPattern) -> Option<&'a Value> {
    description.get("paths")?.get(http.path.to_string())?.get(http.method.as_str().to_ascii_lowercase())
}

/// The schema of the JSON in this part of an operation. Problems have a format of their own.
fn schema_of(part: &Value, place: &str) -> Option<Value> {
    part.pointer(place)?.get("content")?.get("application/json")?.get("schema").cloned()
}

/// The name of a schema; a new one for a schema without.
fn named(description: &mut Value, schema: &Value, name: impl Fn() -> String) -> Option<String> {
    if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
        return reference.strip_prefix(SCHEMAS).map(ToOwned::to_owned);
    }
    Some(add(description, name(), schema.clone()))
}

fn add(description: &mut Value, name: String, schema: Value) -> String {
    if let Some(schemas) = description.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        schemas.insert(name.clone(), schema);
    }
    name
}

/// Path parameters, then what the query or the body may hold.
fn message(operation: &Value, http: &HttpPattern, (body, name): (Option<&str>, &str)) -> Value {
    let places: &[&str] = if body.is_some() { &["path"] } else { &["path", "query"] };
    let parameters = operation.get("parameters").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let is_wanted = |one: &&Value| one.get("in").and_then(Value::as_str).is_some_and(|place| places.contains(&place));
    let mut properties = Map::new();
    let mut required = Vec::new();
    for one in parameters.iter().filter(is_wanted) {
        let (Some(name), Some(schema)) = (one.get("name").and_then(Value::as_str), one.get("schema")) else { continue };
        properties.insert(name.to_owned(), schema.clone());
        if one.get("in") == Some(&json!("path")) {
            required.push(Value::from(name));
        }
    }
    // A path of the bus whose parameter the description does not mention is still asked for.
    for name in http.path.parameters() {
        properties.entry(name).or_insert_with(|| json!({"type": "string"}));
    }
    let own = json!({"type": "object", "properties": properties, "required": required});
    let parts = body.map(|body| json!({"$ref": format!("{SCHEMAS}{body}")})).into_iter();
    json!({"allOf": std::iter::once(own).chain(parts).collect::<Vec<_>>(), "xml": {"name": name}})
}

/// `cancel-order` → `CancelOrder`.
fn pascal(name: &str) -> String {
    let capital = |word: &str| word.chars().take(1).flat_map(char::to_uppercase).chain(word.chars().skip(1)).collect();
    name.split(['-', '_', '.']).map(capital).collect::<Vec<String>>().concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(text: &str) -> Route {
        let text = format!("[[route]]\nname = \"cancel-order\"\nallow = [\"anyone\"]\n{text}");
        crate::route::RouteFile::parse("x.toml", &text).unwrap().routes.remove(0)
    }

    fn description() -> Value {
        json!({
            "paths": {
                "/orders/{id}/cancel": {"post": {
                    "parameters": [
                        {"in": "path", "name": "id", "schema": {"type": "string"}},
                        {"in": "header", "name": "Idempotency-Key", "schema": {"type": "string"}},
                    ],
                    "requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/CancelOrder"}}}},
                    "responses": {
                        "200": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}},
                        "202": {"content": {"application/json": {"schema": {"type": "array", "items": {"type": "string"}}}}},
                        "404": {"content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}},
                    },
                }},
            },
            "components": {"schemas": {"CancelOrder": {}, "Order": {}, "Problem": {}}},
        })
    }

    #[test]
    fn a_message_holds_parameters_and_body() {
        let mut description = description();
        let to = "from = { http = \"POST /orders/{id}/cancel\", amqp = \"order.cancel\" }\nto = { service = \"order-service /orders/{id}/cancel\" }";
        let names = names(&mut description, &route(to)).unwrap();
        let answers = [("200", "Order"), ("202", "CancelOrderAnswer202")];
        let answers = answers.map(|(status, name)| (status.to_owned(), name.to_owned())).to_vec();
        let (request, message) = (Some("CancelOrder".to_owned()), Some("CancelOrderMessage".to_owned()));
        let id = || BTreeSet::from(["id".to_owned()]);
        let parameters = Parameters { names: id(), texts: id() };
        assert_eq!(names, Names { request, message, parameters, answers });
        let added = &description["components"]["schemas"];
        assert_eq!(added["CancelOrderAnswer202"]["items"], json!({"type": "string"}));
        assert_eq!(
            added["CancelOrderMessage"],
            json!({
                "allOf": [
                    {"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]},
                    {"$ref": "#/components/schemas/CancelOrder"},
                ],
                "xml": {"name": "CancelOrder"},
            })
        );
    }

    #[test]
    fn what_is_not_described_yet_has_no_names() {
        let to = "from = { http = \"GET /orders/{id}\" }\nto = { service = \"order-service /orders/{id}\" }";
        assert_eq!(names(&mut description(), &route(to)), None);
    }

    #[test]
    fn messages_are_called_by_what_they_do() {
        let to = "to = { service = \"s /x\" }";
        let name = |from: &str| message_name(&route(&format!("from = {{ http = \"GET /x\"{from} }}\n{to}")));
        assert_eq!(name(", amqp = \"order.place\"").as_deref(), Some("PlaceOrder"));
        assert_eq!(name(", amqp = \"order.list\", soap = \"ListOrders\"").as_deref(), Some("ListOrders"));
        assert_eq!(name(""), None);
    }
}
