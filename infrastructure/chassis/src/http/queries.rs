//! Operations that have no query parameters refuse all, by the binary's own OpenAPI document. Those that have some check
//! theirs where they read them, once they know who asks.

use std::collections::{BTreeMap, BTreeSet};

use actix_web::dev::ServiceRequest;
use actix_web::http::Method;
use contracts::{FieldError, pointer};
use serde_json::Value;
use url::form_urlencoded;

use super::params::wrong_query;
use crate::Failure;
use crate::auth::is_known;

/// More names than these are not gone into: an answer is not to be many times as long as the question.
const NAMES_MAX: usize = 20;

/// The operations that have no query parameters: by path, as the document and the router write it, and method; and for
/// whom they are.
#[derive(Debug, Default)]
pub(crate) struct WithoutQuery(BTreeMap<(String, String), Audience>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Audience {
    Anybody,
    /// Who has a token.
    Known,
}

impl WithoutQuery {
    /// Those of this document.
    pub(crate) fn of(document: &Value) -> Self {
        let paths = document.get("paths").and_then(Value::as_object);
        let operations = paths.into_iter().flatten().filter_map(|(path, item)| Some((path, item.as_object()?)));
        let bare = operations.flat_map(|(path, item)| {
            let shared = item.get("parameters").is_some_and(has_query);
            let bare = item.iter().filter(move |(_, one)| !shared && !is_free(one));
            bare.map(|(method, one)| ((path.clone(), method.to_uppercase()), audience(one)))
        });
        Self(bare.collect())
    }

    /// 422 where the request is for one of them, and has a query. What is not in the document is left alone.
    pub(crate) fn check(&self, request: &ServiceRequest) -> Result<(), Failure> {
        if request.query_string().is_empty() {
            return Ok(());
        }
        let Some(path) = request.match_pattern() else { return Ok(()) };
        let method = if request.method() == Method::HEAD { &Method::GET } else { request.method() };
        match self.0.get(&(path, method.to_string())) {
            Some(Audience::Anybody) => {}
            Some(Audience::Known) if is_known(request) => {}
            // To be told who asks comes first, and is the operation's business.
            _ => return Ok(()),
        }
        let unknown = |name: &str| FieldError::new(pointer([name]), "is not a parameter of this; it has none");
        let names = form_urlencoded::parse(request.query_string().as_bytes()).map(|(name, _)| name.into_owned());
        let names = names.take(NAMES_MAX).collect::<BTreeSet<_>>();
        let errors = names.iter().map(|name| unknown(name)).collect::<Vec<_>>();
        if errors.is_empty() { Ok(()) } else { Err(wrong_query(errors)) }
    }
}

/// Whoever may call an operation without a token is not told 401, or the document says so.
fn audience(operation: &Value) -> Audience {
    let told_401 = operation.get("responses").and_then(|answers| answers.get("401")).is_some();
    let is_open = |wanted: &Value| wanted.as_object().is_some_and(serde_json::Map::is_empty);
    let open = operation.get("security").and_then(Value::as_array).map(|ways| ways.iter().any(is_open));
    if open.unwrap_or(!told_401) { Audience::Anybody } else { Audience::Known }
}

/// Whether an operation takes a query, or speaks XML only: its callers are tools with queries of their own, and would not
/// understand our refusal.
fn is_free(operation: &Value) -> bool {
    operation.get("parameters").is_some_and(has_query) || media(operation).any(|media| media.ends_with("/xml"))
}

fn has_query(parameters: &Value) -> bool {
    parameters.as_array().is_some_and(|all| all.iter().any(|one| one.get("in").is_some_and(|place| place == "query")))
}

fn media(operation: &Value) -> impl Iterator<Item = &String> {
    let answers = operation.get("responses").and_then(Value::as_object).into_iter().flatten();
    answers.filter_map(|(_, answer)| answer.get("content")?.as_object()).flat_map(|content| content.keys())
}

#[cfg(test)]
mod tests {
    use actix_web::test::{TestRequest, init_service};
    use actix_web::{App, HttpResponse, middleware, web};
    use serde_json::{Value, json};

    use super::WithoutQuery;

    fn document() -> Value {
        let query = json!([{"name": "limit", "in": "query"}]);
        let path = json!([{"name": "id", "in": "path"}]);
        let xml = json!({"200": {"content": {"application/xml": {}}}});
        json!({"paths": {
            "/shelves": {"get": {"parameters": query}, "post": {}},
            "/shelves/{id}": {"get": {"parameters": path}, "delete": {}},
            "/shared": {"parameters": query, "get": {}},
            "/shape.xsd": {"get": {"responses": xml}},
            "/safe": {"get": {"responses": {"401": {}}}, "post": {"security": [{}], "responses": {"401": {}}}},
        }})
    }

    #[actix_web::test]
    async fn a_query_is_refused_where_the_document_has_none() {
        let known = web::Data::new(WithoutQuery::of(&document()));
        let check = middleware::from_fn(|request: actix_web::dev::ServiceRequest, next: middleware::Next<_>| {
            let refused = request.app_data::<web::Data<WithoutQuery>>().unwrap().check(&request).err();
            async move {
                match refused {
                    Some(failure) => Err(failure.into()),
                    None => next.call(request).await,
                }
            }
        });
        let app = ["/shelves", "/shelves/{id}", "/shared", "/shape.xsd", "/safe", "/unsaid"]
            .iter()
            .fold(App::new().app_data(known), |app, path| app.service(web::resource(*path).to(HttpResponse::Ok)));
        let app = init_service(app.wrap(check)).await;
        for (asked, status) in [
            ("GET /shelves?limit=1", 200),
            ("POST /shelves?limit=1", 422),
            ("GET /shelves/1?limit=1", 422),
            ("HEAD /shelves/1?limit=1", 422),
            ("GET /shelves/1?", 200),
            ("GET /shelves/1?&", 200),
            ("DELETE /shelves/1?=x", 422),
            ("PATCH /shelves/1?x", 200),
            ("GET /shared?limit=1", 200),
            ("GET /shape.xsd?x", 200),
            ("GET /safe?x", 200),
            ("POST /safe?x", 422),
            ("GET /unsaid?x", 200),
            ("GET /nowhere?x", 404),
        ] {
            let (method, uri) = asked.split_once(' ').unwrap();
            let request = TestRequest::with_uri(uri).method(method.parse().unwrap()).to_request();
            let answered = actix_web::dev::Service::call(&app, request).await;
            let told = answered.map_or_else(|error| error.error_response().status(), |response| response.status());
            assert_eq!(told.as_u16(), status, "{asked}");
        }
        let many = (0..1_000).map(|number| format!("n{number}=1")).collect::<Vec<_>>().join("&");
        let request = TestRequest::with_uri(&format!("/shelves/1?{many}")).to_request();
        let refused = actix_web::dev::Service::call(&app, request).await.err().unwrap().error_response();
        let body = actix_web::body::to_bytes(refused.into_body()).await.ok().unwrap();
        assert!(body.len() < 4_000, "{}", body.len());
        let request = TestRequest::with_uri("/shelves/1?b=2&a~/=1&b=3").to_request();
        let refused = actix_web::dev::Service::call(&app, request).await.err().unwrap().error_response();
        let body = actix_web::body::to_bytes(refused.into_body()).await.ok().unwrap();
        let problem: Value = serde_json::from_slice(&body).unwrap();
        let detail = "is not a parameter of this; it has none";
        let errors = json!([{"pointer": "/a~0~1", "detail": detail}, {"pointer": "/b", "detail": detail}]);
        assert_eq!((&problem["type"], &problem["errors"]), (&json!("urn:problem:invalid-query"), &errors));
    }
}
