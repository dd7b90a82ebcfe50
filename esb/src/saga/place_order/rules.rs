//! What an order to be placed must look like, beyond its schema: all mistakes at once.

use std::collections::HashMap;

use contracts::{FieldError, OrderLine, PlaceOrder, PostalAddress, is_country};

const LINES_MAX: usize = 100;
const QUANTITY_MAX: u32 = 1000;
const TOKEN_MAX: usize = 60;
const TEXT_MAX: usize = 200;
const POSTAL_CODE_MAX: usize = 20;

/// Everything that is wrong.
pub fn mistakes(request: &PlaceOrder) -> Vec<FieldError> {
    let mut errors = lines(&request.items);
    errors.extend(request.shipping_address.iter().flat_map(address));
    if !is_token(&request.payment.token) {
        let detail = "must be the provider's token: `tok_`, then 1 to 60 of a-z, 0-9 and `_`";
        errors.push(FieldError::new("/payment/token", detail));
    }
    errors
}

fn lines(items: &[OrderLine]) -> Vec<FieldError> {
    if !(1..=LINES_MAX).contains(&items.len()) {
        return vec![FieldError::new("/items", format!("must have 1 to {LINES_MAX} lines"))];
    }
    let mut errors = Vec::new();
    let mut seen = HashMap::new();
    for (index, line) in items.iter().enumerate() {
        if !(1..=QUANTITY_MAX).contains(&line.quantity) {
            let detail = format!("must be 1 to {QUANTITY_MAX}");
            errors.push(FieldError::new(format!("/items/{index}/quantity"), detail));
        }
        if let Some(first) = seen.insert(line.product_id, index) {
            let detail = format!("is the product of line {first}, too: add the quantities");
            errors.push(FieldError::new(format!("/items/{index}/product_id"), detail));
        }
    }
    errors
}

fn address(address: &PostalAddress) -> Vec<FieldError> {
    let fields = [
        ("name", address.name.as_str(), TEXT_MAX),
        ("line1", &address.line1, TEXT_MAX),
        ("city", &address.city, TEXT_MAX),
        ("postal_code", &address.postal_code, POSTAL_CODE_MAX),
    ];
    let mut errors = fields.into_iter().filter_map(|(name, value, max)| text(name, value, max)).collect::<Vec<_>>();
    let line2 = address.line2.as_deref().filter(|line| line.chars().count() > TEXT_MAX);
    errors.extend(line2.map(|_| FieldError::new("/shipping_address/line2", too_long(TEXT_MAX))));
    if !is_country(&address.country) {
        let detail = "must be a country's two letters (ISO 3166-1), such as `DE`";
        errors.push(FieldError::new("/shipping_address/country", detail));
    }
    errors
}

fn text(name: &str, value: &str, max: usize) -> Option<FieldError> {
    let detail = match value {
        value if value.trim().is_empty() => "must not be empty".to_owned(),
        value if value.chars().count() > max => too_long(max),
        _ => return None,
    };
    Some(FieldError::new(format!("/shipping_address/{name}"), detail))
}

fn too_long(max: usize) -> String {
    format!("must have at most {max} characters")
}

fn is_token(token: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    let name = token.strip_prefix("tok_");
    name.is_some_and(|name| (1..=TOKEN_MAX).contains(&name.len()) && name.bytes().all(plain))
}

#[cfg(test)]
mod tests {
    use contracts::Id;
    use serde_json::json;

    use super::*;

    fn pointers(change: impl FnOnce(&mut serde_json::Value)) -> Vec<String> {
        let address = json!({"name": "Ada", "line1": "1 Road", "city": "London", "postal_code": "N1", "country": "GB"});
        let mut order = json!({
            "customer_id": Id::<()>::mint(),
            "items": [{"product_id": Id::<()>::mint(), "quantity": 1}],
            "shipping_address": address,
            "payment": {"method": "card", "token": "tok_visa"},
        });
        change(&mut order);
        mistakes(&serde_json::from_value(order).unwrap()).into_iter().map(|error| error.pointer).collect()
    }

    #[test]
    fn a_good_order_has_no_mistakes() {
        assert_eq!(pointers(|_| {}), Vec::<String>::new());
    }

    #[test]
    fn all_mistakes_come_at_once() {
        let found = pointers(|order| {
            let product = order["items"][0]["product_id"].clone();
            order["items"] = json!([{"product_id": product, "quantity": 0}, {"product_id": product, "quantity": 1001}]);
            order["shipping_address"]["city"] = json!("  ");
            order["shipping_address"]["country"] = json!("XX");
            order["payment"]["token"] = json!("visa");
        });
        let wanted = [
            "/items/0/quantity",
            "/items/1/quantity",
            "/items/1/product_id",
            "/shipping_address/city",
            "/shipping_address/country",
            "/payment/token",
        ];
        assert_eq!(found, wanted);
    }

    #[test]
    fn there_is_something_to_order_but_not_everything() {
        assert_eq!(pointers(|order| order["items"] = json!([])), ["/items"]);
        let line = || json!({"product_id": Id::<()>::mint(), "quantity": 1});
        let many = (0..101).map(|_| line()).collect::<Vec<_>>();
        assert_eq!(pointers(|order| order["items"] = json!(many)), ["/items"]);
    }
}
