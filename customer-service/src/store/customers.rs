//! Accounts and profiles.

use contracts::{Customer, CustomerStatus, Id, Timestamp};
use diesel::dsl::exists;
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, SelectableHelper, select};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};
use uuid::Uuid;

use super::row::{CustomerChangeRow, CustomerRow, NewCustomerRow, RefreshRow};
use super::schema::{addresses, customers, refresh_tokens};
use super::{Store, outbox, trouble};
use crate::domain::{CustomerError, Email, NewAccount, NewRefresh, ProfileEdit, Versioned};

const ACTIVE: &str = "active";
const ERASED: &str = "erased";

impl Store {
    /// The customer with this id: one point select, for every order begins with it.
    pub(crate) async fn customer(&self, id: Id<Customer>) -> Result<Versioned<Customer>, CustomerError> {
        let found = customers::table.find(id.uuid()).select(CustomerRow::as_select());
        let row = self.twice(async |mut connection| Ok(found.first(&mut connection).await?)).await?;
        Ok(row.into())
    }

    /// Whether somebody has this address.
    pub(crate) async fn is_taken(&self, email: &Email) -> Result<bool, CustomerError> {
        let key = email.key();
        self.twice(async |mut connection| {
            let same = customers::table.filter(customers::email_key.eq(&key)).filter(customers::status.eq(ACTIVE));
            Ok(select(exists(same)).get_result(&mut connection).await?)
        })
        .await
    }

    /// Makes the account, signed in with `refresh` where there is one.
    pub(crate) async fn register(
        &self,
        account: &NewAccount,
        password_hash: &str,
        refresh: Option<&NewRefresh>,
    ) -> Result<Customer, CustomerError> {
        let now = self.clock.now();
        let mut connection = self.connection().await?;
        connection
            .transaction(async |connection| {
                let row: CustomerRow = diesel::insert_into(customers::table)
                    .values(new_row(account, password_hash, now))
                    .returning(CustomerRow::as_returning())
                    .get_result(connection)
                    .await
                    .map_err(|error| taken(error, &account.email))?;
                let customer = Customer::from(row);
                if let Some(refresh) = refresh {
                    let row = RefreshRow::first(customer.id, refresh);
                    diesel::insert_into(refresh_tokens::table).values(row).execute(connection).await?;
                }
                outbox::write(connection, "customer.registered", &customer, now).await?;
                Ok(customer)
            })
            .await
    }

    /// Changes the profile, if it still is one of `versions`; any is good where that is absent.
    pub(crate) async fn change(
        &self,
        id: Id<Customer>,
        edit: &ProfileEdit,
        versions: Option<&[i64]>,
    ) -> Result<Versioned<Customer>, CustomerError> {
        let mut connection = self.connection().await?;
        let now = self.clock.now();
        connection
            .transaction(async |connection| {
                let found = customers::table.find(id.uuid()).select(CustomerRow::as_select());
                let row = found.for_no_key_update().first(connection).await?;
                let before = Versioned::<Customer>::from(row);
                if before.document.status == CustomerStatus::Erased {
                    return Err(CustomerError::Erased);
                }
                if versions.is_some_and(|versions| !versions.contains(&before.version)) {
                    return Err(CustomerError::Stale);
                }
                let changed = diesel::update(customers::table.find(id.uuid()))
                    .set((change_row(edit, now), customers::version.eq(before.version + 1)))
                    .returning(CustomerRow::as_returning());
                match (changed.get_result(connection).await, &edit.email) {
                    (Ok(row), _) => Ok(row.into()),
                    (Err(error), Some(email)) => Err(taken(error, email)),
                    (Err(error), None) => Err(error.into()),
                }
            })
            .await
    }

    /// Takes away all that says who the customer was; what is erased already stays so.
    pub(crate) async fn erase(&self, id: Id<Customer>) -> Result<(), CustomerError> {
        let now = self.clock.now();
        self.twice(async |mut connection| {
            connection.transaction(async |connection| erase(connection, id, now).await).await
        })
        .await
    }

    /// Gives an account another password, ends its sessions, and makes it an operator's.
    pub(crate) async fn reset_operator(&self, id: Id<Customer>, password_hash: &str) -> Result<(), CustomerError> {
        self.twice(async |mut connection| {
            let reset = connection.transaction(async |connection| {
                let set = (customers::password_hash.eq(password_hash), customers::is_operator.eq(true));
                let active = customers::table.find(id.uuid()).filter(customers::status.eq(ACTIVE));
                diesel::update(active).set(set).execute(connection).await?;
                end_sessions(connection, id).await
            });
            reset.await
        })
        .await
    }
}

async fn erase(connection: &mut AsyncPgConnection, id: Id<Customer>, now: Timestamp) -> Result<(), CustomerError> {
    let nobody = (
        customers::status.eq(ERASED),
        customers::email.eq(""),
        customers::email_key.eq(""),
        customers::name.eq(""),
        customers::is_operator.eq(false),
        customers::password_hash.eq(None::<String>),
        customers::version.eq(customers::version + 1),
        customers::updated_at.eq(now),
    );
    let active = customers::table.find(id.uuid()).filter(customers::status.eq(ACTIVE));
    let erased = diesel::update(active).set(nobody).returning(CustomerRow::as_returning());
    let Some(row) = erased.get_result(connection).await.optional()? else {
        return known(connection, id).await;
    };
    let theirs = addresses::table.filter(addresses::customer_id.eq(id.uuid()));
    diesel::delete(theirs).execute(connection).await?;
    end_sessions(connection, id).await?;
    outbox::write(connection, "customer.erased", &row.into(), now).await
}

/// What is not active is erased already, unless it never was.
async fn known(connection: &mut AsyncPgConnection, id: Id<Customer>) -> Result<(), CustomerError> {
    customers::table.find(id.uuid()).select(customers::id).first::<Uuid>(connection).await?;
    Ok(())
}

async fn end_sessions(connection: &mut AsyncPgConnection, id: Id<Customer>) -> Result<(), CustomerError> {
    let sessions = refresh_tokens::table.filter(refresh_tokens::customer_id.eq(id.uuid()));
    diesel::delete(sessions).execute(connection).await?;
    Ok(())
}

fn new_row<'a>(account: &'a NewAccount, password_hash: &'a str, now: Timestamp) -> NewCustomerRow<'a> {
    NewCustomerRow {
        id: account.id.uuid(),
        email: account.email.as_str(),
        email_key: account.email.key(),
        name: &account.name,
        status: ACTIVE,
        is_operator: account.is_operator,
        password_hash,
        created_at: now,
        updated_at: now,
    }
}

fn change_row(edit: &ProfileEdit, now: Timestamp) -> CustomerChangeRow<'_> {
    CustomerChangeRow {
        email: edit.email.as_ref().map(Email::as_str),
        email_key: edit.email.as_ref().map(Email::key),
        name: edit.name.as_deref(),
        updated_at: now,
    }
}

fn taken(error: diesel::result::Error, email: &Email) -> CustomerError {
    if trouble::violates(&error, "customers_email") {
        return CustomerError::EmailTaken(email.as_str().to_owned());
    }
    error.into()
}
