//! Lists come in pages, and a cursor leads from one to the next.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use utoipa::openapi::schema::{ArrayBuilder, ObjectBuilder, SchemaType, Type};
use utoipa::openapi::xml::XmlBuilder;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{__dev::ComposeSchema, IntoParams, ToSchema};

/// What a page holds where the caller does not say.
pub const LIMIT_DEFAULT: u32 = 20;
/// What a page holds at most.
pub const LIMIT_MAX: u32 = 100;

/// Part of a list, with the way to the next part.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page<T> {
    /// The items, in the list's order.
    pub items: Vec<T>,
    /// What to pass as `cursor` for the next page; `null` at the end.
    pub next_cursor: Option<String>,
}

/// Which part of a list is wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// How many items at most, 1 to 100; 20 where absent.
    #[param(minimum = 1, maximum = 100, default = 20)]
    pub limit: Option<u32>,
    /// The `next_cursor` of the page before.
    pub cursor: Option<String>,
}

impl<T: ToSchema> ComposeSchema for Page<T> {
    fn compose(_generics: Vec<RefOr<Schema>>) -> RefOr<Schema> {
        let items = ArrayBuilder::new().items(utoipa::openapi::Ref::from_schema_name(T::name()));
        let cursor = ObjectBuilder::new()
            .schema_type(SchemaType::from_iter([Type::String, Type::Null]))
            .description(Some("what to pass as `cursor` for the next page; null at the end"));
        ObjectBuilder::new()
            .property("items", items)
            .property("next_cursor", cursor)
            .required("items")
            .required("next_cursor")
            .xml(Some(XmlBuilder::new().name(Some(root(&T::name()))).build()))
            .into()
    }
}

/// The root element of a list of these: `order_list` for `Order`.
fn root(name: &str) -> String {
    let mut root = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !root.is_empty() {
            root.push('_');
        }
        root.extend(letter.to_lowercase());
    }
    root + "_list"
}

impl<T: ToSchema> ToSchema for Page<T> {
    fn name() -> Cow<'static, str> {
        Cow::Owned(format!("{}List", T::name()))
    }

    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        schemas.push((T::name().into_owned(), T::schema()));
        T::schemas(schemas);
    }
}
