//! The tables, as the migrations make them.

diesel::table! {
    customers (id) {
        id -> Uuid,
        email -> Text,
        email_key -> Text,
        name -> Text,
        status -> Text,
        is_operator -> Bool,
        password_hash -> Nullable<Text>,
        version -> BigInt,
        created_at -> Timestamptz,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    addresses (id) {
        id -> Uuid,
        customer_id -> Uuid,
        name -> Text,
        line1 -> Text,
        line2 -> Nullable<Text>,
        city -> Text,
        postal_code -> Text,
        country -> Text,
        is_default -> Bool,
        version -> BigInt,
    }
}

diesel::table! {
    refresh_tokens (hash) {
        hash -> Binary,
        family -> Uuid,
        customer_id -> Uuid,
        expires_at -> Timestamptz,
        used_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    machine_clients (id) {
        id -> Text,
        secret_hash -> Text,
        scope -> Text,
        updated_at -> Timestamptz,
    }
}

diesel::table! {
    signing_keys (kid) {
        kid -> Text,
        private_key -> Binary,
        created_at -> Timestamptz,
        retired_at -> Nullable<Timestamptz>,
    }
}

diesel::table! {
    outbox (seq) {
        seq -> BigInt,
        id -> Uuid,
        kind -> Text,
        subject -> Text,
        body -> Binary,
        created_at -> Timestamptz,
    }
}
