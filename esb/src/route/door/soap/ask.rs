//! From an envelope to a request, and from its answer to an envelope.

use std::sync::Arc;

use actix_web::HttpRequest;
use actix_web::http::header::{HeaderName, HeaderValue};
use bytes::Bytes;
use chassis::trace::SpanKind;
use chassis::{Clock, Failure, Kind, Span};
use transform::{Fragment, NAMESPACE};

use super::SoapDoor;
use super::credentials::{Sender, Shown};
use super::envelope::{Envelope, Wrapper};
use super::fault::Trouble;
use super::note::Note;
use super::reply::Related;
use crate::endpoint::http_out::{Proxy, gather};
use crate::endpoint::message::{Answer, Content, Request};
use crate::policy::{IdempotencyKey, KEY_HEADER, Origin, Standing, admit};
use crate::route::door::wish::{Wish, headers};
use crate::route::file::Target;
use crate::route::mediation::{DOCUMENT_MAX, Operation, is_problem, refused};
use crate::route::pipeline::{Bus, Passage, Ready};

/// What of a service's headers is told on.
const TOLD_ON: [&str; 2] = ["retry-after", "idempotent-replayed"];

/// A call, and what it needs.
pub(super) struct Call<'a> {
    pub(super) door: &'a SoapDoor,
    pub(super) bus: &'a Bus,
    pub(super) proxy: &'a Proxy,
    pub(super) request: &'a HttpRequest,
    pub(super) origin: Origin,
}

/// What has become known of a call, however it ends.
pub(super) struct Known {
    pub(super) ready: Option<Arc<Ready>>,
    pub(super) standing: Option<Standing>,
    pub(super) related: Option<Related>,
    pub(super) note: Note,
}

/// A good answer.
pub(super) struct Told {
    pub(super) status: u16,
    /// The element in the body.
    pub(super) xml: Vec<u8>,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
}

impl Call<'_> {
    /// What is answered to the envelope in this document.
    pub(super) async fn answer(&self, document: &[u8], known: &mut Known) -> Result<Told, Trouble> {
        let Envelope { mut header, body } = Envelope::read(document, self.door.limits)?;
        let message_id = header.message_id.take();
        let action = format!("{NAMESPACE}/{}Response", body.name);
        known.related = message_id.clone().map(|to| Related { to, action });
        header.check(Clock::real().now())?;
        let ready = self.door.operations.get(body.name).ok_or_else(|| unknown(body.name))?;
        known.ready = Some(Arc::clone(ready));
        self.check_action(body.name, header.action.as_deref())?;
        if header.sender.is_some() {
            self.door.check_way(self.request, (self.origin, &self.bus.trusted))?;
        }
        let shown = Shown::find(self.request, header.sender.take())?;
        let sender = self.admit(ready, shown, known).await?;
        let is_safe = ready.operation.as_ref().is_some_and(|operation| operation.method.is_safe());
        // What changes nothing needs no name, whatever it is called.
        let key = if is_safe { None } else { self.key(message_id.as_deref())? };
        self.pass(ready, (document, &body), (sender, key, known)).await
    }

    /// An action that is said must be that of the operation: whoever looks at one only is not to be deceived.
    fn check_action(&self, name: &str, addressed: Option<&str>) -> Result<(), Trouble> {
        let line = self.request.headers().get("soapaction").map(|line| line.to_str().unwrap_or("?"));
        let line = line.map(|line| line.trim().trim_matches('"')).filter(|action| !action.is_empty());
        let wanted = format!("{NAMESPACE}/{name}");
        if line.into_iter().chain(addressed).all(|action| action == wanted) {
            return Ok(());
        }
        let detail = format!("the action of this operation is `{wanted}`, in `SOAPAction` as in `wsa:Action`");
        Err(Failure::new(Kind::Malformed, "action-mismatch", detail).into())
    }

    /// Who asks, if they may. Where anyone may, nobody is asked who they are.
    async fn admit(&self, ready: &Ready, shown: Shown, known: &mut Known) -> Result<Option<Sender>, Trouble> {
        let open = admit(&ready.route.allow, || Err(nobody())).is_ok();
        if !open && matches!(shown, Shown::Nothing) {
            known.standing = Some(ready.limit.count(None, self.origin.client).0);
            return Err(Trouble::nobody());
        }
        let sender =
            if open { None } else { self.door.sender(self.request, shown, (self.origin, &mut known.standing)).await? };
        let subject = sender.as_ref().map(|sender| sender.caller.subject());
        known.note.caller = sender.as_ref().map(|sender| sender.caller.actor());
        let (standing, counted) = ready.limit.count(subject, self.origin.client);
        known.standing = Some(standing);
        counted?;
        admit(&ready.route.allow, || sender.as_ref().map(|sender| sender.caller.clone()).ok_or_else(nobody))?;
        Ok(sender)
    }

    /// The name of the command, by the envelope or by HTTP.
    fn key(&self, message_id: Option<&str>) -> Result<Option<IdempotencyKey>, Trouble> {
        let line = self.request.headers().get(KEY_HEADER).map(HeaderValue::as_bytes);
        match (line, message_id.map(str::as_bytes)) {
            (Some(line), Some(id)) if line != id => {
                let detail = "`Idempotency-Key` and `wsa:MessageID` differ: send one, or the same twice";
                Err(Failure::new(Kind::Invalid, "invalid-idempotency-key", detail).into())
            }
            (key, id) => Ok(key.or(id).map(IdempotencyKey::parse).transpose()?),
        }
    }

    async fn pass(
        &self,
        ready: &Ready,
        (document, body): (&[u8], &Wrapper<'_>),
        (sender, key, known): (Option<Sender>, Option<IdempotencyKey>, &mut Known),
    ) -> Result<Told, Trouble> {
        let operation = Arc::clone(self.bus.mediator.catalog().operation(&ready.route.name)?);
        let json = read(&operation, document, body)?;
        known.note.request = json.clone();
        let pattern = ready.operation.as_ref().ok_or_else(|| unknown(body.name))?;
        let Wish { target, values, body: content } = Wish::of(pattern, None, &json)?;
        let headers = headers(ready, sender.as_ref().map(|sender| &*sender.token), key.as_ref());
        let content = ready.intake().accept(content)?;
        let origin = Some(self.origin);
        let request = Request { method: pattern.method.clone(), target, headers, origin, body: content };
        let values = values.iter().map(String::as_str).collect();
        let caller = sender.as_ref().map(|sender| sender.caller.clone());
        let answer = Passage { bus: self.bus, proxy: self.proxy, ready, values, request, caller }.go().await?;
        if let Some(Sender { token, by: Some(by), .. }) = sender.filter(|_| answer.status.as_u16() == 401) {
            self.door.logins.machines.forget(&by, &token);
        }
        write(answer, (ready, &operation), &mut known.note).await
    }
}

/// The document of the operation, as JSON.
fn read(operation: &Operation, document: &[u8], body: &Wrapper<'_>) -> Result<Bytes, Trouble> {
    let plan = operation.message.as_ref().ok_or_else(|| unknown(body.name))?;
    let namespaces = body.namespaces.iter().map(|(prefix, uri)| (*prefix, uri.as_str())).collect::<Vec<_>>();
    let fragment = Fragment { document, range: body.range.clone(), root: body.name, namespaces: &namespaces };
    let mut json = Vec::with_capacity(body.range.len());
    let _span = Span::begin(SpanKind::Internal, "transform xml to json");
    plan.fragment_to_json(&fragment, &mut json).map_err(refused)?;
    Ok(json.into())
}

/// The answer as an element.
async fn write(answer: Answer, (ready, operation): (&Ready, &Operation), note: &mut Note) -> Result<Told, Trouble> {
    let (status, content_type) = (answer.status.as_u16(), answer.headers.get("content-type"));
    let is_problem = content_type.and_then(|value| value.to_str().ok()).is_some_and(is_problem);
    let headers = told_on(&answer);
    let json = match answer.content {
        Content::Whole(json) => json,
        Content::Streaming(response) => gather(response, DOCUMENT_MAX).await?,
        Content::Withheld(_) => Bytes::new(),
    };
    note.answer = json.clone();
    if is_problem {
        return Err(Trouble::told(status, json.to_vec()).with(headers));
    }
    if status == 202 && matches!(ready.route.to, Target::Saga(_)) {
        return Err(Trouble::from(unsettled()).with(headers));
    }
    let name = format!("{}Response", ready.route.from.soap.as_deref().unwrap_or_default());
    if json.is_empty() {
        let xml = format!("<{name} xmlns=\"{NAMESPACE}\"/>").into_bytes();
        return Ok(Told { status, xml, headers });
    }
    let unfit = |error: &(dyn std::error::Error + 'static)| Failure::internal(Kind::BadGateway, "bad-gateway", error);
    let undescribed = || unfit(&std::io::Error::other(format!("a {status} is not in the service's description")));
    let plan = operation.answer(status).filter(|_| status < 400).ok_or_else(undescribed)?;
    let mut xml = Vec::with_capacity(json.len() * 2);
    let _span = Span::begin(SpanKind::Internal, "transform json to xml");
    plan.fragment_to_xml(&json, &name, &mut xml).map_err(|broken| unfit(&broken))?;
    Ok(Told { status, xml, headers })
}

fn told_on(answer: &Answer) -> Vec<(HeaderName, HeaderValue)> {
    let line = |name: &'static str| {
        let value = HeaderValue::from_bytes(answer.headers.get(name)?.as_bytes()).ok()?;
        Some((HeaderName::from_static(name), value))
    };
    TOLD_ON.into_iter().filter_map(line).collect()
}

fn unknown(name: &str) -> Failure {
    let name = name.chars().take(60).collect::<String>();
    Failure::new(Kind::Missing, "not-found", format!("there is no operation `{name}`; /soap?wsdl lists what there is"))
}

fn unsettled() -> Failure {
    let detail = "this is not settled yet: send the same again under the same `wsa:MessageID` or `Idempotency-Key`";
    Failure::new(Kind::GatewayTimeout, "not-settled", detail)
}

fn nobody() -> Failure {
    Failure::new(Kind::Unauthorised, "authentication-required", "say who you are")
}
