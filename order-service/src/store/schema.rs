//! The tables, as `migrations/` makes them.

diesel::table! {
    products (id) {
        id -> Binary,
        sku -> Text,
        name -> Text,
        description -> Text,
        price_amount -> BigInt,
        price_currency -> Text,
        available -> BigInt,
        image_url -> Nullable<Text>,
        active -> Bool,
        version -> BigInt,
        created_at -> Datetime,
        updated_at -> Datetime,
    }
}

diesel::table! {
    orders (id) {
        id -> Binary,
        customer_id -> Binary,
        status -> Text,
        refund -> Text,
        total_amount -> BigInt,
        total_currency -> Text,
        payment_id -> Nullable<Binary>,
        cancel_reason -> Nullable<Text>,
        items -> Text,
        history -> Text,
        shipping_address -> Nullable<Text>,
        shipment -> Nullable<Text>,
        version -> BigInt,
        tombstone -> Bool,
        created_at -> Datetime,
        updated_at -> Datetime,
    }
}

diesel::table! {
    stock_changes (id) {
        id -> Binary,
        product_id -> Binary,
        delta -> BigInt,
        reason -> Text,
        changed_by -> Text,
        idempotency_key -> Nullable<Text>,
        answer -> Text,
        version -> BigInt,
        created_at -> Datetime,
    }
}

diesel::table! {
    outbox (seq) {
        seq -> BigInt,
        id -> Binary,
        kind -> Text,
        subject -> Text,
        body -> Text,
        created_at -> Datetime,
    }
}

diesel::table! {
    inbox (event_id) {
        event_id -> Binary,
        seen_at -> Datetime,
    }
}
