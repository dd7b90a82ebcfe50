//! Asks the provider again, in the background, for answers that it still owes.

use std::time::Duration;

use chassis::trace::SpanKind;
use chassis::{Context, Span};

use crate::domain::PaymentError;
use crate::store::Due;

use super::Cashier;

/// How many payments are taken from the queue at once.
const BATCH: u32 = 32;

impl Cashier {
    /// Looks for answers that are due, every `pause`, for ever.
    pub async fn ask_again(self, pause: Duration) {
        let mut ticks = tokio::time::interval(pause);
        ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            ticks.tick().await;
            if let Err(error) = self.ask_again_once().await {
                tracing::warn!(error = chassis::fault::chain(&error), "could not look for refunds that are due");
            }
        }
    }

    async fn ask_again_once(&self) -> Result<(), PaymentError> {
        for due in self.payments.due(BATCH).await? {
            if self.payments.take(&due).await? {
                let context = Context::begin();
                let span = Span::under(&context, SpanKind::Internal, "ask the provider again");
                span.context().cloned().unwrap_or(context).scope(self.ask_for(&due)).await;
            }
        }
        Ok(())
    }

    async fn ask_for(&self, due: &Due) {
        let id = due.id();
        let settled = async { self.settle(self.payments.account(id).await?).await };
        match settled.await {
            Ok(account) => {
                let status = account.standing.status;
                tracing::info!(payment.id = %id, payment.status = %status, "payment {id} is settled: {status}");
            }
            Err(error) => {
                tracing::warn!(payment.id = %id, error = chassis::fault::chain(&error), "payment {id} is still not clear");
            }
        }
    }
}
