//! Finding customers by a part of their address or name.

use contracts::{Customer, Id};
use diesel::{BoolExpressionMethods, ExpressionMethods, PgTextExpressionMethods, QueryDsl, SelectableHelper};
use diesel_async::RunQueryDsl;

use super::Store;
use super::row::CustomerRow;
use super::schema::customers;
use crate::domain::CustomerError;

/// Which customers are wanted.
#[derive(Debug, Clone)]
pub(crate) struct Search {
    /// A part of the address or the name; all customers where it is absent.
    pub(crate) part: Option<String>,
    /// Only those made before this one.
    pub(crate) before: Option<Id<Customer>>,
    /// How many at most.
    pub(crate) limit: u32,
}

impl Store {
    /// The newest customers that `search` is for.
    pub(crate) async fn search(&self, search: &Search) -> Result<Vec<Customer>, CustomerError> {
        let rows = self
            .twice(async |mut connection| {
                let mut wanted = customers::table
                    .select(CustomerRow::as_select())
                    .order(customers::id.desc())
                    .limit(search.limit.into())
                    .into_boxed();
                if let Some(before) = search.before {
                    wanted = wanted.filter(customers::id.lt(before.uuid()));
                }
                if let Some(pattern) = search.part.as_deref().map(pattern) {
                    let by_email = customers::email.ilike(pattern.clone());
                    wanted = wanted.filter(by_email.or(customers::name.ilike(pattern)));
                }
                Ok(wanted.load(&mut connection).await?)
            })
            .await?;
        Ok(rows.into_iter().map(Customer::from).collect())
    }
}

/// Whatever contains `part`, taken literally.
fn pattern(part: &str) -> String {
    let literal = part.replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_");
    format!("%{literal}%")
}
