//! A repository below a private home, where the engines' users can't look into.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use testbed::engine::{Durability, Engine, Kind, Site};
use testbed::process::Bond;

#[tokio::test]
async fn an_engine_runs_although_its_user_cannot_reach_the_repository() {
    let home = std::env::temp_dir().join(format!("private-{}", testbed::engine::secret()));
    fs::create_dir(&home).unwrap();
    fs::set_permissions(&home, Permissions::from_mode(0o700)).unwrap();
    let folder = home.join("shop/.local");
    let site = Site::open(&folder, Kind::Postgres, Durability::Process).await.unwrap();
    assert_eq!(Site::open(&folder, Kind::Postgres, Durability::Process).await.unwrap(), site);
    let engine = Engine::open(site, Bond::Starter);
    engine.start().await.unwrap();
    assert!(engine.is_ready().await);
    engine.discard().await.unwrap();
    assert!(Site::all_in(&folder).unwrap().is_empty());
    fs::remove_dir_all(engine.site().folder.parent().unwrap()).unwrap();
    fs::remove_dir_all(&home).unwrap();
}
