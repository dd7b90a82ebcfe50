//! Problems, and documents within documents.

use serde_json::{Value, json};
use transform::{Fragment, Kind, problem_to_element, problem_to_json, problem_to_xml};

use crate::world::{compiled, contracts};

#[test]
fn a_problem_goes_there_and_back() {
    let problem = json!({
        "type": "urn:problem:invalid", "title": "Invalid", "status": 422, "detail": "a < b & \"c\"", "instance": "r1", "line": 3, "column": 14,
        "errors": [{"pointer": "/items/0/quantity", "detail": "above 1000"}, {"pointer": "", "detail": "x"}], "balance": "30",
    });
    let xml = problem_to_xml(problem.to_string().as_bytes()).unwrap();
    let text = String::from_utf8(xml.clone()).unwrap();
    assert!(text.contains("<problem xmlns=\"urn:ietf:rfc:7807\">") && text.contains("<errors><i><"), "{text}");
    assert_eq!(serde_json::from_slice::<Value>(&problem_to_json(&xml).unwrap()).unwrap(), problem);
    let empty = json!({"title": "\u{1}", "errors": []});
    let xml = problem_to_element(empty.to_string().as_bytes()).unwrap();
    assert_eq!(
        String::from_utf8(xml.clone()).unwrap(),
        "<problem xmlns=\"urn:ietf:rfc:7807\"><errors></errors><title>\u{FFFD}</title></problem>"
    );
    assert_eq!(
        serde_json::from_slice::<Value>(&problem_to_json(&xml).unwrap()).unwrap(),
        json!({"title": "\u{FFFD}", "errors": []})
    );
}

#[test]
fn what_is_no_problem_is_refused() {
    for json in ["[]", "1", "{\"a b\":1}", "{", "{}x", "{\"a\":tru}"] {
        assert!(problem_to_xml(json.as_bytes()).is_err(), "{json}");
    }
    for xml in [
        "<problem/>",
        "<p xmlns='urn:ietf:rfc:7807'/>",
        "<!DOCTYPE problem><problem xmlns='urn:ietf:rfc:7807'/>",
        "<problem xmlns='urn:ietf:rfc:7807'>",
    ] {
        assert!(problem_to_json(xml.as_bytes()).is_err(), "{xml}");
    }
}

#[test]
fn an_element_within_a_document_has_its_own_name_and_the_documents_lines() {
    let schemas = compiled(&contracts());
    let plan = schemas.by_root("cancel_order").unwrap();
    let document = "<s:Envelope xmlns:s='http://schemas.xmlsoap.org/soap/envelope/' xmlns:e='urn:ecommerce-soa:v1'><s:Body>\n<e:CancelOrder><e:reason>late</e:reason></e:CancelOrder></s:Body></s:Envelope>";
    let start = document.find("<e:CancelOrder").unwrap();
    let end = document.find("</s:Body>").unwrap();
    let namespaces = [("s", "http://schemas.xmlsoap.org/soap/envelope/"), ("e", "urn:ecommerce-soa:v1")];
    let fragment =
        Fragment { document: document.as_bytes(), range: start..end, root: "CancelOrder", namespaces: &namespaces };
    let mut json = Vec::new();
    plan.fragment_to_json(&fragment, &mut json).unwrap();
    assert_eq!(json, br#"{"reason":"late"}"#);
    let other = Fragment { root: "Other", ..fragment.clone() };
    let broken = plan.fragment_to_json(&other, &mut json).unwrap_err();
    assert_eq!((broken.kind, broken.line, broken.column), (Kind::Schema, 2, 1));
    let cut = Fragment { range: start..end - 3, ..fragment };
    assert_eq!(plan.fragment_to_json(&cut, &mut json).unwrap_err().kind, Kind::Malformed);
    let mut xml = Vec::new();
    plan.fragment_to_xml(br#"{"reason":"late"}"#, "CancelOrder", &mut xml).unwrap();
    assert_eq!(
        String::from_utf8(xml).unwrap(),
        "<CancelOrder xmlns=\"urn:ecommerce-soa:v1\"><reason>late</reason></CancelOrder>"
    );
}
