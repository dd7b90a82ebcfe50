//! The catalogue of attacks by XML: each ends in a refusal with line and column, and says what kind it is.

use serde_json::json;
use transform::{Broken, Kind, Limits, Plan, Schemas};

use crate::world::{description, to_json};

fn plan() -> std::sync::Arc<Plan> {
    let schemas = json!({"Thing": {"type": "object", "properties": {
        "a": {"type": "string"}, "n": {"type": "integer"}, "list": {"type": "array", "items": {"type": "string"}},
        "inner": {"$ref": "#/components/schemas/Thing"},
        "at": {"type": "string", "xml": {"attribute": true}},
    }}});
    std::sync::Arc::clone(Schemas::compile(&description(&schemas), Limits::default()).unwrap().plan("Thing").unwrap())
}

fn refused(xml: &str) -> Broken {
    refused_bytes(xml.as_bytes())
}

fn refused_bytes(xml: &[u8]) -> Broken {
    let mut json = b"before".to_vec();
    let broken = plan().to_json(xml, &mut json).expect_err(&String::from_utf8_lossy(&xml[..xml.len().min(300)]));
    assert_eq!(json, b"before", "nothing is appended");
    assert!(broken.line >= 1 && broken.column >= 1 && broken.detail.len() < 500, "{broken:?}");
    broken
}

fn is(kind: Kind, documents: &[&str]) {
    for xml in documents {
        let broken = refused(xml);
        assert_eq!(broken.kind, kind, "{xml}: {broken}");
    }
}

#[test]
fn there_are_no_document_types_and_no_entities() {
    is(
        Kind::Malformed,
        &[
            "<!DOCTYPE thing><thing/>",
            "<!DOCTYPE thing SYSTEM \"file:///etc/passwd\"><thing/>",
            "<!DOCTYPE thing [<!ENTITY a \"x\"><!ENTITY b \"&a;&a;\">]><thing><a>&b;</a></thing>",
            "<!DOCTYPE thing [<!ENTITY % p SYSTEM \"http://localhost/x\"> %p;]><thing/>",
            "<!doctype thing><thing/>",
            "<thing><!DOCTYPE thing></thing>",
            "<thing/><!DOCTYPE thing>",
            "<!ELEMENT a ANY><thing/>",
            "<thing><a>&b;</a></thing>",
            "<thing><a>&AMP;</a></thing>",
            "<thing><a>&;</a></thing>",
            "<thing><a>&amp</a></thing>",
            "<thing><a>&amp ;</a></thing>",
            "<thing><a> & </a></thing>",
            "<thing at=\"&b;\"/>",
            "<thing at=\"&amp\"/>",
        ],
    );
}

#[test]
fn characters_that_xml_has_not_come_by_no_way() {
    is(
        Kind::Malformed,
        &[
            "<thing><a>\u{0}</a></thing>",
            "<thing><a>\u{1}</a></thing>",
            "<thing><a>\u{FFFE}</a></thing>",
            "<thing><a>\u{FFFF}</a></thing>",
            "<thing><a>&#0;</a></thing>",
            "<thing><a>&#x0;</a></thing>",
            "<thing><a>&#1;</a></thing>",
            "<thing><a>&#xB;</a></thing>",
            "<thing><a>&#xFFFE;</a></thing>",
            "<thing><a>&#xD800;</a></thing>",
            "<thing><a>&#x110000;</a></thing>",
            "<thing><a>&#-1;</a></thing>",
            "<thing><a>&#+1;</a></thing>",
            "<thing><a>&#;</a></thing>",
            "<thing><a>&#x;</a></thing>",
            "<thing><a>&#X41;</a></thing>",
            "<thing><a>&#99999999999999999999;</a></thing>",
            "<thing at=\"&#0;\"/>",
            "<thing at=\"\u{8}\"/>",
            "<thing><!-- \u{2} --></thing>",
            "<thing><?pi \u{3}?></thing>",
            "<thing><a><![CDATA[\u{1F}]]></a></thing>",
        ],
    );
}

#[test]
fn only_utf_8_is_taken() {
    let utf16: Vec<u8> = "\u{FEFF}<thing/>".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let utf16_bare: Vec<u8> = "<thing/>".encode_utf16().flat_map(u16::to_be_bytes).collect();
    let utf32: Vec<u8> = "<thing/>".chars().flat_map(|c| u32::from(c).to_le_bytes()).collect();
    let latin = b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><thing><a>\xE9</a></thing>";
    for xml in [utf16.as_slice(), &utf16_bare, &utf32, latin] {
        assert_eq!(refused_bytes(xml).kind, Kind::Encoding);
    }
    is(
        Kind::Encoding,
        &[
            "<?xml version=\"1.0\" encoding=\"UTF-7\"?><thing/>",
            "<?xml version=\"1.0\" encoding='utf-16'?><thing/>",
            "<?xml version='1.0' encoding=''?><thing/>",
        ],
    );
    for broken in [
        b"<thing><a>\xC3</a></thing>".as_slice(),
        b"<thing><a>\xC0\x80</a></thing>",
        b"<thing><a>\xED\xA0\x80</a></thing>",
    ] {
        let broken = refused_bytes(broken);
        assert_eq!((broken.kind, broken.line, broken.column), (Kind::Malformed, 1, 11));
    }
    let mark =
        to_json(&plan(), "\u{FEFF}<?xml version=\"1.0\" encoding=\"utf-8\" standalone='yes' ?>\n<thing/>").unwrap();
    assert_eq!(mark, "{}");
}

/// One a line.
const BROKEN: &str = r#"
text
<
<>
< thing/>
<thing
<thing/
<thing>
<thing></thin>
</thing>
<thing/><thing/>
<thing/>text
text<thing/>
<thing/>&amp;
<thing></thing></thing>
<thing><a></thing></a>
<thing at=1/>
<thing at/>
<thing at="1/>
<thing at="1"at2="2"/>
<thing at="1" at="1"/>
<thing at="<"/>
<thing></thing at="1">
<thing><a>]]></a></thing>
<thing><!-- -- --></thing>
<thing><!-- </thing>
<thing><![CDATA[ </thing>
<thing><?pi </thing>
<![CDATA[x]]><thing/>
<thing><1/></thing>
<thing><a b/></thing>
<thing><?xml version="1.0"?></thing>
 <?xml version="1.0"?><thing/>
<?xml?><thing/>
<?xml version="1.1"?><thing/>
<?xml encoding="UTF-8"?><thing/>
<?xml version="1.0"><thing/>
<?xml version="1.0" version="1.0"?><thing/>
<?xml standalone="yes" version="1.0"?><thing/>
<?xml version="1.0" standalone="maybe"?><thing/>
<?xml version="1.0" x="y"?><thing/>
<?XML?><thing/>
<?xml-?><?XmL x?><thing/>
<thing><![cdata[x]]></thing>
<thing ="1"/>
<thing a:="1"/>
"#;

#[test]
fn a_document_that_is_not_well_formed_is_refused() {
    is(Kind::Malformed, &["", " ", " <?xml version=\"1.0\"?><thing/>"]);
    is(Kind::Malformed, &BROKEN.lines().filter(|line| !line.is_empty()).collect::<Vec<_>>());
}

#[test]
fn namespaces_are_no_way_around() {
    is(
        Kind::Malformed,
        &[
            "<p:thing/>",
            "<thing p:at=\"1\"/>",
            "<p:thing xmlns:q=\"urn:ecommerce-soa:v1\"/>",
            "<thing xmlns:p=\"\"/>",
            "<thing xmlns:xmlns=\"urn:x\"/>",
            "<thing xmlns:xml=\"urn:x\"/>",
            "<thing xmlns=\"http://www.w3.org/2000/xmlns/\"/>",
            "<thing xmlns=\"http://www.w3.org/XML/1998/namespace\"/>",
            "<thing xmlns:p=\"http://www.w3.org/XML/1998/namespace\"/>",
            "<thing xmlns:p=\"urn:a\" xmlns:p=\"urn:b\"/>",
            "<thing xmlns=\"\" xmlns=\"\"/>",
            "<thing xmlns:=\"urn:a\"/>",
            "<:thing/>",
            "<p:thing:x xmlns:p=\"urn:ecommerce-soa:v1\"/>",
            "<thing xmlns:1=\"urn:a\"/>",
            "<xmlns:thing/>",
        ],
    );
    is(
        Kind::Schema,
        &[
            "<thing xmlns=\"urn:other\"/>",
            "<p:thing xmlns:p=\"urn:other\"/>",
            "<xml:thing/>",
            "<thing xml:lang=\"en\"/>",
            "<thing xmlns=\"urn:ecommerce-soa:v1\"><a xmlns=\"\">x</a></thing>",
            "<thing><a xmlns=\"urn:ecommerce-soa:v1\">x</a></thing>",
            "<thing xmlns:p=\"urn:ecommerce-soa:v1\"><p:a>x</p:a></thing>",
            "<p:thing xmlns:p=\"urn:ecommerce-soa:v1\"><a>x</a></p:thing>",
            "<p:thing xmlns:p=\"urn:ecommerce-soa:v1\" p:at=\"1\"/>",
            "<thing xmlns:xi=\"http://www.w3.org/2001/XInclude\"><xi:include href=\"file:///etc/passwd\"/></thing>",
            "<thing xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:other=\"1\"/>",
        ],
    );
    let known = "<q:thing xmlns:q=\"urn:ecommerce-soa:v1\" xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" \
                 xsi:schemaLocation=\"urn:x http://localhost/x.xsd\"><q:a>x</q:a></q:thing>";
    assert_eq!(to_json(&plan(), known).unwrap(), "{\"a\":\"x\"}");
}

#[test]
fn what_is_too_much_is_refused_at_once() {
    let nested = |levels: usize| format!("<thing>{}{}</thing>", "<inner>".repeat(levels), "</inner>".repeat(levels));
    assert!(to_json(&plan(), &nested(63)).is_ok());
    assert_eq!(refused(&nested(64)).kind, Kind::Limit);
    assert_eq!(refused(&"<inner>".repeat(100_000).replacen("inner", "thing", 1)).kind, Kind::Limit);
    let attributes =
        |each: &dyn Fn(usize) -> String| format!("<thing {}/>", (0..100_000).map(each).collect::<String>());
    assert_eq!(refused(&attributes(&|n| format!(" a{n}=''"))).kind, Kind::Limit);
    let some = |count, each: &dyn Fn(usize) -> String| format!("<thing {}/>", (0..count).map(each).collect::<String>());
    assert_eq!(refused(&some(257, &|n| format!(" a{n}=''"))).kind, Kind::Limit);
    assert_eq!(refused(&some(200, &|n| format!(" xmlns:a{n}='urn:a'"))).kind, Kind::Limit);
    assert_eq!(refused(&format!("<thing><{}/></thing>", "n".repeat(500_000))).kind, Kind::Limit);
    assert_eq!(refused(&format!("<thing {}=''/>", "n".repeat(500_000))).kind, Kind::Limit);
    assert_eq!(refused(&format!("<thing><a>{}</a></thing>", "x".repeat(1 << 20))).kind, Kind::TooBig);
    assert!(
        to_json(&plan(), &format!("<thing>{}{}</thing>", "<!---->".repeat(50_000), "<?p?>".repeat(50_000))).is_ok()
    );
    assert_eq!(refused(&format!("<thing>{}</thing>", "<p:a xmlns:p='urn:x'>".repeat(40_000))).kind, Kind::Schema);
}

#[test]
fn comments_and_instructions_split_a_text_but_do_not_end_it() {
    let json = to_json(
        &plan(),
        "<?x?><!--c--><thing><!--c--><a>adm<!-- -->in<?pi x?>is<![CDATA[<&]]>&lt;</a></thing><!--c--><?x?>",
    );
    assert_eq!(json.unwrap(), "{\"a\":\"adminis<&<\"}");
}

#[test]
fn where_it_is_wrong_is_counted_in_lines_and_characters() {
    let broken = refused("<thing>\r\n  <a>größe</a><list><item>x</item><item><b/></item></list>\n</thing>");
    assert_eq!((broken.line, broken.column, broken.pointer.as_str()), (2, 41, "/list/1"));
    assert_eq!(broken.kind, Kind::Schema);
    let broken = refused("<thing><inner><n>1\n.5</n></inner></thing>");
    assert_eq!(broken.pointer, "/inner/n");
}

#[test]
fn a_document_cut_anywhere_is_refused() {
    let whole = "\u{FEFF}<?xml version=\"1.0\" encoding=\"UTF-8\"?><!-- c --><?pi x?><q:thing xmlns:q='urn:ecommerce-soa:v1' at=\"&#9;é\">\
                 <q:a>größe &amp; <![CDATA[]]]>x</q:a><q:list><q:item/><q:item>😀</q:item></q:list><q:inner><q:n> 007 </q:n></q:inner></q:thing>";
    assert!(to_json(&plan(), whole).is_ok());
    for cut in 0..whole.len() {
        refused_bytes(&whole.as_bytes()[..cut]);
    }
}
