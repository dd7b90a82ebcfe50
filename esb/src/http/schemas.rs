//! `GET /schemas/{name}.xsd`: XML Schema for every document, made of what is known right now.

use actix_web::HttpResponse;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use actix_web::web::{Data, Path};
use chassis::{Failure, Kind};

use crate::route::pipeline::Bus;

/// An XML Schema: of a root element (`order`), of all types (`types`), or of problems (`problem`).
#[utoipa::path(get, path = "/schemas/{name}.xsd", operation_id = "read_schema", tag = "descriptions",
    params(("name" = String, Path, description = "a root element, `types` or `problem`")),
    responses(
        (status = 200, content_type = "application/xml", description = "an XML Schema 1.0"),
        (status = 404, body = contracts::Problem, content_type = "application/problem+json"),
    ))]
pub(crate) async fn read(bus: Data<Bus>, name: Path<String>) -> Result<HttpResponse, Failure> {
    let catalog = bus.mediator.catalog();
    let schema = catalog.schemas().and_then(|schemas| schemas.xsd(&name));
    let schema = schema.ok_or_else(|| {
        let roots = catalog.schemas().map(|schemas| schemas.roots().collect::<Vec<_>>().join(", "));
        let there_are = roots.unwrap_or_else(|| "none yet".to_owned());
        Failure::new(
            Kind::Missing,
            "not-found",
            format!("there is no such schema; there are types, problem, {there_are}"),
        )
    })?;
    Ok(HttpResponse::Ok()
        .insert_header((CONTENT_TYPE, "application/xml; charset=utf-8"))
        .insert_header((CACHE_CONTROL, "public, max-age=60"))
        .body(schema))
}
