//! Routes are data: the shipped ones are right, and what is wrong with others is said all at once.

use std::collections::BTreeSet;

use esb::route::{Known, RouteFile, check, load};

fn known() -> Known {
    let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();
    Known {
        services: set(&["customer-service", "order-service", "payment-service"]),
        sagas: set(&["place-order"]),
        rates: set(&["default", "auth"]),
    }
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
        to = { service = "nobody /a/{other}" }
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
        "a.toml: route `one`: unknown service `nobody`",
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
fn what_cannot_be_read_is_shown_where_it_stands() {
    let file =
        |line: &str| format!("[[route]]\nname = 'x'\n{line}\nto = {{ saga = 'place-order' }}\nallow = ['anyone']");
    let wrong = [
        ("from = { htp = 'GET /' }", "unknown variant `htp`, expected `http`"),
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
