//! The same by hand: structs, `serde_json` on one side, quick-xml's serde on the other. It knows one document, and would
//! lose what a string or number looked like; this is what it takes.

use anyhow::Result;
use serde::{Deserialize, Serialize};

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";
const NAMESPACE: &str = "urn:ecommerce-soa:v1";

#[derive(Serialize, Deserialize)]
struct Order<I, H> {
    #[serde(rename = "@xmlns", default, skip_serializing_if = "Option::is_none")]
    xmlns: Option<String>,
    created_at: String,
    customer_id: String,
    history: H,
    id: String,
    items: I,
    payment_id: String,
    refund: String,
    status: String,
    total: Money,
    updated_at: String,
}

#[derive(Serialize, Deserialize)]
struct Item {
    name: String,
    product_id: String,
    quantity: u32,
    sku: String,
    total: Money,
    unit_price: Money,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    at: String,
    by: String,
    status: String,
}

#[derive(Serialize, Deserialize)]
struct Money {
    amount: i64,
    currency: String,
}

/// XML has an element around the items.
#[derive(Serialize, Deserialize)]
struct List<T> {
    item: Vec<T>,
}

type JsonOrder = Order<Vec<Item>, Vec<Entry>>;
type XmlOrder = Order<List<Item>, List<Entry>>;

impl<I, H> Order<I, H> {
    fn with<J, G>(self, items: impl FnOnce(I) -> J, history: impl FnOnce(H) -> G) -> Order<J, G> {
        Order {
            xmlns: self.xmlns,
            created_at: self.created_at,
            customer_id: self.customer_id,
            history: history(self.history),
            id: self.id,
            items: items(self.items),
            payment_id: self.payment_id,
            refund: self.refund,
            status: self.status,
            total: self.total,
            updated_at: self.updated_at,
        }
    }
}

pub(super) fn to_xml(json: &[u8]) -> Result<Vec<u8>> {
    let order: JsonOrder = serde_json::from_slice(json)?;
    let mut order = order.with(|item| List { item }, |item| List { item });
    order.xmlns = Some(NAMESPACE.to_owned());
    let mut xml = DECLARATION.to_owned();
    quick_xml::se::to_writer_with_root(&mut xml, "order", &order)?;
    Ok(xml.into_bytes())
}

pub(super) fn to_json(xml: &[u8]) -> Result<Vec<u8>> {
    let order: XmlOrder = quick_xml::de::from_str(std::str::from_utf8(xml)?)?;
    let mut order = order.with(|list| list.item, |list| list.item);
    order.xmlns = None;
    Ok(serde_json::to_vec(&order)?)
}
