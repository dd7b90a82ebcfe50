//! The caller's body on its way to a service: whole where it is small, else in pieces as they come.

use std::future::Future;
use std::pin::pin;
use std::time::Duration;

use ::http::header::{CONTENT_LENGTH, HeaderMap, TRANSFER_ENCODING};
use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use actix_web::rt;
use bytes::{Bytes, BytesMut};
use chassis::http::{BodyLimit, read_body};
use chassis::{Failure, Kind};
use futures_util::stream::{iter, unfold};
use futures_util::{FutureExt, Stream, StreamExt};
use reqwest::Request;
use tokio::sync::{mpsc, oneshot};
use tokio::time::Instant;
use tokio::time::error::Elapsed;

/// Up to here a body is read whole, and can be sent again.
const WHOLE_MAX: u64 = 64 * 1024;
/// How many pieces may be on their way between the two connections.
const PIECES_MAX: usize = 4;
/// A body that comes more slowly than this, in bytes per second, is not waited for.
const RATE_MIN: u64 = 4 * 1024;

/// A body on its way out.
#[derive(Debug, Default)]
pub enum Body {
    /// There is none.
    #[default]
    Empty,
    /// All of it.
    Whole(Bytes),
    /// As it comes; it can be sent once.
    Streaming(Option<Upload>),
}

/// Pieces as they come.
#[derive(Debug)]
pub struct Upload {
    pieces: Option<mpsc::Receiver<Piece>>,
    ended: oneshot::Receiver<Result<(), Failure>>,
    failure: Option<Failure>,
}

/// The end is said, so that a body that broke off is never taken for a whole one.
#[derive(Debug)]
enum Piece {
    Data(Bytes),
    End,
}

/// The body broke off on its way in.
#[derive(Debug, thiserror::Error)]
#[error("the caller's body broke off")]
struct Cut;

/// What comes of a body.
trait Pieces: Stream<Item = Result<Bytes, PayloadError>> + Unpin + 'static {}

impl<T: Stream<Item = Result<Bytes, PayloadError>> + Unpin + 'static> Pieces for T {}

/// How a body is taken in.
#[derive(Debug, Clone, Copy)]
pub struct Intake {
    /// How much, and how patiently.
    pub limit: BodyLimit,
    /// How long the service may take no piece.
    pub stall_max: Duration,
}

impl Intake {
    /// The body of a request with these headers, or its beginning; 413 where it says itself that it is too large.
    pub async fn open(self, headers: &HeaderMap, payload: Payload) -> Result<Body, Failure> {
        let announced = headers.get(CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
        match announced {
            Some(0) => Ok(Body::Empty),
            Some(length) if length > self.bytes_max() => Err(self.too_large()),
            Some(length) if length <= WHOLE_MAX => read_body(payload, self.limit).await.map(Body::Whole),
            None if !headers.contains_key(TRANSFER_ENCODING) => Ok(Body::Empty),
            Some(_) => Ok(Body::Streaming(Some(self.stream(payload)))),
            None => self.chunked(payload).await,
        }
    }

    /// A body that is here already; 413 where it is too large.
    pub fn accept(self, body: Vec<u8>) -> Result<Body, Failure> {
        match body.len() {
            0 => Ok(Body::Empty),
            length if length > self.limit.bytes_max => Err(self.too_large()),
            _ => Ok(Body::Whole(body.into())),
        }
    }

    /// The first chunk, and what has come with it, is not left to the task: where the framing is wrong, the server closes
    /// the connection as soon as it sees that, and only what is answered by then goes out.
    async fn chunked(self, mut payload: Payload) -> Result<Body, Failure> {
        let mut next = tokio::time::timeout(self.limit.timeout, payload.next()).await.map_err(|_slow| too_slow())?;
        let mut come = Vec::new();
        while let Some(piece) = next {
            come.push(Ok(piece.map_err(|_broken| broken())?));
            next = payload.next().now_or_never().flatten();
        }
        Ok(Body::Streaming(Some(self.stream(iter(come).chain(payload)))))
    }

    fn stream(self, payload: impl Pieces) -> Upload {
        let (sender, pieces) = mpsc::channel(PIECES_MAX);
        let (tell, ended) = oneshot::channel();
        // Not a task to wait for: it ends with the request's connection, or when nobody takes its pieces.
        rt::spawn(async move {
            let outcome = self.pump(payload, &sender).await;
            // Told before the sender is dropped, so that whoever sees the body break off finds out why.
            tell.send(outcome).ok();
            drop(sender);
        });
        Upload { pieces: Some(pieces), ended, failure: None }
    }

    async fn pump(self, mut payload: impl Pieces, pieces: &mpsc::Sender<Piece>) -> Result<(), Failure> {
        let (began, mut received) = (Instant::now(), 0);
        loop {
            let patience = self.limit.timeout + Duration::from_secs(received / RATE_MIN);
            let piece = tokio::time::timeout_at(began + patience, payload.next()).await.map_err(|_slow| too_slow())?;
            let piece = piece.transpose().map_err(|_broken| broken())?.map_or(Piece::End, Piece::Data);
            let ends = matches!(piece, Piece::End);
            received += piece.len();
            if received > self.bytes_max() {
                return Err(self.too_large());
            }
            match pieces.send_timeout(piece, self.stall_max).await {
                Ok(()) if ends => return Ok(()),
                Ok(()) => {}
                // The service has answered without reading on.
                Err(mpsc::error::SendTimeoutError::Closed(_)) => return Ok(()),
                Err(mpsc::error::SendTimeoutError::Timeout(_)) => return Err(super::late()),
            }
        }
    }

    fn bytes_max(self) -> u64 {
        u64::try_from(self.limit.bytes_max).unwrap_or(u64::MAX)
    }

    fn too_large(self) -> Failure {
        let detail = format!("the body is larger than {} bytes: send less", self.limit.bytes_max);
        Failure::new(Kind::TooLarge, "body-too-large", detail)
    }
}

fn too_slow() -> Failure {
    Failure::new(Kind::TooSlow, "body-too-slow", "the body took too long: send it faster")
}

fn broken() -> Failure {
    Failure::new(Kind::Malformed, "broken-body", "the body broke off, or is framed wrongly")
}

impl Piece {
    fn len(&self) -> u64 {
        match self {
            Self::Data(bytes) => u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            Self::End => 0,
        }
    }
}

impl Body {
    /// All of it, as soon as it is there.
    pub async fn gather(self) -> Result<Bytes, Failure> {
        match self {
            Self::Empty => Ok(Bytes::new()),
            Self::Whole(bytes) => Ok(bytes),
            Self::Streaming(upload) => upload.ok_or_else(broken)?.gather().await,
        }
    }

    /// Whether it can be sent again.
    pub const fn is_whole(&self) -> bool {
        matches!(self, Self::Empty | Self::Whole(_))
    }

    /// Gives the request its body; what comes in pieces is to be watched.
    pub(super) fn attach(&mut self, request: &mut Request) -> Option<Upload> {
        match self {
            Self::Empty => None,
            Self::Whole(bytes) => {
                *request.body_mut() = Some(bytes.clone().into());
                None
            }
            Self::Streaming(upload) => {
                let mut upload = upload.take()?;
                *request.body_mut() = upload.pieces.take().map(|pieces| reqwest::Body::wrap_stream(stream(pieces)));
                Some(upload)
            }
        }
    }
}

fn stream(pieces: mpsc::Receiver<Piece>) -> impl Stream<Item = Result<Bytes, Cut>> {
    unfold(Some(pieces), |pieces| async {
        let mut pieces = pieces?;
        match pieces.recv().await {
            Some(Piece::Data(bytes)) => Some((Ok(bytes), Some(pieces))),
            Some(Piece::End) => None,
            None => Some((Err(Cut), None)),
        }
    })
}

impl Upload {
    /// Waits for the answer; `timeout` counts from the end of the body.
    pub(super) async fn alongside<F: Future>(&mut self, sending: F, timeout: Duration) -> Result<F::Output, Elapsed> {
        let mut sending = pin!(sending);
        tokio::select! {
            biased;
            answered = &mut sending => return Ok(answered),
            ended = &mut self.ended => self.failure = ended.ok().and_then(Result::err),
        }
        tokio::time::timeout(timeout, sending).await
    }

    /// What was wrong with the body, if that is known by now.
    pub(super) fn failure(&mut self) -> Option<Failure> {
        self.failure.take().or_else(|| self.ended.try_recv().ok().and_then(Result::err))
    }

    async fn gather(mut self) -> Result<Bytes, Failure> {
        let mut body = BytesMut::new();
        let mut pieces = self.pieces.take().ok_or_else(broken)?;
        loop {
            match pieces.recv().await {
                Some(Piece::Data(bytes)) => body.extend_from_slice(&bytes),
                Some(Piece::End) => return Ok(body.freeze()),
                None => return Err(self.failure().unwrap_or_else(broken)),
            }
        }
    }
}
