//! The indexes, made at start. Making one that is there changes nothing, so several instances may start at once.

use mongodb::bson::{Document, doc};
use mongodb::options::IndexOptions;
use mongodb::{Database, IndexModel};

use super::PAYMENTS;

/// Makes the indexes that are missing.
pub(super) async fn create(database: &Database) -> Result<(), mongodb::error::Error> {
    let wanted = [
        // The lists, newest first: ids are in the order of time.
        index("by_customer", doc! { "customer_id": 1, "_id": -1 }, Holds::Everything),
        index("by_order", doc! { "order_id": 1, "_id": -1 }, Holds::Everything),
        // Two short queues; a payment at rest is in neither.
        index("to_ask_again", doc! { "ask_at": 1 }, Holds::WhatHasIt),
        index("to_send", doc! { "unsent_at": 1 }, Holds::WhatHasIt),
    ];
    database.collection::<Document>(PAYMENTS).create_indexes(wanted).await?;
    Ok(())
}

#[derive(Clone, Copy, PartialEq)]
enum Holds {
    Everything,
    WhatHasIt,
}

fn index(name: &str, keys: Document, holds: Holds) -> IndexModel {
    let options = IndexOptions::builder().name(name.to_owned()).sparse(holds == Holds::WhatHasIt).build();
    IndexModel::builder().keys(keys).options(options).build()
}
