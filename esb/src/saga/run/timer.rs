//! Time that can be waited for, handed in, so that tests can play an hour in a moment.

use std::time::Duration;

use futures_util::future::{Either, select};

/// Waits.
#[derive(Clone, Default)]
pub(in crate::saga) enum Timer {
    /// As long as it takes.
    #[default]
    Real,
    /// On the stage's time.
    #[cfg(test)]
    Staged(crate::saga::testing::Time),
}

impl Timer {
    pub(in crate::saga) async fn sleep(&self, time: Duration) {
        match self {
            Self::Real => tokio::time::sleep(time).await,
            #[cfg(test)]
            Self::Staged(stage) => stage.sleep(time).await,
        }
    }

    /// What `work` comes to, if it does within `time`.
    pub(in crate::saga) async fn within<F: Future>(&self, time: Duration, work: F) -> Option<F::Output> {
        let (work, late) = (std::pin::pin!(work), std::pin::pin!(self.sleep(time)));
        match select(work, late).await {
            Either::Left((output, _)) => Some(output),
            Either::Right(_) => None,
        }
    }
}
