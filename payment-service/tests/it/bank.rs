//! The sandbox, behind a network that tests can cut and hold up.

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use contracts::{Id, Payment};
use payment_service::domain::{Cancelled, Charged, Refunded};
use payment_service::provider::{Charge, GiveBack, Provider, Sandbox, Unclear};
use tokio::sync::Semaphore;

/// Where a charge is held up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leg {
    /// On its way to the bank.
    There,
    /// The bank has done it, and its answer is on the way.
    Back,
}

/// The bank as the service sees it.
pub(crate) struct Bank {
    sandbox: Sandbox,
    is_cut: AtomicBool,
    held: Mutex<Option<Leg>>,
    arrived: Semaphore,
    go: Semaphore,
}

impl Bank {
    pub(crate) fn new(sandbox: Sandbox) -> Self {
        let (arrived, go) = (Semaphore::new(0), Semaphore::new(0));
        Self { sandbox, is_cut: AtomicBool::new(false), held: Mutex::new(None), arrived, go }
    }

    /// From now on refunds and voids get no answer, and do not arrive.
    pub(crate) fn cut(&self) {
        self.is_cut.store(true, Ordering::SeqCst);
    }

    /// From now on they do.
    pub(crate) fn mend(&self) {
        self.is_cut.store(false, Ordering::SeqCst);
    }

    /// Charges stop at this leg until they are let go.
    pub(crate) fn hold(&self, leg: Leg) {
        *self.held.lock().unwrap() = Some(leg);
    }

    /// Waits until a charge is held up.
    pub(crate) async fn is_holding(&self) {
        self.arrived.acquire().await.unwrap().forget();
    }

    /// Lets one charge go on.
    pub(crate) fn let_go(&self) {
        self.go.add_permits(1);
    }

    async fn pass(&self, leg: Leg) {
        let held = *self.held.lock().unwrap();
        if held == Some(leg) {
            self.arrived.add_permits(1);
            self.go.acquire().await.unwrap().forget();
        }
    }

    fn reach(&self) -> Result<(), Unclear> {
        if self.is_cut.load(Ordering::SeqCst) { Err(Unclear::Silent) } else { Ok(()) }
    }
}

#[async_trait]
impl Provider for Bank {
    async fn charge(&self, charge: &Charge) -> Result<Charged, Unclear> {
        self.pass(Leg::There).await;
        let answer = self.sandbox.charge(charge).await;
        self.pass(Leg::Back).await;
        answer
    }

    async fn refund(&self, refund: &GiveBack) -> Result<Refunded, Unclear> {
        self.reach()?;
        self.sandbox.refund(refund).await
    }

    async fn cancel(&self, id: Id<Payment>) -> Result<Cancelled, Unclear> {
        self.reach()?;
        self.sandbox.cancel(id).await
    }
}
