//! Services come, are found, and go.

mod balancing;
mod describing;
mod in_xml;
mod leases;
mod once;
mod outages;
mod refusals;

use reqwest::Method;
use serde_json::{Value, json};

use crate::fixture::{Answer, Bus};

/// What services say to the registry.
impl Bus {
    fn registrar(&self) -> String {
        self.issuer.client("warehouse", &["registry"])
    }

    async fn register(&self, body: &Value) -> Answer {
        self.post_as(&self.registrar(), "/registry/register", body).await
    }

    /// An instance of `shelf-service`, for `lease` seconds.
    async fn shelf_at(&self, url: &str, lease: u32) -> Answer {
        self.register(&json!({"name": "shelf-service", "url": url, "lease_seconds": lease})).await
    }

    async fn discover(&self, name: &str) -> Answer {
        self.get_as(&self.registrar(), &format!("/registry/discover/{name}")).await
    }

    async fn remove(&self, name: &str, instance: &str) -> Answer {
        let request = self.ask(Method::DELETE, &format!("/registry/services/{name}/{instance}"));
        self.send(request.bearer_auth(self.registrar())).await
    }

    /// The addresses of the instances that can be asked.
    async fn addresses(&self, name: &str) -> Vec<String> {
        let found = self.discover(name).await;
        let instances = found.body["instances"].as_array().cloned().unwrap_or_default();
        let mut urls = instances.iter().map(|one| one["url"].as_str().unwrap().to_owned()).collect::<Vec<_>>();
        urls.sort();
        urls
    }
}
