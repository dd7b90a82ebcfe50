//! Routes are data: the shipped ones are right, and what is wrong with others is said all at once.

mod gather;
mod soap;
pub(crate) mod wsdl;

use std::collections::BTreeSet;

use esb::route::{Known, RouteFile, check, load};

fn known() -> Known {
    let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    Known { sagas: set(&["place-order"]), rates: set(&["default", "auth"]) }
}

#[test]
fn the_shipped_routes_have_no_mistakes() {
    let files = load("").unwrap();
    assert_eq!(check(&files, &known()), Vec::<String>::new());
    assert!(files.iter().map(|file| file.routes.len()).sum::<usize>() >= 30);
}

#[test]
fn all_findings_come_at_once_each_with_its_file_and_route() {
    let text = r#"
        [[route]]
        name = "one"
        from = { http = "GET /a/{id}" }
        to = { service = "No_Body /a/{other}" }
        allow = ["anyone"]
        [[route]]
        name = "one"
        from = { http = "GET /a/{name}" }
        to = { saga = "dance" }
        allow = []
        rate = "never"
        timeout_ms = 0
    "#;
    let findings = check(&[RouteFile::parse("a.toml", text).unwrap()], &known());
    let wanted = [
        "a.toml: route `one`: `No_Body` can't be the name of a service: it must be kebab-case",
        "a.toml: route `one`: `{other}` is used, but nothing binds it",
        "a.toml: route `one`: there is one of this name in a.toml already",
        "a.toml: route `one`: takes the same requests as a.toml: route `one`",
        "a.toml: route `one`: unknown saga `dance`",
        "a.toml: route `one`: `allow` names nobody",
        "a.toml: route `one`: `timeout_ms` must be 1 to 60000",
        "a.toml: route `one`: unknown rate `never`",
    ];
    assert_eq!(findings, wanted);
}

#[test]
fn doors_and_targets_must_fit_each_other() {
    let route = |name: &str, from: &str, to: &str, more: &str| {
        format!("[[route]]\nname = '{name}'\nfrom = {{ {from} }}\nto = {{ {to} }}\n{more}\n")
    };
    let (anyone, operator) = ("allow = ['anyone']", "allow = ['operator']");
    let service = "service = 'order-service /orders'";
    let text = [
        route("none", "", service, operator),
        route("same", "amqp = 'a.b'", "queue = 'q'", anyone),
        route("twice", "amqp = 'a.b'", "queue = 'q'", anyone),
        route("odd", "amqp = 'A b'", "queue = 'dead_letters'", operator),
        route("both", "http = 'GET /q', amqp = 'c'", "queue = 'q'", anyone),
        route("mute", "amqp = 'd'", service, operator),
        route("loud", "http = 'GET /x', amqp = 'e'", "service = 'order-service POST /x'", operator),
        route("form", "amqp = 'f'", "service = 'order-service POST /x'", "allow = ['operator']\nformat = 'any'"),
        route("soap", "soap = 'placeOrder', amqp = 'h'", "service = 'order-service POST /x'", operator),
        route("free", "amqp = 'g'", "service = 'order-service POST /x/{id}'", "allow = ['operator']\nprefetch = 0"),
    ];
    let findings = check(&[RouteFile::parse("a.toml", &text.concat()).unwrap()], &known());
    let wanted = [
        "`none`: `from` names neither `http` nor `amqp`, nor an `event`",
        "`twice`: takes the same requests as a.toml: route `same`",
        "`odd`: `dead_letters` can't be the queue of a channel",
        "`odd`: the routing key is not of lower-case words, `-`, `_` and dots",
        "`odd`: whom a queue is for, the broker decides: `allow` must be `anyone`",
        "`both`: a queue can be reached by `amqp` only, since nobody there answers",
        "`mute`: without `http`, `to` must name a method: `service METHOD /path`",
        "`loud`: the method is that of `http`, and is named twice",
        "`form`: by `amqp` only documents can become a request",
        "`soap`: `soap` needs the `http` door beside it, whose documents it carries",
        "`soap`: the operation of `soap` is not of letters and digits with a capital in front, such as `PlaceOrder`",
        "`free`: `prefetch` must be 1 or more",
    ];
    assert_eq!(findings, wanted.map(|finding| format!("a.toml: route {finding}")));
}

#[test]
fn what_cannot_be_read_is_shown_where_it_stands() {
    let file =
        |line: &str| format!("[[route]]\nname = 'x'\n{line}\nto = {{ saga = 'place-order' }}\nallow = ['anyone']");
    let wrong = [
        ("from = { htp = 'GET /' }", "unknown field `htp`, expected one of `http`, `amqp`, `soap`"),
        ("from = { http = 'FETCH /a' }", "`FETCH` is none of GET"),
        ("from = { http = 'GET a' }", "should begin with a slash"),
        ("from = { http = 'GET /a//b' }", "an empty segment"),
        ("from = { http = 'GET /a' }\nrety = 'safe'", "unknown field `rety`"),
    ];
    for (line, reason) in wrong {
        let error = RouteFile::parse("a.toml", &file(line)).unwrap_err();
        assert!(error.starts_with("a.toml: ") && error.contains("line ") && error.contains(reason), "{error}");
    }
}
