//! XML for the ESB's own operations: a document is turned before their handlers see it, and what they answer after.

use actix_web::body::{BoxBody, MessageBody, to_bytes};
use actix_web::dev::{Payload, ServiceRequest, ServiceResponse};
use actix_web::http::header::{CONTENT_TYPE, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};
use actix_web::{Error, FromRequest, HttpResponse, ResponseError};
use chassis::auth::Caller;
use chassis::{Failure, Kind};

use super::catalog::own_key;
use super::interpreter::Interpreter;
use crate::endpoint::http_in;
use crate::endpoint::http_out::Body;
use crate::endpoint::message::{Answer, Content};
use crate::policy::{Formats, Media};
use crate::route::door::http::spoken;
use crate::route::pipeline::Bus;

/// Around the operations whose documents are described; those who speak JSON do not notice it.
pub async fn speak(
    mut request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse, Error> {
    let headers = http_in::headers(request.request());
    let sends_xml = headers.get(CONTENT_TYPE.as_str()).and_then(|value| Media::named(value.to_str().ok()?));
    if !sends_xml.is_some_and(Media::is_xml) && !Formats::of_any_answer(&headers).is_xml() {
        return Ok(next.call(request).await?.map_into_boxed_body());
    }
    let turned = turned(&mut request).await;
    // Not before: while there are two of it, its headers can't be changed.
    let http = request.request().clone();
    let answered = match turned {
        Ok(interpreter) => match next.call(request).await {
            Ok(response) => told(&interpreter, response.into_parts().1.map_into_boxed_body()).await,
            Err(error) => Ok(error.error_response()),
        },
        Err(failure) => Err(failure),
    };
    let response = spoken(&http, answered.unwrap_or_else(|failure| failure.error_response()));
    Ok(ServiceResponse::new(http, response))
}

/// The request with its document in JSON.
async fn turned(request: &mut ServiceRequest) -> Result<Interpreter, Failure> {
    // All of these are for somebody, and who that is comes before what is said.
    Caller::from_request(request.request(), &mut Payload::None).into_inner()?;
    let mut headers = http_in::headers(request.request());
    let gone = || Failure::internal(Kind::Bug, "internal", &std::io::Error::other("the bus is not there"));
    let bus = request.app_data::<Data<Bus>>().cloned().ok_or_else(gone)?;
    let pattern = request.match_pattern().ok_or_else(gone)?;
    let interpreter = Interpreter::new(&bus.mediator, &own_key(request.method(), pattern), Formats::of(&headers)?)?;
    let body = request.extract::<Bytes>().await;
    let body = body.map_err(|error| Failure::new(Kind::Malformed, "broken-body", error.to_string()))?;
    if body.is_empty() {
        return Ok(interpreter);
    }
    if let Body::Whole(json) = interpreter.read(&mut headers, Body::Whole(body)).await? {
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(Media::Json.content_type()));
        request.headers_mut().insert(actix_web::http::header::CONTENT_LENGTH, HeaderValue::from(json.len()));
        request.set_payload(Payload::from(json));
    }
    Ok(interpreter)
}

/// The answer, with its document as the caller wants it.
async fn told(interpreter: &Interpreter, response: HttpResponse) -> Result<HttpResponse, Failure> {
    let named = response.headers().get(CONTENT_TYPE).and_then(|value| Media::named(value.to_str().ok()?));
    if named != Some(Media::Json) || response.status().as_u16() >= 400 {
        return Ok(response);
    }
    let (head, body) = response.into_parts();
    let broken = || Failure::internal(Kind::Bug, "internal", &std::io::Error::other("an answer of ours broke off"));
    let json = to_bytes(body).await.map_err(|_broken_off| broken())?;
    let answer = Answer::document(head.status().as_u16(), Media::Json.content_type(), json);
    let Answer { headers, content, .. } = interpreter.write(answer).await?;
    let Content::Whole(document) = content else { return Err(broken()) };
    let mut response = head.set_body(BoxBody::new(document));
    if let Some(named) =
        headers.get(CONTENT_TYPE.as_str()).and_then(|named| HeaderValue::from_bytes(named.as_bytes()).ok())
    {
        response.headers_mut().insert(CONTENT_TYPE, named);
    }
    Ok(response)
}
