//! Address books. Whoever changes one holds its customer's row, so that one address at most is the default.

use contracts::{Address, Customer, Id};
use diesel::dsl::count_star;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, SelectableHelper};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::Store;
use super::row::{AddressChangeRow, AddressRow};
use super::schema::{addresses, customers};
use crate::domain::{ADDRESSES_MAX, AddressEdit, AddressLines, CustomerError, Versioned};

impl Store {
    /// The newest addresses of a customer, older than `before`.
    pub(crate) async fn addresses(
        &self,
        customer: Id<Customer>,
        before: Option<Id<Address>>,
        limit: u32,
    ) -> Result<Vec<Address>, CustomerError> {
        // Nothing sorts after it, so it stands for no bound.
        let before = before.map_or(Uuid::max(), Id::uuid);
        let rows: Vec<AddressRow> = self
            .twice(async |mut connection| {
                let newest = addresses::table
                    .filter(addresses::customer_id.eq(customer.uuid()))
                    .filter(addresses::id.lt(before))
                    .order(addresses::id.desc())
                    .limit(limit.into());
                Ok(newest.select(AddressRow::as_select()).load(&mut connection).await?)
            })
            .await?;
        if rows.is_empty() {
            // An empty book, or nobody's.
            self.customer(customer).await?;
        }
        Ok(rows.into_iter().map(|row| Versioned::from(row).document).collect())
    }

    /// The address with this id, if it is the customer's.
    pub(crate) async fn address(
        &self,
        customer: Id<Customer>,
        id: Id<Address>,
    ) -> Result<Versioned<Address>, CustomerError> {
        let found = addresses::table.find(id.uuid()).filter(addresses::customer_id.eq(customer.uuid()));
        let found = found.select(AddressRow::as_select());
        let row: AddressRow = self.twice(async |mut connection| Ok(found.first(&mut connection).await?)).await?;
        Ok(row.into())
    }

    /// Adds an address; the first becomes the default in any case.
    pub(crate) async fn add_address(
        &self,
        customer: Id<Customer>,
        lines: &AddressLines,
        default: Option<()>,
    ) -> Result<Versioned<Address>, CustomerError> {
        let id = Id::<Address>::mint();
        let mut connection = self.connection().await?;
        let added = connection.transaction(async |connection| {
            hold(connection, customer).await?;
            let theirs = addresses::table.filter(addresses::customer_id.eq(customer.uuid()));
            let count: i64 = theirs.select(count_star()).get_result(connection).await?;
            if count >= ADDRESSES_MAX {
                return Err(CustomerError::AddressBookFull(ADDRESSES_MAX));
            }
            if default.is_some() {
                no_default(connection, customer).await?;
            }
            let row = new_row(customer, id, lines.clone());
            let row = AddressRow { is_default: default.is_some() || count == 0, ..row };
            let inserted = diesel::insert_into(addresses::table).values(&row).execute(connection).await;
            inserted.map(|_one| row.into()).map_err(Into::into)
        });
        added.await
    }

    /// Changes an address, if it still is one of `versions`; any is good where that is absent.
    pub(crate) async fn change_address(
        &self,
        (customer, id): (Id<Customer>, Id<Address>),
        edit: &AddressEdit,
        versions: Option<&[i64]>,
    ) -> Result<Versioned<Address>, CustomerError> {
        let mut connection = self.connection().await?;
        let changed = connection.transaction(async |connection| {
            hold(connection, customer).await?;
            let found = addresses::table.find(id.uuid()).filter(addresses::customer_id.eq(customer.uuid()));
            let version: i64 = found.select(addresses::version).first(connection).await?;
            if versions.is_some_and(|versions| !versions.contains(&version)) {
                return Err(CustomerError::Stale);
            }
            if edit.default == Some(true) {
                no_default(connection, customer).await?;
            }
            // The version may have just moved with the default.
            let changed = diesel::update(addresses::table.find(id.uuid())).set(change_row(edit, version + 1));
            let row: AddressRow = changed.returning(AddressRow::as_returning()).get_result(connection).await?;
            Ok(row.into())
        });
        changed.await
    }

    /// Takes an address away.
    pub(crate) async fn remove_address(&self, customer: Id<Customer>, id: Id<Address>) -> Result<(), CustomerError> {
        let found = addresses::table.find(id.uuid()).filter(addresses::customer_id.eq(customer.uuid()));
        let mut connection = self.connection().await?;
        let removed = diesel::delete(found).execute(&mut connection).await?;
        if removed == 1 { Ok(()) } else { Err(CustomerError::Missing) }
    }
}

/// Locks the customer's row until the transaction ends. Nobody's, or an erased customer's, is not there.
async fn hold(connection: &mut AsyncPgConnection, customer: Id<Customer>) -> Result<(), CustomerError> {
    let active = customers::table.find(customer.uuid()).filter(customers::status.eq("active"));
    let held = active.select(customers::id).for_no_key_update().first::<Uuid>(connection).await.optional()?;
    held.map(|_id| ()).ok_or(CustomerError::Missing)
}

async fn no_default(connection: &mut AsyncPgConnection, customer: Id<Customer>) -> Result<(), CustomerError> {
    let theirs = addresses::table.filter(addresses::customer_id.eq(customer.uuid())).filter(addresses::is_default);
    let set = (addresses::is_default.eq(false), addresses::version.eq(addresses::version + 1));
    diesel::update(theirs).set(set).execute(connection).await?;
    Ok(())
}

fn new_row(customer: Id<Customer>, id: Id<Address>, lines: AddressLines) -> AddressRow {
    let AddressLines { name, line1, line2, city, postal_code, country } = lines;
    let (id, customer_id) = (id.uuid(), customer.uuid());
    AddressRow { id, customer_id, name, line1, line2, city, postal_code, country, is_default: false, version: 1 }
}

fn change_row(edit: &AddressEdit, version: i64) -> AddressChangeRow<'_> {
    AddressChangeRow {
        name: edit.name.as_deref(),
        line1: edit.line1.as_deref(),
        line2: edit.line2.clone(),
        city: edit.city.as_deref(),
        postal_code: edit.postal_code.as_deref(),
        country: edit.country.as_deref(),
        is_default: edit.default,
        version,
    }
}
