//! Signing in, and staying so: families of refresh tokens.

use contracts::{Customer, Id};
use diesel::sql_types::{Binary, Timestamptz};
use diesel::{ExpressionMethods, OptionalExtension, QueryDsl, SelectableHelper};
use diesel_async::RunQueryDsl;

use super::Store;
use super::row::{CustomerRow, RefreshRow};
use super::schema::customers;
use crate::domain::{CustomerError, NewRefresh, RefreshToken, SignedIn};

/// Uses a token and puts the next in its place, in one statement: of two at once the second finds it used.
const ROTATE: &str = "WITH used AS ( \
    UPDATE refresh_tokens SET used_at = $3 WHERE hash = $1 AND used_at IS NULL AND expires_at > $3 \
    RETURNING family, customer_id \
), next AS ( \
    INSERT INTO refresh_tokens (hash, family, customer_id, expires_at) \
    SELECT $2, family, customer_id, $4 FROM used \
) \
SELECT id, email, name, status, is_operator, version, created_at, updated_at \
FROM customers JOIN used ON customers.id = used.customer_id WHERE status = 'active'";

const REVOKE: &str = "DELETE FROM refresh_tokens \
    WHERE family = (SELECT family FROM refresh_tokens WHERE hash = $1)";

const PURGE: &str = "DELETE FROM refresh_tokens WHERE hash IN \
    (SELECT hash FROM refresh_tokens WHERE expires_at < $1 ORDER BY expires_at LIMIT 1000)";

impl From<CustomerRow> for SignedIn {
    fn from(row: CustomerRow) -> Self {
        Self { is_operator: row.is_operator, customer: row.into() }
    }
}

impl RefreshRow {
    /// The first token of a new family.
    pub(super) fn first(customer: Id<Customer>, refresh: &NewRefresh) -> Self {
        Self {
            hash: refresh.token.digest(),
            family: Id::<RefreshToken>::mint().uuid(),
            customer_id: customer.uuid(),
            expires_at: refresh.expires_at,
        }
    }
}

impl Store {
    /// Who has this address, with the hash of the password.
    pub(crate) async fn account(&self, email_key: &str) -> Result<Option<(SignedIn, String)>, CustomerError> {
        let found = self
            .twice(async |mut connection| {
                let same = customers::table
                    .filter(customers::email_key.eq(email_key))
                    .filter(customers::status.eq("active"))
                    .select((CustomerRow::as_select(), customers::password_hash));
                Ok(same.first::<(CustomerRow, Option<String>)>(&mut connection).await.optional()?)
            })
            .await?;
        Ok(found.and_then(|(row, hash)| Some((row.into(), hash?))))
    }

    /// Opens a session. An account that was erased a moment ago gets none.
    pub(crate) async fn open_session(&self, id: Id<Customer>, refresh: &NewRefresh) -> Result<(), CustomerError> {
        let row = RefreshRow::first(id, refresh);
        let opened = self
            .twice(async |mut connection| {
                let token = diesel::sql_query(
                    "INSERT INTO refresh_tokens (hash, family, customer_id, expires_at) SELECT $1, $2, id, $4 \
                     FROM customers WHERE id = $3 AND status = 'active' FOR SHARE ON CONFLICT (hash) DO UPDATE \
                     SET expires_at = $4",
                )
                .bind::<Binary, _>(&row.hash)
                .bind::<diesel::sql_types::Uuid, _>(row.family)
                .bind::<diesel::sql_types::Uuid, _>(row.customer_id)
                .bind::<Timestamptz, _>(row.expires_at);
                Ok(token.execute(&mut connection).await?)
            })
            .await?;
        if opened == 1 { Ok(()) } else { Err(CustomerError::WrongCredentials) }
    }

    /// Uses `token` for `next`. A token that was used before betrays a thief, or its victim: its whole family ends.
    pub(crate) async fn rotate(&self, token: &RefreshToken, next: &NewRefresh) -> Result<SignedIn, CustomerError> {
        let rotation = diesel::sql_query(ROTATE)
            .bind::<Binary, _>(token.digest())
            .bind::<Binary, _>(next.token.digest())
            .bind::<Timestamptz, _>(self.clock.now())
            .bind::<Timestamptz, _>(next.expires_at);
        let mut connection = self.connection().await?;
        let row: Option<CustomerRow> = rotation.get_result(&mut connection).await.optional()?;
        drop(connection);
        let Some(row) = row else {
            self.revoke(token).await?;
            return Err(CustomerError::SignedOut);
        };
        Ok(row.into())
    }

    /// Ends the family of `token`.
    pub(crate) async fn revoke(&self, token: &RefreshToken) -> Result<(), CustomerError> {
        let digest = token.digest();
        self.twice(async |mut connection| {
            Ok(diesel::sql_query(REVOKE).bind::<Binary, _>(&digest).execute(&mut connection).await?)
        })
        .await?;
        Ok(())
    }

    /// Takes away tokens that have ended, some at a time; how many.
    pub(crate) async fn purge_sessions(&self) -> Result<usize, CustomerError> {
        let now = self.clock.now();
        self.twice(async |mut connection| {
            Ok(diesel::sql_query(PURGE).bind::<Timestamptz, _>(now).execute(&mut connection).await?)
        })
        .await
    }
}
