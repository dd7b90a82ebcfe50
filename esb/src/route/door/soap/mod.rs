//! The door for SOAP 1.1: an envelope becomes a request that any door could have made, by the documents of the services'
//! own descriptions; and the WSDL is made of these.

mod address;
mod ask;
#[cfg(test)]
mod attacks;
mod credentials;
mod envelope;
mod fault;
mod header;
mod note;
mod reply;
mod settings;
mod wsdl;

use std::collections::BTreeMap;
use std::sync::Arc;

use actix_web::http::StatusCode;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpMessage, HttpRequest, HttpResponse};
use chassis::http::{BodyLimit, RouteName, read_body};
use chassis::{Failure, Kind};
use transform::Limits;

use self::ask::{Call, Known};
use self::fault::Trouble;
use self::note::Note;
use self::reply::enveloped;
pub use self::settings::{Settings, UsernameToken};
use crate::endpoint::http_in::Held;
use crate::endpoint::http_out::Proxy;
use crate::policy::{Limit, Media};
use crate::route::door::login::Logins;
use crate::route::pipeline::{Bus, Ready};

const XML: &str = "text/xml; charset=utf-8";
/// Of WS-Addressing 1.0's SOAP binding.
const FAULT_ACTION: &str = "http://www.w3.org/2005/08/addressing/soap/fault";

/// What the SOAP service needs beside the bus.
pub struct SoapDoor {
    /// The routes by their operation's name.
    pub operations: BTreeMap<String, Arc<Ready>>,
    /// Those who show a secret.
    pub logins: Arc<Logins>,
    /// How often somebody may send what is for no operation.
    pub strays: Arc<Limit>,
    /// How much of an envelope, and how patiently.
    pub body: BodyLimit,
    /// What else an envelope may have at most.
    pub limits: Limits,
    /// Of the installation.
    pub settings: Settings,
}

/// The paths of the service.
pub fn configure(config: &mut ServiceConfig) {
    let soap = web::resource("/soap");
    let soap = soap.route(web::post().to(take)).route(web::get().to(describe));
    config.service(soap.route(web::head().to(describe)));
}

/// A SOAP 1.1 message, document/literal; `GET /soap?wsdl` describes it. A fault is 500, with the problem in its detail.
#[utoipa::path(post, path = "/soap", operation_id = "soap", tag = "soap",
    request_body(content = String, content_type = "text/xml"),
    responses(
        (status = 200, content_type = "text/xml", description = "an Envelope with the answer"),
        (status = 401, content_type = "text/xml", description = "an Envelope with a Fault: nobody has said who asks"),
        (status = 415, body = contracts::Problem, content_type = "application/problem+json"),
        (status = 500, content_type = "text/xml", description = "an Envelope with a Fault"),
    ))]
pub(crate) async fn take(
    request: HttpRequest,
    payload: web::Payload,
    (bus, proxy): (Data<Bus>, Data<Proxy>),
    door: Data<SoapDoor>,
) -> Result<HttpResponse, Failure> {
    if Media::named(request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default())
        != Some(Media::TextXml)
    {
        let detail = "SOAP 1.1 in UTF-8 is wanted: send `Content-Type: text/xml`";
        return Err(Failure::new(Kind::UnsupportedMedia, "unsupported-media-type", detail));
    }
    let nobody = || Failure::new(Kind::Malformed, "malformed-request", "nobody knows where this comes from");
    let origin = bus.trusted.origin(&request).ok_or_else(nobody)?;
    let (payload, held) = Held::take(&request, payload.into_inner());
    let call = Call { door: &door, bus: &bus, proxy: &proxy, request: &request, origin };
    let mut known = Known { ready: None, standing: None, related: None, note: Note::begin() };
    let answered = match read_body(payload, door.body).await {
        Ok(document) => call.answer(&document, &mut known).await,
        Err(failure) => Err(failure.into()),
    };
    let response = match answered {
        Ok(told) => respond((200, told.status), (&told.xml, told.headers), known, &call),
        Err(trouble) => respond_fault(trouble, known, &call),
    };
    Ok(held.until_sent(response))
}

/// The WSDL of the SOAP service, as it can be used right now; without `wsdl`, where it is.
#[utoipa::path(get, path = "/soap", operation_id = "describe_soap", tag = "descriptions",
    params(("wsdl" = Option<String>, Query, description = "present, with any value or none")),
    responses(
        (status = 200, content_type = "text/xml", description = "WSDL 1.1"),
        (status = 503, body = contracts::Problem, content_type = "application/problem+json", description = "not all services have described themselves yet"),
    ))]
pub(crate) async fn describe(
    request: HttpRequest,
    bus: Data<Bus>,
    door: Data<SoapDoor>,
) -> Result<HttpResponse, Failure> {
    let names = request.query_string().split('&').filter_map(|pair| pair.split('=').next());
    if !names.into_iter().any(|name| name.eq_ignore_ascii_case("wsdl")) {
        let hint = "This is a SOAP 1.1 service: send envelopes here by POST. Its description is at /soap?wsdl\n";
        return Ok(HttpResponse::Ok().insert_header((CONTENT_TYPE, "text/plain; charset=utf-8")).body(hint));
    }
    let address = match door.settings.address.as_str() {
        "" => address::address(&request, &bus.trusted)?,
        address => address.to_owned(),
    };
    let wsdl = wsdl::write(&bus, &door.operations, &address)?;
    // It depends on who asks, and may grow at any time.
    Ok(HttpResponse::Ok().insert_header((CONTENT_TYPE, XML)).insert_header((CACHE_CONTROL, "no-cache")).body(wsdl))
}

fn respond_fault(trouble: Trouble, mut known: Known, call: &Call<'_>) -> HttpResponse {
    let mut trouble = trouble;
    if known.standing.is_none() {
        let limit = known.ready.as_ref().map_or(&call.door.strays, |ready| &ready.limit);
        let (standing, counted) = limit.count(None, call.origin.client);
        known.standing = Some(standing);
        trouble = counted.map_or_else(Trouble::from, |()| trouble);
    }
    if let Some(related) = &mut known.related {
        FAULT_ACTION.clone_into(&mut related.action);
    }
    if known.note.answer.is_empty() {
        known.note.answer = trouble.problem.clone().into();
    }
    let fault = trouble.write();
    respond((trouble.status, trouble.meaning), (&fault, trouble.headers), known, call)
}

/// The answer, noted and counted. HTTP is told one status, and operators are told what it means.
fn respond(
    (status, meaning): (u16, u16),
    (content, headers): (&[u8], Vec<(actix_web::http::header::HeaderName, actix_web::http::header::HeaderValue)>),
    known: Known,
    call: &Call<'_>,
) -> HttpResponse {
    let Known { ready, standing, related, note } = known;
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = HttpResponse::build(status);
    response.insert_header((CONTENT_TYPE, XML));
    for header in headers {
        response.append_header(header);
    }
    let mut response = response.body(enveloped(content, related.as_ref()));
    if let Some(standing) = standing {
        standing.write(response.headers_mut());
    }
    if let Some(ready) = ready {
        call.request.extensions_mut().insert(RouteName(ready.route.name.as_str().into()));
        note.keep(&ready, meaning, &call.bus.messages);
    }
    response
}
