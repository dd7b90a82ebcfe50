//! Machine clients.

use diesel::{OptionalExtension, QueryDsl, SelectableHelper};
use diesel_async::RunQueryDsl;

use super::Store;
use super::row::MachineClientRow;
use super::schema::machine_clients;
use crate::domain::CustomerError;

/// A machine client, as stored.
pub(crate) struct MachineClient {
    pub(crate) id: String,
    pub(crate) secret_hash: String,
    /// Its scopes, separated by spaces.
    pub(crate) scope: String,
}

impl Store {
    /// The client with this id.
    pub(crate) async fn client(&self, id: &str) -> Result<Option<MachineClient>, CustomerError> {
        let row: Option<MachineClientRow> = self
            .twice(async |mut connection| {
                let found = machine_clients::table.find(id).select(MachineClientRow::as_select());
                Ok(found.first(&mut connection).await.optional()?)
            })
            .await?;
        Ok(row.map(|MachineClientRow { id, secret_hash, scope, .. }| MachineClient { id, secret_hash, scope }))
    }

    /// Keeps the client as it is here.
    pub(crate) async fn keep_client(&self, client: &MachineClient) -> Result<(), CustomerError> {
        let MachineClient { id, secret_hash, scope } = client;
        let row = MachineClientRow {
            id: id.clone(),
            secret_hash: secret_hash.clone(),
            scope: scope.clone(),
            updated_at: self.clock.now(),
        };
        self.twice(async |mut connection| {
            let insert = diesel::insert_into(machine_clients::table).values(&row);
            let kept = insert.on_conflict(machine_clients::id).do_update().set(&row).execute(&mut connection);
            Ok(kept.await?)
        })
        .await?;
        Ok(())
    }
}
