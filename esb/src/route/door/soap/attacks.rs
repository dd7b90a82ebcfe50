//! What envelopes are taken, and what tricks are not.

use proptest::prelude::*;
use serde_json::Value;
use transform::Limits;

use super::envelope::{Envelope, SOAP};
use super::fault::{Code, Trouble};

const OURS: &str = "urn:ecommerce-soa:v1";
const WSA: &str = "http://www.w3.org/2005/08/addressing";
const WSSE: &str = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd";

/// A good one, with everything in it.
fn whole() -> String {
    format!(
        "<?xml version='1.0' encoding='utf-8'?>\n<S:Envelope xmlns:S='{SOAP}' xmlns:o='{OURS}'><!-- x -->\n\
         <S:Header><a:MessageID xmlns:a='{WSA}' S:mustUnderstand='1'> urn:uuid:7 </a:MessageID></S:Header>\n\
         <S:Body Id='1'>\n<o:GetOrder><o:id>&#65;<![CDATA[B]]></o:id></o:GetOrder>\n</S:Body>\n</S:Envelope>\n"
    )
}

fn enveloped(header: &str, body: &str) -> String {
    format!("<s:Envelope xmlns:s='{SOAP}'>{header}<s:Body>{body}</s:Body></s:Envelope>")
}

fn with_block(block: &str) -> String {
    enveloped(&format!("<s:Header>{block}</s:Header>"), "<GetOrder/>")
}

fn token(inside: &str) -> String {
    with_block(&format!("<w:Security xmlns:w='{WSSE}'><w:UsernameToken>{inside}</w:UsernameToken></w:Security>"))
}

fn read(document: &[u8]) -> Result<(), Trouble> {
    let now = "2026-01-01T00:00:00Z".parse().unwrap();
    Envelope::read(document, Limits::default()).and_then(|envelope| envelope.header.check(now))
}

/// `Client malformed-body 1:7`.
#[track_caller]
fn refused(document: &str) -> String {
    let Err(trouble) = read(document.as_bytes()) else { panic!("taken: {document}") };
    assert!((400..500).contains(&trouble.meaning), "{trouble:?}");
    let problem: Value = serde_json::from_slice(&trouble.problem).unwrap();
    let name = problem["type"].as_str().unwrap().trim_start_matches("urn:problem:").to_owned();
    let place = problem["line"].as_u64().map(|line| format!(" {line}:{}", problem["column"]));
    format!("{:?} {name}{}", trouble.code, place.unwrap_or_default())
}

#[test]
fn an_envelope_is_taken_with_any_prefix() {
    let document = whole();
    let envelope = Envelope::read(document.as_bytes(), Limits::default()).unwrap();
    assert_eq!(envelope.header.message_id.as_deref(), Some("urn:uuid:7"));
    let part = document.get(envelope.body.range.clone()).unwrap();
    assert!(part.starts_with("<o:GetOrder>") && part.ends_with("</o:GetOrder>"), "{part}");
    assert_eq!(envelope.body.name, "GetOrder");
    let around = [("S", SOAP.to_owned()), ("o", OURS.to_owned())];
    assert_eq!(envelope.body.namespaces, around);
    let bare = enveloped("", "<GetOrder xmlns=''/>");
    let range = Envelope::read(bare.as_bytes(), Limits::default()).unwrap().body.range;
    assert_eq!(bare.get(range), Some("<GetOrder xmlns=''/>"));
}

#[test]
fn who_sends_it_stands_in_the_header() {
    let text = token("<w:Username> adm<!-- -->in </w:Username><w:Password>p&amp;<![CDATA[<w>]]> </w:Password><x/>");
    let sender = Envelope::read(text.as_bytes(), Limits::default()).unwrap().header.sender.unwrap();
    let secret = secrecy::ExposeSecret::expose_secret(&sender.secret);
    assert_eq!((sender.id.as_str(), secret), ("admin", "p&<w> "));
    let other = with_block("<w:Security s:actor='urn:other' s:mustUnderstand='1' xmlns:w='x'><y/></w:Security>");
    assert!(read(other.as_bytes()).is_ok(), "it is for somebody else");
}

#[test]
fn an_envelope_holds_one_body_and_that_one_element() {
    let (body, header) = ("<s:Body><GetOrder/></s:Body>", "<s:Header/>");
    let inside = |inside: &str| refused(&format!("<s:Envelope xmlns:s='{SOAP}'>\n{inside}</s:Envelope>"));
    assert_eq!(inside(&format!("{body}\n{body}")), "Client malformed-body 3:1");
    assert_eq!(inside(&format!("{body}\n{header}")), "Client malformed-body 3:1");
    assert_eq!(inside(&format!("{header}\n{header}{body}")), "Client malformed-body 3:1");
    assert_eq!(inside(&format!("{header}\n<w>{body}</w>")), "Client malformed-body 3:1");
    assert_eq!(inside(&format!("{body}\n<x/>")), "Client malformed-body 3:1");
    assert_eq!(inside(&format!("{body} text")), "Client malformed-body 2:29");
    assert_eq!(inside(header), "Client malformed-body 2:25");
    assert_eq!(inside("<s:Body> </s:Body>"), "Client malformed-body 2:1");
    assert_eq!(inside("<s:Body>\n<a/><b/></s:Body>"), "Client malformed-body 3:5");
    assert_eq!(inside("<s:Body>text<a/></s:Body>"), "Client malformed-body 2:9");
    assert_eq!(inside("<s:Body>\n<a xmlns='urn:other'/></s:Body>"), "Client malformed-body 3:1");
    assert_eq!(inside("<Body><GetOrder/></Body>"), "Client malformed-body 2:1");
    let whole = enveloped("", "<GetOrder/>");
    assert_eq!(refused(&format!("{whole}\n{whole}")), "Client malformed-body 2:1");
    assert_eq!(refused(&format!("<x>{whole}</x>")), "Client malformed-body 1:1");
    assert_eq!(refused(&whole.replace("<s:Body>", "<s:Body><s:Envelope/>")), "Client malformed-body 1:73");
}

#[test]
fn another_version_is_said_to_be_one() {
    for uri in ["http://www.w3.org/2003/05/soap-envelope", "urn:none"] {
        let other = enveloped("", "<GetOrder/>").replace(SOAP, uri);
        assert_eq!(refused(&other), "VersionMismatch version-mismatch", "{uri}");
    }
}

#[test]
fn what_must_be_understood_is_or_is_refused() {
    let strange = "MustUnderstand header-not-understood";
    assert_eq!(refused(&with_block("<transaction s:mustUnderstand='1'/>")), strange);
    assert_eq!(refused(&with_block("<x s:mustUnderstand='yes'/>")), "Client malformed-body 1:75");
    assert_eq!(refused(&with_block(&format!("<FaultTo xmlns='{WSA}' s:mustUnderstand='true'/>"))), strange);
    let reply = |to: &str| {
        with_block(&format!("<ReplyTo xmlns='{WSA}' s:mustUnderstand='1'><Address>{to}</Address></ReplyTo>"))
    };
    assert_eq!(refused(&reply("http://evil.example/")), strange);
    assert!(read(reply(&format!("{WSA}/anonymous")).as_bytes()).is_ok());
    for name in ["To", "Action", "MessageID"] {
        let known = with_block(&format!("<{name} xmlns='{WSA}' s:mustUnderstand='1'>x</{name}>"));
        assert!(read(known.as_bytes()).is_ok(), "{name}");
    }
    let twice = format!("<MessageID xmlns='{WSA}'>1</MessageID>");
    assert_eq!(refused(&with_block(&format!("{twice}\n{twice}"))), "Client malformed-body 2:1");
}

#[test]
fn of_security_nothing_is_passed_over() {
    let (user, pass) = ("<w:Username>a</w:Username>", "<w:Password>b</w:Password>");
    assert!(read(token(&format!("{user}{pass}")).as_bytes()).is_ok());
    assert_eq!(refused(&token(user)), "Client unsupported-security");
    assert_eq!(
        refused(&token(&pass.replace("Password>b", "Password Type='x#PasswordDigest'>b"))),
        "Client unsupported-security"
    );
    assert_eq!(refused(&token(&format!("{user}{pass}\n{pass}"))), "Client malformed-body 2:1");
    assert_eq!(refused(&token(&format!("{pass}{user}\n{user}"))), "Client malformed-body 2:1");
    let security = |inside: &str| with_block(&format!("<w:Security xmlns:w='{WSSE}'>{inside}</w:Security>"));
    let one = format!("<w:UsernameToken>{user}{pass}</w:UsernameToken>");
    assert_eq!(refused(&security(&format!("{one}{one}"))), "Client unsupported-security");
    assert_eq!(refused(&security("<w:BinarySecurityToken/>")), "Client unsupported-security");
    assert_eq!(
        refused(&security("<Signature xmlns='http://www.w3.org/2000/09/xmldsig#'/>")),
        "Client unsupported-security"
    );
    let wsu = WSSE.replace("secext", "utility");
    let until = |time: &str| security(&format!("<Timestamp xmlns='{wsu}'><Expires>{time}</Expires></Timestamp>"));
    assert!(read(until("2026-01-01T00:00:01Z").as_bytes()).is_ok());
    assert_eq!(refused(&until("2025-12-31T23:59:59Z")), "Client message-expired");
    assert!(refused(&until("tomorrow")).starts_with("Client malformed-body 1:"));
}

#[test]
fn attacks_end_where_they_begin() {
    let many = |text: &str, count: usize| text.repeat(count);
    let attributes = (0..300).map(|number| format!(" a{number}=''")).collect::<Vec<_>>().concat();
    let spaces = (0..80).map(|number| format!(" xmlns:n{number}='x'")).collect::<Vec<_>>().concat();
    let whole = enveloped("", "<GetOrder/>");
    let attacks = [
        format!("<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>{whole}"),
        enveloped("", "<GetOrder>&a;</GetOrder>"),
        enveloped("", &format!("<GetOrder{attributes}/>")),
        enveloped("", &format!("<GetOrder{spaces}/>")),
        enveloped("", &(many("<a>", 10_000) + &many("</a>", 10_000))),
        enveloped(&format!("<s:Header>{}{}</s:Header>", many("<a>", 100), many("</a>", 100)), "<GetOrder/>"),
        enveloped("", &format!("<{}/>", many("n", 1 << 19))),
        enveloped("", "<GetOrder a='1' a='2'/>"),
        enveloped("", "<GetOrder xmlns:p='u' xmlns:q='u' p:a='1' q:a='2'/>"),
        enveloped("", "<p:GetOrder/>"),
        enveloped("", "<GetOrder xmlns:s=''/>"),
        enveloped("", "<GetOrder xmlns:xmlns='u'/>"),
        enveloped("", "<GetOrder xmlns:xml='u'/>"),
        enveloped("", "<GetOrder>]]></GetOrder>"),
        enveloped("", "<GetOrder>\u{1}</GetOrder>"),
        enveloped("", "<GetOrder>&#0;</GetOrder>"),
        enveloped("", "<GetOrder></getorder>"),
        enveloped("", "<!-- a -- b --><GetOrder/>"),
        whole.replace("<s:Envelope", "<?xml version='1.1'?><s:Envelope"),
        whole.replace("<s:Body>", "<?xml version='1.0'?><s:Body>"),
    ];
    for attack in &attacks {
        assert!(refused(attack).starts_with("Client malformed-body"), "{}", refused(attack));
    }
    let elsewhere = whole.replace("<s:Envelope", "<?xml version='1.0' encoding='utf-16'?><s:Envelope");
    assert_eq!(refused(&elsewhere), "Client unsupported-media-type 1:21");
    assert!(read(&whole.encode_utf16().flat_map(u16::to_be_bytes).collect::<Vec<_>>()).is_err());
}

proptest! {
    #[test]
    fn no_bytes_make_it_fall(bytes in any::<Vec<u8>>()) {
        prop_assert!(read(&bytes).is_err());
    }

    #[test]
    fn no_change_makes_it_fall(at in 0_usize..400, byte in any::<u8>()) {
        let mut document = whole().into_bytes();
        let at = at % document.len();
        document[at] = byte;
        let told = read(&document);
        prop_assert!(told.is_ok() || told.is_err_and(|trouble| trouble.code != Code::Server));
    }
}

#[test]
fn nothing_that_breaks_off_is_taken() {
    let document = whole();
    let end = document.trim_end().len();
    for cut in 0..end {
        assert!(read(&document.as_bytes()[..cut]).is_err(), "{cut}");
    }
    assert!(read(&document.as_bytes()[..end]).is_ok());
}
