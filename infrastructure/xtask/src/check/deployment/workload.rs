//! What a container is told, whoever starts it.

use std::collections::BTreeSet;

use anyhow::Result;
use testbed::Binary;

use super::names;

/// Where images of ours are.
const OURS: &str = "ecommerce-soa/";
/// nginx in front of pages and bus, which has no settings of ours.
const STOREFRONT: (&str, u64) = ("frontend", 3000);
/// Of the workspace, and so of what is built.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// A container, as a deployment describes it.
#[derive(Debug, Clone)]
pub(super) struct Workload {
    /// File or overlay, and name.
    pub(super) place: String,
    pub(super) image: String,
    /// In the order in which the container gets it.
    pub(super) env: Vec<(String, String)>,
}

impl Workload {
    /// The binary in it, if it is one of ours.
    pub(super) fn binary(&self) -> Option<Binary> {
        let name = self.ours()?;
        Binary::ALL.into_iter().find(|binary| binary.name() == name)
    }

    /// The port that the program in it listens at, if it is one of ours.
    pub(super) fn port(&self) -> Option<u64> {
        let (storefront, port) = STOREFRONT;
        self.binary().map(|binary| binary.port().into()).or_else(|| (self.ours()? == storefront).then_some(port))
    }

    fn ours(&self) -> Option<&str> {
        self.image.strip_prefix(OURS)?.split(':').next()
    }

    /// Settings of another binary than its own, and values that name what is not known yet.
    pub(super) fn findings(&self) -> Result<Vec<String>> {
        let mut found = self.strangers()?;
        let mut known: BTreeSet<&str> = BTreeSet::new();
        for (name, value) in &self.env {
            let unknown = references(value).into_iter().filter(|reference| !known.contains(reference));
            found.extend(
                unknown.map(|reference| format!("{}: {name} names {reference} before it is there", self.place)),
            );
            known.insert(name);
        }
        Ok(found)
    }

    fn strangers(&self) -> Result<Vec<String>> {
        let Some(binary) = self.binary() else { return Ok(Vec::new()) };
        let settings = names::settings(binary)?;
        let named = self.env.iter().map(|(name, _)| name).filter(|name| name.contains("__"));
        let strange = named.filter(|name| !settings.contains(*name));
        Ok(strange.map(|name| format!("{}: {} has no setting {name}", self.place, binary.name())).collect())
    }
}

/// What `$(NAME)` names.
fn references(value: &str) -> Vec<&str> {
    value.split("$(").skip(1).filter_map(|rest| rest.split_once(')')).map(|(name, _)| name).collect()
}

/// Compose and Kubernetes run the same images: ours, of this version, and the same engines.
pub(super) fn same_images(compose: &[Workload], kubernetes: &[Workload]) -> Vec<String> {
    let images = |all: &[Workload]| all.iter().map(|one| one.image.clone()).collect::<BTreeSet<_>>();
    let (compose, kubernetes) = (images(compose), images(kubernetes));
    let names = Binary::ALL.map(Binary::name).into_iter().chain([STOREFRONT.0]);
    let wanted: BTreeSet<_> = names.map(|name| format!("{OURS}{name}:{VERSION}")).collect();
    let lacking = |all: &BTreeSet<String>, place: &str| {
        let lacking = wanted.difference(all).map(|image| format!("{place}: {image} is not run"));
        lacking.collect::<Vec<_>>()
    };
    let strange = kubernetes.difference(&compose).map(|image| format!("kubernetes: compose does not run {image}"));
    [lacking(&compose, "compose"), lacking(&kubernetes, "kubernetes"), strange.collect()].concat()
}

#[cfg(test)]
mod tests {
    use super::{VERSION, Workload, same_images};

    fn workload(image: &str, env: &[(&str, &str)]) -> Workload {
        let env = env.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Workload { place: "here".to_owned(), image: image.to_owned(), env }
    }

    #[test]
    fn a_setting_of_another_binary_is_found() {
        let wrong =
            workload("ecommerce-soa/esb:1", &[("ORDER_SERVICE__DATABASE__URL", "x"), ("ESB__DATABASE__URL", "x")]);
        assert_eq!(wrong.findings().unwrap(), ["here: esb has no setting ORDER_SERVICE__DATABASE__URL"]);
        assert_eq!(wrong.port(), Some(8080));
    }

    #[test]
    fn a_value_names_only_what_came_before() {
        let late = workload("mongo:8.0", &[("URL", "a:$(PASSWORD)@b"), ("PASSWORD", "x"), ("AGAIN", "$(PASSWORD)")]);
        assert_eq!(late.findings().unwrap(), ["here: URL names PASSWORD before it is there"]);
    }

    #[test]
    fn an_image_that_only_one_of_them_runs_is_found() {
        let names = ["customer-service", "order-service", "payment-service", "esb", "frontend"];
        let ours = names.map(|name| workload(&format!("ecommerce-soa/{name}:{VERSION}"), &[])).to_vec();
        assert!(same_images(&ours, &ours).is_empty());
        let more = [ours.clone(), vec![workload("mysql:9", &[])]].concat();
        assert_eq!(same_images(&ours, &more), ["kubernetes: compose does not run mysql:9"]);
        let fewer = ours.get(1..).unwrap_or_default();
        let lacking = format!("compose: ecommerce-soa/customer-service:{VERSION} is not run");
        assert_eq!(same_images(fewer, &ours).first(), Some(&lacking));
    }
}
