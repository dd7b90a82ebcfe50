//! What the ESB itself answers.

use contracts::{CustomerOverview, PlaceOrder, PlacedOrder, Placement, Problem};
use utoipa::OpenApi;
use utoipa::openapi::content::ContentBuilder;
use utoipa::openapi::path::{Operation, ParameterBuilder, ParameterIn};
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Ref, RefOr, Required};

use crate::http::console::{map, matching, publish, queues, routes, traffic};
use crate::http::dead_letters::{actions, jobs, letters, turns};
use crate::http::registry::{listing, taking};
use crate::http::{asyncapi, messages, order_events, sagas, schemas, stream};
use crate::route::door::soap;

const KEY: &str = "Idempotency-Key";
/// What a command under a key may be told beside what it says itself.
const TOLD: [(&str, &str); 3] = [
    ("409", "the first request with this key still runs"),
    ("422", "this is no key, or it was used for another request"),
    ("503", "not now: try again, under the same key"),
];
/// Whatever it has to say, it says in an envelope.
const SOAP: &str = "/soap";

/// Places an order: everything happens, or nothing. Send an `Idempotency-Key`, and it happens once, however often you
/// ask. Prefer `wait=N` (up to 30 seconds) or `respond-async`; what is not settled by then is 202.
#[utoipa::path(post, path = "/orders", operation_id = "place_order", tag = "orders", request_body = PlaceOrder,
    params(
        ("Idempotency-Key" = Option<String>, Header, description = "1 to 255 visible ASCII characters"),
        ("Prefer" = Option<String>, Header, description = "`wait=N` or `respond-async` (RFC 7240)"),
    ),
    responses(
        (status = 201, body = PlacedOrder, description = "confirmed, and charged once"),
        (status = 202, body = Placement, description = "not settled yet: `Location` leads to its placement"),
        (status = 400, body = Problem, content_type = "application/problem+json"),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 402, body = Problem, content_type = "application/problem+json", description = "declined"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json", description = "no such customer or product"),
        (status = 409, body = Problem, content_type = "application/problem+json", description = "out of stock, price changed, or the first request with this key still runs"),
        (status = 422, body = Problem, content_type = "application/problem+json"),
        (status = 429, body = Problem, content_type = "application/problem+json"),
        (status = 503, body = Problem, content_type = "application/problem+json"),
    ))]
#[expect(dead_code, reason = "the route is data; this describes it")]
fn place_order() {}

/// What became of a placed order, for who placed it, and for operators.
#[utoipa::path(get, path = "/orders/{id}/placement", operation_id = "read_placement", tag = "orders",
    params(("id" = contracts::Id<contracts::Order>, Path, description = "the order's id")),
    responses(
        (status = 200, body = Placement),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
#[expect(dead_code, reason = "the route is data; this describes it")]
fn read_placement() {}

/// A customer with the latest orders and payments, asked for in parallel. What could not be had in time is named in
/// `missing`, with 200.
#[utoipa::path(get, path = "/customers/{id}/overview", operation_id = "customer_overview", tag = "customers",
    params(("id" = contracts::Id<contracts::Customer>, Path, description = "the customer's id")),
    responses(
        (status = 200, body = CustomerOverview),
        (status = 401, body = Problem, content_type = "application/problem+json"),
        (status = 403, body = Problem, content_type = "application/problem+json"),
        (status = 404, body = Problem, content_type = "application/problem+json"),
    ))]
#[expect(dead_code, reason = "the route is data; this describes it")]
fn customer_overview() {}

#[derive(OpenApi)]
#[openapi(
    info(title = "ecommerce-soa", description = "All services, through the bus."),
    paths(
        place_order,
        read_placement,
        customer_overview,
        order_events::watch,
        routes::list,
        matching::read,
        publish::send,
        traffic::read,
        map::read,
        queues::list,
        listing::services,
        listing::registered,
        listing::discover,
        taking::register,
        taking::remove,
        sagas::list,
        sagas::read,
        sagas::summary,
        sagas::actions::retry,
        sagas::actions::cancel,
        messages::list,
        messages::read,
        stream::watch,
        asyncapi::describe,
        schemas::read,
        soap::take,
        soap::describe,
        letters::list,
        letters::summary,
        letters::read,
        actions::edit,
        actions::replay,
        actions::discard,
        actions::audit,
        jobs::start,
        jobs::list,
        jobs::read,
        turns::pause,
        turns::resume,
        turns::cancel,
        actions::job_audit
    )
)]
struct Api;

/// The description of our own operations.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut api = Api::openapi();
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).bearer_format("JWT").build();
    let components = api.components.get_or_insert_default();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    for (path, item) in &mut api.paths.paths {
        let Some(operation) = &mut item.post else { continue };
        take_key(operation);
        if path != SOAP {
            tell_of_key(operation);
        }
    }
    api
}

/// Every command of ours may come under a key.
fn take_key(operation: &mut Operation) {
    let parameters = operation.parameters.get_or_insert_default();
    if parameters.iter().any(|one| matches!(one, RefOr::T(one) if one.name == KEY)) {
        return;
    }
    let parameter = ParameterBuilder::new()
        .name(KEY)
        .parameter_in(ParameterIn::Header)
        .required(Required::False)
        .description(Some("1 to 255 visible ASCII characters: the same again is done once"))
        .schema(Some(ObjectBuilder::new().schema_type(Type::String)));
    parameters.push(RefOr::T(parameter.build()));
}

fn tell_of_key(operation: &mut Operation) {
    for (status, description) in TOLD {
        let told = || RefOr::T(problem(description));
        operation.responses.responses.entry(status.to_owned()).or_insert_with(told);
    }
}

fn problem(description: &str) -> Response {
    let content = ContentBuilder::new().schema(Some(Ref::from_schema_name("Problem"))).build();
    ResponseBuilder::new().description(description).content("application/problem+json", content).build()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_sends_a_key_is_told_what_may_come_of_it() {
        let api = serde_json::to_value(openapi()).unwrap();
        let paths = api["paths"].as_object().unwrap().iter().filter(|(path, _)| *path != SOAP);
        let commands = paths.filter_map(|(path, item)| Some((path, item.get("post")?))).collect::<Vec<_>>();
        assert!(commands.len() > 10);
        for (path, command) in commands {
            for status in ["409", "422", "503"] {
                let schema = &command["responses"][status]["content"]["application/problem+json"]["schema"]["$ref"];
                assert_eq!(schema, "#/components/schemas/Problem", "{path} {status}");
            }
        }
    }
}
