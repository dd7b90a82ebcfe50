//! To a service, and back. A command under a key is done once, however often it is sent.

use std::time::Duration;

use ::http::Method;
use ::http::header::HeaderValue;
use chassis::{Context, Failure, Kind};
use reqwest::Url;
use tokio::sync::oneshot;
use tracing::Instrument;

use super::file::Retry;
use super::pattern::{Segment, ServicePath};
use super::pipeline::Passage;
use crate::endpoint::gather::{self, Gathering, Part};
use crate::endpoint::http_out::{Body, Elsewhere, Outgoing, Proxy, Repeatable, collect, outgoing, pass_on};
use crate::endpoint::message::Answer;
use crate::policy::{Answered, IdempotencyKey, REPLAYED, Replay, Reserved, Ticket, Wish, digest};

/// What a command may take beyond twice its route's time (for the answer to begin, and to end), before another may try.
const LEASE_MARGIN: Duration = Duration::from_secs(2);

/// Sends the request to the service, and brings its answer.
pub(super) async fn send(mut passage: Passage<'_>, to: &ServicePath) -> Result<Answer, Failure> {
    let place = passage.place(to)?;
    if let Some(key) = passage.key().filter(|_| passage.request.method == Method::POST).transpose()? {
        return once(passage, place, &key).await;
    }
    let body = std::mem::take(&mut passage.request.body);
    let response = passage.proxy.send(passage.outgoing(place, body)).await?;
    pass_on(response, &passage.request.method).await
}

/// Sends it to several services at once, and brings one document of what they say.
pub(super) async fn gather(passage: Passage<'_>, parts: &[Part]) -> Result<Answer, Failure> {
    let names = passage.ready.operation.iter().flat_map(|operation| operation.path.parameters());
    let values: Vec<(&str, &str)> = names.zip(passage.values.iter().copied()).collect();
    let headers = outgoing(&passage.request.headers, passage.request.origin);
    let gathering = Gathering { parts, headers, values: &values, resolver: &passage.bus.resolver };
    gather::gather(passage.proxy, &gathering).await
}

/// Where a request goes, and where else it can go.
type Place = (Url, Elsewhere);

/// A command that is ours to do.
struct Job {
    outgoing: Outgoing,
    ticket: Ticket,
    proxy: Proxy,
    replay: Replay,
}

async fn once(mut passage: Passage<'_>, place: Place, key: &IdempotencyKey) -> Result<Answer, Failure> {
    let body = std::mem::take(&mut passage.request.body).gather().await?;
    let lease = passage.ready.timeout * 2 + LEASE_MARGIN;
    let target = passage.request.target.as_str();
    let wish = Wish { caller: passage.actor(), key, target, digest: passage.digest(&body), lease };
    let replay = passage.bus.replay.clone();
    let ticket = match replay.reserve(wish).await? {
        Reserved::Again(answered) => {
            return Ok(Answer::from(answered).with(REPLAYED, HeaderValue::from_static("true")));
        }
        Reserved::Do(ticket) => ticket,
    };
    let body = if body.is_empty() { Body::Empty } else { Body::Whole(body) };
    let job = Job { outgoing: passage.outgoing(place, body), ticket, proxy: passage.proxy.clone(), replay };
    passage.finish(job).await.map(Answer::from)
}

impl Job {
    async fn run(self) -> Result<Answered, Failure> {
        let patience = self.outgoing.timeout;
        let answered = match self.proxy.send(self.outgoing).await {
            Ok(response) => {
                tokio::time::timeout(patience, collect(response)).await.unwrap_or_else(|_| Err(broken_off()))
            }
            Err(failure) => Err(failure),
        };
        self.replay.settle(&self.ticket, answered.as_ref().ok()).await;
        answered
    }
}

impl Passage<'_> {
    /// Does the job to its end, even if the caller hangs up.
    async fn finish(&self, job: Job) -> Result<Answered, Failure> {
        let (tell, told) = oneshot::channel();
        let context = Context::current().unwrap_or_else(Context::begin);
        let work = async move { drop(tell.send(job.run().await)) };
        self.bus.tasks.spawn(context.scope(work.in_current_span()));
        told.await.unwrap_or_else(|_gone| Err(broken_off()))
    }

    /// For the books; nobody where anyone may come.
    pub(super) fn actor(&self) -> String {
        self.caller.as_ref().map(chassis::auth::Caller::actor).unwrap_or_default()
    }

    /// By which the same request is known again.
    pub(super) fn digest(&self, body: &[u8]) -> [u8; 32] {
        digest(self.request.method.as_str(), &self.request.target, body)
    }

    fn outgoing(&self, (url, elsewhere): Place, body: Body) -> Outgoing {
        let method = if self.request.method == Method::HEAD { Method::GET } else { self.request.method.clone() };
        let idempotent = matches!(method, Method::GET | Method::PUT | Method::DELETE);
        let repeatable =
            if idempotent && self.ready.route.retry == Retry::Safe { Repeatable::Yes } else { Repeatable::No };
        let headers = outgoing(&self.request.headers, self.request.origin);
        Outgoing { method, url, elsewhere, headers, body, timeout: self.ready.timeout, repeatable }
    }

    /// The values stand where the service's path has them; they were checked when the route was found.
    fn place(&self, to: &ServicePath) -> Result<Place, Failure> {
        let picked = self.bus.resolver.pick(&to.service).ok_or_else(unknown)?;
        let mut address = picked.service.base.clone();
        for segment in to.path.segments() {
            address.push('/');
            address.push_str(match segment {
                Segment::Literal(text) => text,
                Segment::Parameter(name) => self.value(name),
            });
        }
        if let Some(query) = self.request.query() {
            address.push('?');
            address.push_str(query);
        }
        let url = Url::parse(&address).map_err(|error| Failure::internal(Kind::Bug, "internal", &error))?;
        Ok((url, picked.into()))
    }

    /// What stands for the parameter.
    pub(super) fn value(&self, name: &str) -> &str {
        let names = self.ready.operation.iter().flat_map(|operation| operation.path.parameters());
        names.zip(&self.values).find(|(other, _)| *other == name).map_or("", |(_, value)| value)
    }
}

fn unknown() -> Failure {
    let detail = "no instance of the service is known right now: try again in a moment";
    Failure::new(Kind::Unavailable, "service-unavailable", detail).retry_after(Duration::from_secs(1))
}

fn broken_off() -> Failure {
    let detail = "the service's answer broke off: send the same again, under the same key";
    Failure::new(Kind::BadGateway, "bad-gateway", detail)
}
