//! A reader of server-sent events, as a browser is one.

use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{RequestBuilder, Response};
use serde_json::Value;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(20);

/// An event as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Told {
    pub(crate) name: String,
    pub(crate) id: String,
    pub(crate) data: Value,
}

/// An open stream.
pub(crate) struct Stream {
    pub(crate) headers: HeaderMap,
    response: Response,
    text: String,
}

impl Stream {
    pub(crate) async fn open(request: RequestBuilder) -> Self {
        let response = request.timeout(Duration::from_mins(1)).send().await.expect("an answer");
        assert_eq!(response.status().as_u16(), 200);
        Self { headers: response.headers().clone(), response, text: String::new() }
    }

    /// The next event; `None` where the stream has ended.
    pub(crate) async fn next(&mut self) -> Option<Told> {
        timeout(PATIENCE, self.read()).await.expect("nothing came")
    }

    async fn read(&mut self) -> Option<Told> {
        loop {
            let Some((block, rest)) = self.text.split_once("\n\n") else {
                // One that was cut off has ended too.
                let piece = self.response.chunk().await.ok().flatten()?;
                self.text.push_str(std::str::from_utf8(&piece).unwrap());
                continue;
            };
            let told = told(block);
            self.text = rest.to_owned();
            if told.is_some() {
                return told;
            }
        }
    }

    /// The names of the next few events.
    pub(crate) async fn names(&mut self, count: usize) -> Vec<String> {
        let mut names = Vec::new();
        for _ in 0..count {
            names.push(self.next().await.expect("one more event").name);
        }
        names
    }
}

fn told(block: &str) -> Option<Told> {
    let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    let data = serde_json::from_str(field("data")?).expect("JSON");
    Some(Told { name: field("event")?.to_owned(), id: field("id").unwrap_or_default().to_owned(), data })
}
