//! Large bodies stream both ways: what one side does not take, the other is not asked for.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use futures_util::StreamExt;
use futures_util::stream::{repeat, unfold};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;

use crate::fixture::{Bus, until};
use crate::upstream::serve;

const PIECE: usize = 64 * 1024;
const PIECES: usize = 800;
const TOTAL: usize = 50 << 20;
/// What sockets and buffers may hold between two who do not talk: far less than the body, whatever the kernel gives.
const IN_BETWEEN_MAX: usize = TOTAL / 2;

/// A side that can be held, and how much has gone through.
#[derive(Clone)]
struct Gate {
    open: Arc<Semaphore>,
    through: Arc<AtomicUsize>,
}

impl Gate {
    fn shut() -> Self {
        Self { open: Arc::new(Semaphore::new(0)), through: Arc::default() }
    }

    fn open(&self) {
        self.open.add_permits(1);
    }

    async fn wait(&self) {
        drop(self.open.acquire().await.unwrap());
    }

    fn count(&self, bytes: &Bytes) {
        self.through.fetch_add(bytes.len(), Ordering::Relaxed);
    }

    fn counted(&self) -> usize {
        AtomicUsize::load(&self.through, Ordering::Relaxed)
    }

    /// Until nothing has gone through for a while.
    async fn until_still(&self) -> usize {
        loop {
            let before = self.counted();
            tokio::time::sleep(Duration::from_millis(400)).await;
            if before > 0 && before == self.counted() {
                return before;
            }
        }
    }
}

fn body(sent: Gate) -> impl futures_util::Stream<Item = Result<Bytes, std::io::Error>> + Send + 'static {
    let pieces = repeat(Bytes::from(vec![b'x'; PIECE])).take(PIECES);
    pieces.map(move |piece| {
        sent.count(&piece);
        Ok(piece)
    })
}

async fn before(url: String) -> Bus {
    Bus::with(&[url.clone(), url.clone(), url], vec![("UPSTREAM__TIMEOUT_MS", "20000".to_owned())]).await
}

fn patient() -> reqwest::Client {
    reqwest::Client::builder().no_proxy().build().unwrap()
}

#[actix_web::test]
async fn an_upload_waits_for_the_service() {
    let service = Gate::shut();
    let reading = service.clone();
    let url = serve(move |config| {
        let gate = reading.clone();
        config.default_service(web::to(move |request: HttpRequest, mut payload: web::Payload| {
            let gate = gate.clone();
            async move {
                gate.wait().await;
                while let Some(piece) = payload.next().await {
                    gate.count(&piece?);
                }
                let framing = if request.headers().contains_key("content-length") { "length" } else { "chunks" };
                Ok::<_, actix_web::Error>(HttpResponse::Ok().body(format!("{} {framing}", gate.counted())))
            }
        }));
    });
    let bus = before(url).await;
    let sent = Gate::shut();
    let upload = patient().post(format!("{}/echo/1", bus.url)).body(reqwest::Body::wrap_stream(body(sent.clone())));
    let upload = actix_web::rt::spawn(upload.send());
    let held = sent.until_still().await;
    assert!(held < IN_BETWEEN_MAX, "{held} bytes went into a service that reads nothing");
    service.open();
    let answer = upload.await.unwrap().unwrap().text().await.unwrap();
    assert_eq!(answer, format!("{TOTAL} chunks"));
}

/// Reads a body to its end: 1 byte for one that broke off, 1000 for one that did not.
async fn judge(mut payload: web::Payload, (came, ended): (Gate, Gate)) -> HttpResponse {
    let mut verdict = &[0; 1000][..];
    while let Some(piece) = payload.next().await {
        if piece.map(|piece| came.count(&piece)).is_err() {
            verdict = &[0];
        }
    }
    ended.count(&Bytes::from_static(verdict));
    HttpResponse::Ok().finish()
}

#[actix_web::test]
async fn what_breaks_off_on_its_way_is_no_whole_body() {
    for rest in ["zz\r\n", "-1\r\n", ""] {
        let (came, ended) = (Gate::shut(), Gate::shut());
        let gates = (came.clone(), ended.clone());
        let url = serve(move |config| {
            let gates = gates.clone();
            config.default_service(web::to(move |payload: web::Payload| judge(payload, gates.clone())));
        });
        let bus = before(url).await;
        let mut stream = TcpStream::connect(bus.address()).await.unwrap();
        let head = "POST /echo/1 HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n5\r\nhello\r\n";
        stream.write_all(head.as_bytes()).await.unwrap();
        until("its beginning is at the service", async || came.counted() == 5).await;
        stream.write_all(rest.as_bytes()).await.unwrap();
        stream.shutdown().await.unwrap();
        until("the service has seen its end", async || ended.counted() > 0).await;
        assert_eq!((came.counted(), ended.counted()), (5, 1), "{rest:?}");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400"), "{rest:?}: {answer}");
    }
}

#[actix_web::test]
async fn a_download_waits_for_the_caller() {
    let sent = Gate::shut();
    let sending = sent.clone();
    let url = serve(move |config| {
        let gate = sending.clone();
        config.default_service(web::to(move || {
            let stream = body(gate.clone());
            async move { HttpResponse::Ok().streaming(stream) }
        }));
    });
    let bus = before(url).await;
    let mut response = patient().get(format!("{}/read/1", bus.url)).send().await.unwrap();
    let held = sent.until_still().await;
    assert!(held < IN_BETWEEN_MAX, "{held} bytes went to a caller who reads nothing");
    let mut received = 0;
    while let Some(piece) = response.chunk().await.unwrap() {
        received += piece.len();
    }
    assert_eq!(received, TOTAL);
}

#[actix_web::test]
async fn both_ways_at_once() {
    let url = serve(|config| {
        config.default_service(web::to(async |payload: web::Payload| {
            HttpResponse::Ok().streaming(unfold(payload.into_inner(), async |mut payload| {
                let piece = payload.next().await?;
                Some((piece, payload))
            }))
        }));
    });
    let bus = before(url).await;
    let upload = patient().post(format!("{}/echo/1", bus.url)).body(reqwest::Body::wrap_stream(body(Gate::shut())));
    let mut response = upload.send().await.unwrap();
    let mut received = 0;
    while let Some(piece) = response.chunk().await.unwrap() {
        assert!(piece.iter().all(|byte| *byte == b'x'));
        received += piece.len();
    }
    assert_eq!(received, TOTAL);
}
