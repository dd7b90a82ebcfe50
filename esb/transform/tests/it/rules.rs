//! Each rule of the two forms, on its own.

use serde_json::{Value, json};
use transform::{Broken, Kind, Schemas};

use crate::world::{thing, to_json, to_xml};

const OURS: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<thing xmlns=\"urn:ecommerce-soa:v1\"";

fn object(properties: &Value) -> Schemas {
    thing(&json!({"Thing": {"type": "object", "properties": properties}}))
}

fn xml(schemas: &Schemas, json: &str) -> Result<String, Broken> {
    let xml = to_xml(schemas.plan("Thing").unwrap(), json)?;
    Ok(xml.strip_prefix(OURS).unwrap().to_owned())
}

fn json(schemas: &Schemas, xml: &str) -> Result<String, Broken> {
    to_json(schemas.plan("Thing").unwrap(), xml)
}

fn kind<T: std::fmt::Debug>(outcome: Result<T, Broken>) -> (Kind, String) {
    let broken = outcome.unwrap_err();
    (broken.kind, broken.pointer)
}

#[test]
fn what_is_out_of_order_is_put_in_order() {
    let schemas = object(&json!({
        "a": {"type": "string"}, "b": {"type": "integer"}, "c": {"type": "string", "xml": {"attribute": true}},
        "d": {"$ref": "#/components/schemas/Thing"},
    }));
    let written = xml(&schemas, r#"{"d":{"b":2,"a":"y"},"b":1,"c":"<\n\">","a":"x"}"#).unwrap();
    assert_eq!(written, " c=\"&lt;&#10;&quot;&gt;\"><a>x</a><b>1</b><d><a>y</a><b>2</b></d></thing>");
}

#[test]
fn absent_null_and_empty_stay_three_things() {
    let schemas = object(
        &json!({"a": {"type": ["string", "null"]}, "l": {"type": ["array", "null"], "items": {"type": "string"}}}),
    );
    for (json_text, inside) in [
        ("{}", "></thing>"),
        (r#"{"a":""}"#, "><a></a></thing>"),
        (r#"{"a":null}"#, "><a xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:nil=\"true\"/></thing>"),
        (r#"{"l":[]}"#, "><l></l></thing>"),
        (r#"{"l":[""]}"#, "><l><item></item></l></thing>"),
    ] {
        assert_eq!(xml(&schemas, json_text).unwrap(), inside);
        assert_eq!(json(&schemas, &format!("{OURS}{inside}")).unwrap(), json_text);
    }
    let xsi = "xmlns:x=\"http://www.w3.org/2001/XMLSchema-instance\"";
    assert_eq!(json(&schemas, &format!("<thing {xsi}><a x:nil=\" 1 \"/></thing>")).unwrap(), r#"{"a":null}"#);
    assert_eq!(json(&schemas, &format!("<thing {xsi}><a x:nil=\"false\"/></thing>")).unwrap(), r#"{"a":""}"#);
    assert_eq!(kind(json(&schemas, &format!("<thing {xsi}><a x:nil=\"true\">x</a></thing>"))).0, Kind::Schema);
    let strict = object(&json!({"a": {"type": "string"}}));
    assert_eq!(kind(xml(&strict, r#"{"a":null}"#)), (Kind::Schema, "/a".into()));
    assert_eq!(kind(json(&strict, &format!("<thing {xsi}><a x:nil=\"true\"/></thing>"))), (Kind::Schema, "/a".into()));
}

#[test]
fn numbers_keep_their_digits() {
    let schemas = object(&json!({"n": {"type": "number"}, "i": {"type": "integer"}}));
    for number in ["1.50", "1E5", "9007199254740993", "-0", "123456789012345678901234567890", "0.1e-300"] {
        let text = format!("{{\"n\":{number}}}");
        let there = xml(&schemas, &text).unwrap();
        assert_eq!(there, format!("><n>{number}</n></thing>"));
        assert_eq!(json(&schemas, &format!("{OURS}{there}")).unwrap(), text);
    }
    for (written, number) in [(" +5\n", "5"), ("007", "7"), (".5", "0.5"), ("5.", "5"), ("-.5e1", "-0.5e1")] {
        assert_eq!(json(&schemas, &format!("<thing><n>{written}</n></thing>")).unwrap(), format!("{{\"n\":{number}}}"));
    }
    for none in ["INF", "-INF", "NaN", "", "1 2", "0x1", "1e", "true"] {
        assert_eq!(kind(json(&schemas, &format!("<thing><n>{none}</n></thing>"))), (Kind::Schema, "/n".into()));
    }
    for none in ["1.0", "1e2", "\"1\"", "true", "null", "[]", "{}"] {
        assert_eq!(kind(xml(&schemas, &format!("{{\"i\":{none}}}"))), (Kind::Schema, "/i".into()), "{none}");
    }
    for none in ["1.0", "1e2", ".5", "+-1", "--1"] {
        assert_eq!(kind(json(&schemas, &format!("<thing><i>{none}</i></thing>"))).0, Kind::Schema, "{none}");
    }
    for broken in ["01", "+1", "1.", ".5", "-", "1e", "1x", "Infinity", "0x1", "--1"] {
        assert_eq!(kind(xml(&schemas, &format!("{{\"n\":{broken}}}"))).0, Kind::Malformed, "{broken}");
    }
}

#[test]
fn strings_keep_every_character_that_xml_has() {
    let schemas = object(&json!({"s": {"type": "string"}, "t": {"type": "string", "xml": {"attribute": true}}}));
    let text = r#"{"t":" \t\r\n<&>\"' ","s":" \t\r\n]]><&>\"' é😀 "}"#;
    let there = to_xml(schemas.plan("Thing").unwrap(), text).unwrap();
    let back: Value = serde_json::from_str(&json(&schemas, &there).unwrap()).unwrap();
    assert_eq!(back, serde_json::from_str::<Value>(text).unwrap());
    assert_eq!(
        json(&schemas, "<thing t='a\tb\r\nc\rd&#10;'><s>a\r\nb\rc&#13;</s></thing>").unwrap(),
        r#"{"t":"a b c d\n","s":"a\nb\nc\r"}"#
    );
    assert_eq!(xml(&schemas, r#"{"s":"\u00e9\ud83d\ude00\/"}"#).unwrap(), "><s>é😀/</s></thing>");
    for carried in [r#""\u0000""#, r#""\u001f""#, r#""\ufffe""#, "\"\u{FFFF}\"", r#""\b""#] {
        assert_eq!(kind(xml(&schemas, &format!("{{\"s\":{carried}}}"))), (Kind::Schema, "/s".into()), "{carried}");
    }
    for broken in [
        r#""\ud800""#,
        r#""\udc00""#,
        r#""\ud800\u0041""#,
        r#""\ud800x""#,
        r#""\x""#,
        r#""\u12""#,
        r#"""#,
        "\"\n\"",
        "\"\u{0}\"",
    ] {
        assert_eq!(kind(xml(&schemas, &format!("{{\"s\":{broken}}}"))).0, Kind::Malformed, "{broken}");
    }
}

#[test]
fn nothing_is_dropped_and_nothing_comes_twice() {
    let schemas = object(&json!({"a": {"type": "string"}, "b": {"type": "boolean"}}));
    assert_eq!(kind(xml(&schemas, r#"{"a":"x","c~/":1}"#)), (Kind::Schema, "/c~0~1".into()));
    assert_eq!(kind(xml(&schemas, r#"{"a":"x","\u0061":"y"}"#)), (Kind::Schema, "/a".into()));
    assert_eq!(kind(json(&schemas, "<thing><a/><a/></thing>")), (Kind::Schema, "/a".into()));
    assert_eq!(kind(json(&schemas, "<thing><c/></thing>")).0, Kind::Schema);
    assert_eq!(kind(json(&schemas, "<thing x='1'/>")).0, Kind::Schema);
    assert_eq!(kind(json(&schemas, "<thing><a x='1'/></thing>")).0, Kind::Schema);
    assert_eq!(kind(json(&schemas, "<thing>text</thing>")).0, Kind::Schema);
    assert_eq!(kind(json(&schemas, "<other/>")).0, Kind::Schema);
    assert_eq!(json(&schemas, "<thing>\n <b> 1 </b> <a/> </thing>").unwrap(), r#"{"b":true,"a":""}"#);
    assert_eq!(kind(json(&schemas, "<thing><b>TRUE</b></thing>")), (Kind::Schema, "/b".into()));
    for broken in [
        "",
        "{",
        "{}}",
        "{}x",
        "[",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":\"x\",}",
        "{,}",
        "nul",
        "{a:1}",
        "{\"b\":tru}",
        "{\"a\":{]}",
    ] {
        assert_eq!(kind(xml(&schemas, broken)).0, Kind::Malformed, "{broken}");
    }
    for other in ["[]", "1", "\"x\"", "null"] {
        assert_eq!(kind(xml(&schemas, other)).0, Kind::Schema, "{other}");
    }
}

#[test]
fn items_without_a_wrapper_may_stand_anywhere() {
    let schemas = object(&json!({
        "tag": {"type": "array", "items": {"type": "string"}, "xml": {"wrapped": false}}, "a": {"type": "string"},
        "rows": {"type": "array", "xml": {"nodeType": "none"}, "items": {"type": "array", "items": {"type": "integer"}, "xml": {"name": "row"}}},
    }));
    let there = xml(&schemas, r#"{"rows":[[1,2],[]],"tag":["x","y"],"a":"z"}"#).unwrap();
    assert!(there.contains("<row><item>1</item><item>2</item></row><row></row>"), "{there}");
    assert!(there.contains("<tag>x</tag><tag>y</tag>"), "{there}");
    let mixed = "<thing><tag>x</tag><row/><a>z</a><tag>y</tag><row><item>1</item></row></thing>";
    let back: Value = serde_json::from_str(&json(&schemas, mixed).unwrap()).unwrap();
    assert_eq!(back, json!({"tag": ["x", "y"], "a": "z", "rows": [[], [1]]}));
}

#[test]
fn maps_texts_and_namespaces_are_written_as_their_keywords_say() {
    let schemas = thing(&json!({
        "Thing": {"type": "object", "properties": {
            "map": {"type": "object", "additionalProperties": {"type": ["integer", "null"]}},
            "note": {"$ref": "#/components/schemas/Note"},
            "far": {"type": "string", "xml": {"name": "Far", "namespace": "urn:far", "prefix": "f"}},
        }},
        "Note": {"type": "object", "required": ["body"], "properties": {
            "body": {"type": "string", "xml": {"nodeType": "text"}}, "lang": {"type": "string", "xml": {"nodeType": "attribute", "name": "l"}},
        }},
    }));
    let text = r#"{"far":"away","map":{"a <b>":1,"":null},"note":{"body":" x ","lang":"en"}}"#;
    let plan = schemas.plan("Thing").unwrap();
    let there = to_xml(plan, text).unwrap();
    assert!(there.contains("xmlns:f=\"urn:far\""), "{there}");
    assert!(there.contains("<f:Far>away</f:Far><map><entry key=\"a &lt;b&gt;\">1</entry><entry key=\"\" "), "{there}");
    assert!(there.contains("<note l=\"en\"> x </note>"), "{there}");
    let back: Value = serde_json::from_str(&to_json(plan, &there).unwrap()).unwrap();
    assert_eq!(back, serde_json::from_str::<Value>(text).unwrap());
    assert_eq!(
        kind(json(&schemas, "<thing><map><entry key='a'>1</entry><entry key='a'>2</entry></map></thing>")),
        (Kind::Schema, "/map/a".into())
    );
    assert_eq!(kind(json(&schemas, "<thing><map><entry>1</entry></map></thing>")).0, Kind::Schema);
    assert_eq!(kind(to_xml(schemas.plan("Note").unwrap(), "{}")), (Kind::Schema, "/body".into()));
}

#[test]
fn a_variant_is_known_wherever_it_says_so() {
    let variant = |name: &str, value: Value| {
        json!({"type": "object", "required": ["kind"], "properties": {
            "kind": {"type": "string", "const": name}, "value": value,
        }})
    };
    let schemas = thing(&json!({
        "Thing": {"oneOf": [{"$ref": "#/components/schemas/N"}, {"$ref": "#/components/schemas/S"}, {"$ref": "#/components/schemas/T"}],
            "discriminator": {"propertyName": "kind"}},
        "N": variant("n", json!({"type": "integer"})), "S": variant("s", json!({"type": "string"})),
        "T": variant("t", json!({"$ref": "#/components/schemas/Thing"})),
    }));
    for text in
        [r#"{"value":1,"kind":"n"}"#, r#"{"kind":"s","value":"1"}"#, r#"{"value":{"value":"a","kind":"s"},"kind":"t"}"#]
    {
        let there = xml(&schemas, text).unwrap();
        let back: Value = serde_json::from_str(&json(&schemas, &format!("{OURS}{there}")).unwrap()).unwrap();
        assert_eq!(back, serde_json::from_str::<Value>(text).unwrap());
    }
    assert_eq!(json(&schemas, "<thing><value>1</value><kind>s</kind></thing>").unwrap(), r#"{"value":"1","kind":"s"}"#);
    for (wrong, pointer) in [
        (r#"{"value":1}"#, "/kind"),
        (r#"{"kind":"x"}"#, "/kind"),
        (r#"{"kind":1}"#, "/kind"),
        (r#"{"kind":"n","value":"1"}"#, "/value"),
    ] {
        assert_eq!(kind(xml(&schemas, wrong)), (Kind::Schema, pointer.into()));
    }
    assert_eq!(kind(json(&schemas, "<thing><value>1</value></thing>")), (Kind::Schema, "/kind".into()));
    assert_eq!(kind(json(&schemas, "<thing><kind>z</kind></thing>")), (Kind::Schema, "/kind".into()));
}
