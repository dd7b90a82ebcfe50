//! The web server in front of a running system.

use std::fs;

use testbed::web::Place;
use testbed::{Binary, System, Web, http, port};

use crate::Folder;

async fn front(system: &System, folder: &Folder) -> Web {
    let folder = folder.0.clone();
    let pages = folder.join("pages");
    fs::create_dir_all(pages.join("assets")).unwrap();
    fs::write(pages.join("index.html"), "<title>the page</title>").unwrap();
    fs::write(pages.join("assets/app-0123.js"), "the script").unwrap();
    let (log, esb) = (folder.join("log"), system.service(Binary::Esb).unwrap().port);
    let web = Web::new(Place { port: port::free().unwrap(), esb, pages, folder, log });
    web.start().await.unwrap();
    web
}

#[tokio::test]
async fn pages_and_the_bus_are_one_origin() {
    let system = System::start().await.unwrap();
    let folder = Folder::new("web");
    let web = front(&system, &folder).await;
    let client = http::client().unwrap();
    let get = async |path: &str| client.get(format!("{}{path}", web.url())).send().await.unwrap();
    let caching = |answer: &reqwest::Response| answer.headers()["cache-control"].to_str().unwrap().to_owned();

    let page = get("/orders/of-the-storefront").await;
    assert!(page.headers()["content-security-policy"].to_str().unwrap().contains("require-trusted-types-for 'script'"));
    assert_eq!(caching(&page), "no-cache");
    assert_eq!(page.text().await.unwrap(), "<title>the page</title>");
    assert!(caching(&get("/assets/app-0123.js").await).contains("immutable"));
    let missing = get("/assets/app-4567.js").await;
    // At the next server, which has other pages, it may be there.
    assert_eq!((missing.status().as_u16(), caching(&missing).as_str()), (404, "no-cache"));
    assert_eq!(get("/.vite/manifest.json").await.status().as_u16(), 404);

    for of_the_platform in ["/api/metrics", "/api/health/ready"] {
        assert_eq!(get(of_the_platform).await.status().as_u16(), 404);
    }
    let products = get("/api/products").await;
    assert_eq!(products.headers()["content-security-policy"], "default-src 'none'; frame-ancestors 'none'");
    assert!(products.text().await.unwrap().contains("items"));
    let register = client.post(format!("{}/api/auth/register", web.url()));
    let newcomer =
        r#"{"email": "ada@example.org", "password": "correct horse battery", "name": "Ada", "refresh": "cookie"}"#;
    let session = register.header("content-type", "application/json").body(newcomer).send().await.unwrap();
    assert_eq!(session.status().as_u16(), 201);
    assert!(session.headers()["set-cookie"].to_str().unwrap().contains("Path=/api/auth;"));
    web.stop().await.unwrap();
    assert!(!http::is_ok(&web.url()).await);
}
