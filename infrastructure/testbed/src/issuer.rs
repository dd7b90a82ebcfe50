//! A stand-in for customer-service as the issuer of tokens: keys of its own, and their public half over HTTP.

use std::fmt::Display;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde::Serialize;
use serde_json::{Value, json};

use crate::shared::expect;

const LIFETIME: Duration = Duration::from_mins(15);
const ISSUER: &str = "ecommerce-soa";
/// RFC 8410: what comes before the 32 bytes of an Ed25519 private key.
const KEY_HEADER: [u8; 16] = [0x30, 0x2e, 2, 1, 0, 0x30, 5, 6, 3, 0x2b, 0x65, 0x70, 4, 0x22, 4, 0x20];

/// Issues tokens that a binary accepts when its `AUTH__JWKS_URL` is [`Issuer::jwks_url`].
#[derive(Debug)]
pub struct Issuer {
    address: SocketAddr,
    key: EncodingKey,
    kid: String,
    ended: Arc<AtomicBool>,
}

impl Issuer {
    /// A new key pair, served until this value is dropped.
    #[expect(clippy::unused_async, reason = "started like everything else in a testbed")]
    pub async fn start() -> Self {
        expect(Self::try_start())
    }

    fn try_start() -> Result<Self> {
        let key = EncodingKey::from_ed_der(&[KEY_HEADER.as_slice(), &rand::random::<[u8; 32]>()].concat());
        let kid = crate::engine::secret();
        let mut public = Jwk::from_encoding_key(&key, Algorithm::EdDSA)?;
        public.common.key_id = Some(kid.clone());
        let keys = serde_json::to_string(&JwkSet { keys: vec![public] })?;
        let listener = TcpListener::bind(("127.0.0.1", 0))?;
        let address = listener.local_addr()?;
        let ended = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&ended);
        // A thread, not a task: it must outlive the runtime of the test that happened to start it.
        thread::spawn(move || serve(&listener, &keys, &seen));
        Ok(Self { address, key, kid, ended })
    }

    /// Where the public keys are.
    pub fn jwks_url(&self) -> String {
        format!("http://{}/.well-known/jwks.json", self.address)
    }

    /// The id of the key that signs.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// The token of a customer.
    pub fn customer(&self, id: impl Display) -> String {
        self.token(&id.to_string(), &["customer"], &[])
    }

    /// The token of an operator.
    pub fn operator(&self) -> String {
        self.token("0190a1b2-0000-7000-8000-00000000000f", &["operator"], &[])
    }

    /// The token of a machine client.
    pub fn client(&self, id: &str, scopes: &[&str]) -> String {
        self.token(id, &[], scopes)
    }

    /// The token of the ESB itself.
    pub fn saga(&self) -> String {
        self.client("esb", &["customers:read", "saga"])
    }

    /// A token that is good in every way.
    pub fn token(&self, subject: &str, roles: &[&str], scopes: &[&str]) -> String {
        self.sign(&claims(subject, roles, scopes))
    }

    /// Signs whatever it is given: for claims that are wrong in one point, start from [`claims`].
    pub fn sign(&self, claims: &impl Serialize) -> String {
        let header = Header { kid: Some(self.kid.clone()), ..Header::new(Algorithm::EdDSA) };
        expect(encode(&header, claims, &self.key).context("could not sign a token"))
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        self.ended.store(true, Ordering::Relaxed);
        // Wakes the thread up, to see that it has ended.
        TcpStream::connect(self.address).ok();
    }
}

/// Good claims, to be spoilt.
pub fn claims(subject: &str, roles: &[&str], scopes: &[&str]) -> Value {
    let now = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    json!({
        "iss": ISSUER,
        "aud": ISSUER,
        "sub": subject,
        "iat": now.as_secs(),
        "exp": (now + LIFETIME).as_secs(),
        "jti": crate::engine::secret(),
        "roles": roles,
        "scope": scopes.join(" "),
    })
}

fn serve(listener: &TcpListener, keys: &str, ended: &AtomicBool) {
    for stream in listener.incoming() {
        if ended.load(Ordering::Relaxed) {
            return;
        }
        // A client that goes away early has its own reasons.
        stream.and_then(|stream| answer(stream, keys)).ok();
    }
}

fn answer(mut stream: TcpStream, keys: &str) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(2)))?;
    let mut request: Vec<u8> = Vec::new();
    let mut chunk = [0; 1024];
    while !request.windows(4).any(|end| end == b"\r\n\r\n") {
        let read = stream.read(&mut chunk)?;
        if read == 0 {
            return Ok(());
        }
        request.extend(chunk.iter().take(read));
    }
    let length = keys.len();
    let head =
        format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\nconnection: close");
    stream.write_all(format!("{head}\r\n\r\n{keys}").as_bytes())
}
