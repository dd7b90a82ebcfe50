//! A connection that goes back to the pool only once its work has ended: one that was left in the middle, because the
//! client went away or the time was up, is closed, and the engine rolls back what it had not committed.

use diesel_async::AsyncMysqlConnection;
use diesel_async::pooled_connection::deadpool::Object;

use super::Failed;

/// A connection at work.
pub(super) struct Checkout(Option<Object<AsyncMysqlConnection>>);

impl Checkout {
    pub(super) const fn new(connection: Object<AsyncMysqlConnection>) -> Self {
        Self(Some(connection))
    }

    /// The connection.
    pub(super) fn connection(&mut self) -> Result<&mut AsyncMysqlConnection, Failed> {
        self.0.as_deref_mut().ok_or_else(|| Failed::Broken("the connection is gone".into()))
    }

    /// Gives the connection back: nothing is open on it.
    pub(super) fn end(mut self) {
        drop(self.0.take());
    }
}

impl Drop for Checkout {
    fn drop(&mut self) {
        if let Some(connection) = self.0.take() {
            drop(Object::take(connection));
        }
    }
}
