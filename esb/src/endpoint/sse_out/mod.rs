//! Server-sent events: a stream that ends with the caller's token, with the process, or when the caller hangs up.

mod seats;

use std::fmt::Write as _;
use std::pin::pin;
use std::time::Duration;

use actix_web::HttpResponse;
use bytes::Bytes;
use chassis::Tasks;
use futures_util::stream::{once, unfold};
use futures_util::{Stream, StreamExt};
use tokio::time::{Instant, interval_at, sleep};

pub use seats::{Seat, Seats};

/// How often something is said even if there is nothing to say, so that everybody in between keeps the connection.
const PULSE: Duration = Duration::from_secs(15);

/// An event on its way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent<'a> {
    /// By which a reader says where it broke off; none where there is nothing to come back to.
    pub id: Option<&'a str>,
    /// Its type.
    pub name: &'a str,
    /// One line.
    pub data: &'a str,
}

/// When a stream ends by itself.
pub struct Ends {
    /// With the process.
    pub tasks: Tasks,
    /// With the caller's token.
    pub within: Duration,
}

impl Sent<'_> {
    /// As it stands on the wire, at the end of `text`.
    pub fn write(&self, text: &mut String) {
        // A line break would end the field.
        let line = |part: &str| part.replace(['\r', '\n'], " ");
        let id = self.id.map(|id| format!("id: {}\n", line(id))).unwrap_or_default();
        let (name, data) = (line(self.name), line(self.data));
        let written = write!(text, "event: {name}\n{id}data: {data}\n\n");
        debug_assert!(written.is_ok(), "a string takes everything");
    }
}

/// Answers with these pieces as they come, for as long as `ends` allows.
pub fn respond<S: Stream<Item = Bytes> + 'static>(pieces: S, ends: Ends) -> HttpResponse {
    let Ends { tasks, within } = ends;
    let end = async move {
        tokio::select! {
            () = tasks.stopping() => {}
            () = sleep(within) => {}
        }
    };
    // The head goes out with it at once; a reader that is cut off comes back soon.
    let hello = once(async { Bytes::from_static(b"retry: 1000\n\n") });
    let body = hello.chain(with_pulse(pieces, PULSE)).take_until(Box::pin(end));
    HttpResponse::Ok()
        .content_type("text/event-stream")
        // Or nginx would gather the pieces before it passes them on.
        .insert_header(("x-accel-buffering", "no"))
        .streaming(body.map(Ok::<_, std::convert::Infallible>))
}

fn with_pulse<S: Stream<Item = Bytes> + 'static>(pieces: S, every: Duration) -> impl Stream<Item = Bytes> {
    let pulse = interval_at(Instant::now() + every, every);
    unfold((Box::pin(pieces), pulse), |(mut pieces, mut pulse)| async move {
        let piece = tokio::select! {
            biased;
            piece = pieces.next() => piece?,
            _ = pin!(pulse.tick()) => Bytes::from_static(b": still here\n\n"),
        };
        Some((piece, (pieces, pulse)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_event_never_breaks_its_frame() {
        let mut text = String::new();
        Sent { id: Some("7\nevent: x"), name: "order.created", data: "{\r\n}" }.write(&mut text);
        assert_eq!(text, "event: order.created\nid: 7 event: x\ndata: {  }\n\n");
        text.clear();
        Sent { id: None, name: "saga", data: "{}" }.write(&mut text);
        assert_eq!(text, "event: saga\ndata: {}\n\n");
    }

    #[actix_web::test]
    async fn silence_is_broken_by_a_comment() {
        let mut pieces = Box::pin(with_pulse(futures_util::stream::pending(), Duration::from_millis(5)));
        assert_eq!(pieces.next().await.unwrap(), ": still here\n\n");
    }
}
