//! Entries of the catalogue: what they may say, and what a change makes of them.

use contracts::{Money, NewProduct, Product, ProductChange};

use super::OrderError;
use super::findings::Findings;

const SKU_CHARS_MAX: usize = 64;
const NAME_CHARS_MAX: usize = 200;
const DESCRIPTION_CHARS_MAX: usize = 4000;
const IMAGE_URL_CHARS_MAX: usize = 2000;

/// An entry that can be added to the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    pub(crate) sku: String,
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) price: Money,
    pub(crate) image_url: Option<String>,
    pub(crate) active: bool,
}

impl Entry {
    /// The entry that was asked for, or all that is wrong with it.
    pub(crate) fn parse(new: &NewProduct) -> Result<Self, OrderError> {
        let mut findings = Findings::default();
        let entry = Self {
            sku: findings.text("/sku", &new.sku, SKU_CHARS_MAX),
            name: findings.text("/name", &new.name, NAME_CHARS_MAX),
            description: findings.text("/description", &new.description, DESCRIPTION_CHARS_MAX),
            price: positive(new.price, &mut findings),
            image_url: new.image_url.as_deref().map(|url| image(url, &mut findings)),
            active: new.active.unwrap_or(true),
        };
        findings.settle()?;
        Ok(entry)
    }
}

/// A change of an entry that can be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Edit(ProductChange);

impl Edit {
    /// The change that was asked for, or all that is wrong with it.
    pub(crate) fn parse(change: &ProductChange) -> Result<Self, OrderError> {
        let mut findings = Findings::default();
        let image_url = change.image_url.as_deref().map(|url| {
            let taken_away = url.trim().is_empty();
            if taken_away { String::new() } else { image(url, &mut findings) }
        });
        let edit = ProductChange {
            sku: change.sku.as_deref().map(|sku| findings.text("/sku", sku, SKU_CHARS_MAX)),
            name: change.name.as_deref().map(|name| findings.text("/name", name, NAME_CHARS_MAX)),
            description: change
                .description
                .as_deref()
                .map(|text| findings.text("/description", text, DESCRIPTION_CHARS_MAX)),
            price: change.price.map(|price| positive(price, &mut findings)),
            image_url,
            active: change.active,
        };
        findings.settle()?;
        Ok(Self(edit))
    }

    /// The product as it is after the change.
    pub(crate) fn of(&self, product: &Product) -> Product {
        let Self(change) = self;
        let mut edited = product.clone();
        edited.sku = change.sku.clone().unwrap_or(edited.sku);
        edited.name = change.name.clone().unwrap_or(edited.name);
        edited.description = change.description.clone().unwrap_or(edited.description);
        edited.price = change.price.unwrap_or(edited.price);
        edited.active = change.active.unwrap_or(edited.active);
        if let Some(url) = &change.image_url {
            edited.image_url = Some(url.clone()).filter(|url| !url.is_empty());
        }
        edited
    }
}

fn positive(price: Money, findings: &mut Findings) -> Money {
    if price.is_zero() {
        findings.note("/price/amount", "must be above 0");
    }
    price
}

/// A picture on the storefront's own host, or elsewhere on the web; never a script.
fn image(url: &str, findings: &mut Findings) -> String {
    let url = findings.text("/image_url", url, IMAGE_URL_CHARS_MAX);
    let path = url.starts_with('/') && !url.starts_with("//");
    let web = url.starts_with("https://") || url.starts_with("http://");
    if !(path || web) || url.contains(|c: char| c.is_whitespace() || c == '\\') {
        findings.note("/image_url", "must be a path that begins with `/`, or an http or https address");
    }
    url
}
