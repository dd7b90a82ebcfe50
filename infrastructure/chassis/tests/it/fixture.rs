//! A server with two routes, which knows one signing key.

use actix_web::HttpResponse;
use actix_web::web::{self, ServiceConfig};
use chassis::auth::{Auth, Caller, Claims, Keys, Operator};
use chassis::http::{Json, Query};
use chassis::{Clock, Running, Service, Tasks, settings};
use contracts::{Money, PageQuery};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::openapi::OpenApi;

/// An Ed25519 key made for these tests alone: PKCS#8, and its public half as a JWK.
const PRIVATE_KEY: &str = "-----BEGIN PRIVATE KEY-----\n\
    MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g\n-----END PRIVATE KEY-----\n";
const PUBLIC_KEY: &str = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo";

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Parcel {
    pub(crate) name: String,
    pub(crate) prices: Vec<Money>,
}

pub(crate) struct Server {
    pub(crate) running: Running,
    pub(crate) http: reqwest::Client,
}

impl Server {
    pub(crate) fn start() -> Self {
        let keys = Keys::own();
        keys.replace(&serde_json::from_value::<JwkSet>(jwks()).unwrap());
        let http = http();
        let auth = settings::Auth {
            issuer: "us".into(),
            audience: "them".into(),
            jwks_url: "http://127.0.0.1:1/".parse().unwrap(),
            leeway_s: 5,
            cache_entries: 100,
        };
        let service = Service::new(&http, &OpenApi::default(), &Tasks::new()).unwrap();
        let running = service.auth(Auth::new(&auth, keys, Clock::real())).start(routes).unwrap();
        Self { running, http: client() }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.running.addr)
    }

    /// The status and the name of the problem that a POST of `body` to `/parcels` gets, and the whole problem.
    pub(crate) async fn post(&self, content_type: &str, body: impl Into<reqwest::Body>) -> (u16, String, Value) {
        let request = self.http.post(self.url("/parcels")).header("content-type", content_type).body(body);
        answer(request.send().await.unwrap()).await
    }

    pub(crate) async fn get(&self, path: &str, token: &str) -> (u16, String, Value) {
        let request = self.http.get(self.url(path)).header("authorization", format!("Bearer {token}"));
        answer(request.send().await.unwrap()).await
    }
}

/// A server on any free port.
pub(crate) fn http() -> settings::Http {
    settings::Http {
        listen: ([127, 0, 0, 1], 0).into(),
        workers: 1,
        body_max_bytes: 1 << 16,
        read_timeout_ms: 1000,
        keep_alive_ms: 5000,
        shutdown_grace_s: 5,
    }
}

pub(crate) fn client() -> reqwest::Client {
    let limits = settings::ClientLimits { timeout_ms: 5000, connect_timeout_ms: 1000, idle_per_host: 4 };
    chassis::Client::new(&limits).unwrap().raw().clone()
}

pub(crate) async fn answer(response: reqwest::Response) -> (u16, String, Value) {
    let status = response.status().as_u16();
    let body: Value = response.json().await.unwrap();
    let name = body["type"].as_str().unwrap_or("").trim_start_matches("urn:problem:").to_owned();
    (status, name, body)
}

fn routes(config: &mut ServiceConfig) {
    config
        .route("/parcels", web::post().to(async |Json(parcel): Json<Parcel>| HttpResponse::Ok().json(parcel)))
        .route("/pages", web::get().to(async |Query(page): Query<PageQuery>| HttpResponse::Ok().json(page)))
        .route("/whoami", web::get().to(async |caller: Caller| HttpResponse::Ok().json(caller.actor())))
        .route("/operators", web::get().to(async |_: Operator| HttpResponse::Ok().json("in")));
}

fn jwks() -> Value {
    json!({"keys": [{"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA", "use": "sig", "kid": "k1", "x": PUBLIC_KEY}]})
}

/// Claims that are good for ten minutes.
pub(crate) fn claims(subject: &str, roles: &[&str]) -> Claims {
    let now = u64::try_from(Clock::real().now().timestamp()).unwrap();
    Claims {
        iss: "us".into(),
        aud: "them".into(),
        sub: subject.into(),
        iat: now,
        exp: now + 600,
        jti: "1".into(),
        roles: roles.iter().map(|role| (*role).to_owned()).collect(),
        scope: String::new(),
    }
}

pub(crate) fn sign(claims: &Claims) -> String {
    let mut header = Header::new(Algorithm::EdDSA);
    header.kid = Some("k1".into());
    encode(&header, claims, &EncodingKey::from_ed_pem(PRIVATE_KEY.as_bytes()).unwrap()).unwrap()
}
