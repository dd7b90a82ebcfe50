//! What the console shows of the running bus: its routes, its traffic, its queues, and how all of it hangs together.

pub(super) mod map;
pub(super) mod matching;
pub(super) mod publish;
pub(super) mod queues;
pub(super) mod routes;
pub(super) mod traffic;

use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};
use chassis::auth::Operator;

use crate::route::once;

pub use map::Sights;
pub use routes::{RouteEntry, RunningRoutes};

/// Every path of theirs.
pub(super) fn configure(config: &mut ServiceConfig) {
    config
        .service(web::resource("/esb/routes").route(web::get().to(routes::list)))
        .service(web::resource("/esb/routes/match").route(web::get().to(matching::read)))
        .service(web::resource("/esb/publish").wrap(from_fn(once::<Operator>)).route(web::post().to(publish::send)))
        .service(web::resource("/esb/traffic").route(web::get().to(traffic::read)))
        .service(web::resource("/esb/map").route(web::get().to(map::read)))
        .service(web::resource("/esb/queues").route(web::get().to(queues::list)));
}
