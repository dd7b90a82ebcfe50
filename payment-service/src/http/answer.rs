//! What the answers have in common.

use std::time::Duration;

use actix_web::http::header::ETAG;
use actix_web::{HttpResponse, HttpResponseBuilder};
use chassis::http::ETag;
use chassis::{Failure, Fault as _, fault};

use crate::domain::{Account, PaymentError};

/// When to come again after "not now".
const AGAIN: Duration = Duration::from_secs(1);

/// A failure with what its caller needs: an unclear charge is no secret of ours, and "not now" says when.
pub(super) fn refused(error: PaymentError) -> Failure {
    match error {
        PaymentError::Unclear(_) => {
            tracing::warn!(error.chain = fault::chain(&error), "the provider's answer is not clear");
            Failure::new(error.kind(), error.code(), error.to_string()).retry_after(AGAIN)
        }
        PaymentError::Busy | PaymentError::Unavailable(_) => Failure::from(error).retry_after(AGAIN),
        error => Failure::from(error),
    }
}

/// The payment, with its version.
pub(super) fn payment(mut response: HttpResponseBuilder, account: &Account) -> Result<HttpResponse, Failure> {
    let payment = account.payment().map_err(PaymentError::from)?;
    Ok(response.insert_header((ETAG, ETag(account.version).to_string())).json(payment))
}
