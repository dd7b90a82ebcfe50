//! An answer, and what one asks of it.

use reqwest::header::HeaderMap;
use serde_json::Value;

#[derive(Debug, Clone)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    pub(crate) async fn of(response: reqwest::Response) -> Self {
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let text = response.text().await.unwrap();
        let body =
            if text.is_empty() { Value::Null } else { serde_json::from_str(&text).unwrap_or(Value::String(text)) };
        Self { status, headers, body }
    }

    /// Fails, showing the answer, unless it has this status.
    #[track_caller]
    pub(crate) fn is(&self, status: u16) -> &Self {
        assert_eq!(self.status, status, "{:#} {:?}", self.body, self.headers);
        self
    }

    /// Fails, showing the answer, unless it is this problem, told as problems are.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, name: &str) -> &Self {
        self.is(status);
        assert_eq!(self.body["type"], format!("urn:problem:{name}"), "{:#}", self.body);
        assert_eq!(self.body["status"], status);
        assert_eq!(self.header("content-type"), "application/problem+json");
        // A repetition is told what the first was told.
        let is_first = self.header("idempotent-replayed") != "true";
        let instance = self.body["instance"].as_str().unwrap();
        assert_eq!(instance == self.header("x-request-id"), is_first, "the problem names its request: {instance}");
        let detail = self.body["detail"].as_str().unwrap();
        assert!(detail.len() > 5, "a problem says what to change: {detail:?}");
        self
    }

    #[track_caller]
    pub(crate) fn text(&self, field: &str) -> String {
        let Some(text) = self.body[field].as_str() else { panic!("there is no `{field}` in {:#}", self.body) };
        text.to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The pointers of a validation problem, sorted.
    pub(crate) fn pointers(&self) -> Vec<String> {
        let errors = self.body["errors"].as_array().cloned().unwrap_or_default();
        let mut pointers: Vec<_> = errors.iter().map(|error| error["pointer"].as_str().unwrap().to_owned()).collect();
        pointers.sort();
        pointers
    }
}
