//! A provider that has answered in time, or counts as silent.

use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use chassis::Span;
use chassis::trace::SpanKind;
use contracts::{Id, Payment};

use super::{Charge, GiveBack, Provider, Unclear};
use crate::domain::{Cancelled, Charged, Refunded};

/// Bounds how long an answer may take.
pub struct InTime {
    provider: Arc<dyn Provider>,
    timeout: Duration,
}

impl InTime {
    /// `provider`, with an end to patience.
    pub fn new(provider: Arc<dyn Provider>, timeout: Duration) -> Self {
        Self { provider, timeout }
    }

    async fn bound<T>(
        &self,
        what: &'static str,
        answer: impl Future<Output = Result<T, Unclear>>,
    ) -> Result<T, Unclear> {
        let mut span = Span::begin(SpanKind::Client, what);
        span.set("peer.service", "payment-provider");
        let began = Instant::now();
        let answered = span.within(tokio::time::timeout(self.timeout, answer)).await;
        let answered = span.note(answered.unwrap_or(Err(Unclear::Silent)));
        let outcome = if answered.is_ok() { "answered" } else { "unclear" };
        let operation = what.rsplit(' ').next().unwrap_or(what);
        metrics::histogram!("payment_provider_seconds", "operation" => operation, "outcome" => outcome)
            .record(began.elapsed());
        answered
    }
}

#[async_trait]
impl Provider for InTime {
    async fn charge(&self, charge: &Charge) -> Result<Charged, Unclear> {
        self.bound("provider charge", self.provider.charge(charge)).await
    }

    async fn refund(&self, refund: &GiveBack) -> Result<Refunded, Unclear> {
        self.bound("provider refund", self.provider.refund(refund)).await
    }

    async fn cancel(&self, id: Id<Payment>) -> Result<Cancelled, Unclear> {
        self.bound("provider cancel", self.provider.cancel(id)).await
    }
}
