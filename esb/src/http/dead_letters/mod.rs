//! `/esb/dead-letters` and `/esb/replays`: what the bus could do nothing with, and what operators do about it.

pub(super) mod actions;
mod document;
pub(super) mod jobs;
pub(super) mod letters;
mod replay;
pub(super) mod turns;

use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};
use chassis::auth::Operator;
use chassis::{Failure, Kind};
use serde::Serialize;

use crate::route::once;

/// Every path of theirs.
pub(super) fn configure(config: &mut ServiceConfig) {
    let letter = |path: &str| web::resource(format!("/esb/dead-letters/{{id}}{path}"));
    let replay = |path: &str| web::resource(format!("/esb/replays/{{id}}{path}"));
    let key = || from_fn(once::<Operator>);
    config
        .service(web::resource("/esb/dead-letters").route(web::get().to(letters::list)))
        .service(web::resource("/esb/dead-letters/summary").route(web::get().to(letters::summary)))
        .service(letter("").route(web::get().to(letters::read)).route(web::patch().to(actions::edit)))
        .service(letter("/replay").wrap(key()).route(web::post().to(actions::replay)))
        .service(letter("/discard").wrap(key()).route(web::post().to(actions::discard)))
        .service(letter("/audit").route(web::get().to(actions::audit)))
        .service(
            web::resource("/esb/replays")
                .wrap(key())
                .route(web::get().to(jobs::list))
                .route(web::post().to(jobs::start)),
        )
        .service(replay("").route(web::get().to(jobs::read)))
        .service(replay("/pause").wrap(key()).route(web::post().to(turns::pause)))
        .service(replay("/resume").wrap(key()).route(web::post().to(turns::resume)))
        .service(replay("/cancel").wrap(key()).route(web::post().to(turns::cancel)))
        .service(replay("/audit").route(web::get().to(actions::job_audit)));
}

/// Cuts what was asked for one too many to the page, and says where the next one begins.
fn page<T>(rows: &mut Vec<T>, limit: u32, place: impl Fn(&T) -> uuid::Uuid) -> Result<Option<String>, Failure> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = rows.len() > limit;
    rows.truncate(limit);
    let last = rows.last().filter(|_| more).map(|row| cursor(&place(row)));
    last.transpose()
}

fn cursor<T: Serialize>(place: &T) -> Result<String, Failure> {
    chassis::http::Cursor::write(place).map_err(|error| Failure::internal(Kind::Bug, "internal", &error))
}
