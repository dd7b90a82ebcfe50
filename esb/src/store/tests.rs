//! The saga log on the real engine.

use std::sync::Arc;
use std::time::Duration;

use chassis::{Clock, Tasks};
use chrono::{DateTime, Utc};
use contracts::{Id, Saga};
use diesel_async::{AsyncConnection, AsyncPgConnection, RunQueryDsl};

use super::{Sagas, Store, migrate};
use crate::saga::testing::contract::{Kit, log_contract};
use crate::saga::{
    Begun, Committed, Engine, Filter, Journal, LogError, NewSaga, Parts, Plan, Plans, Settings, Settled, Step,
    StepError, Undo,
};

struct Database {
    store: Store,
    sagas: Sagas,
}

async fn database() -> Database {
    let url = testbed::shared().await.postgres_database("esb").await;
    migrate(&url).await.unwrap();
    let store = Store::connect(&url, 8).unwrap();
    Database { sagas: Sagas::new(&store), store }
}

impl Kit for Database {
    type Log = Sagas;

    fn log(&self) -> &Sagas {
        &self.sagas
    }

    fn now(&self) -> DateTime<Utc> {
        Clock::real().now()
    }

    async fn pass(&self, time: Duration) {
        tokio::time::sleep(time).await;
    }
}

log_contract!(database().await);

/// Does nothing; the answer is the input.
struct Echo;

impl Step<u32> for Echo {
    type Receipt = u32;
    const NAME: &'static str = "echo";

    async fn run(&self, input: &u32, _: &Journal) -> Result<u32, StepError> {
        Ok(*input)
    }
}

struct Pass;

impl Step<u32> for Pass {
    type Receipt = ();
    const NAME: &'static str = "pass";

    async fn run(&self, _: &u32, _: &Journal) -> Result<(), StepError> {
        Ok(())
    }
}

impl Undo<u32> for Pass {
    async fn undo(&self, _: &u32, _: &Journal) -> Result<(), StepError> {
        Ok(())
    }
}

impl Database {
    fn engine(&self) -> Engine {
        let plan: Plan<u32, Committed> = Plan::named("echo").step(Pass).pivot(Echo);
        let (plans, log) = (Plans::default().with(plan), Arc::new(Sagas::new(&self.store)));
        Engine::start(Parts { plans, log, settings: Settings::default(), clock: Clock::real(), tasks: Tasks::new() })
    }
}

fn saga(number: u32) -> NewSaga {
    NewSaga::new("echo", Id::<Saga>::mint().uuid(), &number).unwrap()
}

#[tokio::test]
async fn several_instances_migrate_at_once() {
    let url = testbed::shared().await.postgres_database("esb").await;
    let (a, b, c) = tokio::join!(migrate(&url), migrate(&url), migrate(&url));
    assert!(a.is_ok() && b.is_ok() && c.is_ok(), "{a:?} {b:?} {c:?}");
    assert!(migrate(&url).await.is_ok());
}

#[tokio::test]
async fn many_sagas_at_once_each_get_their_own_answer() {
    let engine = database().await.engine();
    let one = async |number| {
        let saga = saga(number);
        assert!(matches!(engine.place(saga.clone()).await.unwrap(), Begun::New));
        let settled = engine.wait(saga.id, Duration::from_secs(30)).await.unwrap();
        assert!(matches!(settled, Settled::Completed(answer) if answer.get() == number.to_string()));
        let record = engine.get(saga.id).await.unwrap().unwrap();
        assert_eq!(Saga::from(&record).steps.len(), 2);
        assert!(record.settled().is_some());
    };
    futures_util::future::join_all((0..100).map(one)).await;
}

#[tokio::test]
async fn two_instances_that_get_the_same_key_at_once_begin_one_saga() {
    let database = database().await;
    let engines = [database.engine(), database.engine()];
    let post = async |engine: &Engine| engine.place(saga(7).from_caller("ada").with_key("k", *b"d")).await.unwrap();
    let posts = (0..20).map(|number| post(&engines[number % 2]));
    let answers = futures_util::future::join_all(posts).await;
    let new = answers.iter().filter(|begun| matches!(begun, Begun::New)).count();
    let existing = answers.iter().filter(|begun| matches!(begun, Begun::Existing(_))).count();
    assert_eq!((new, existing), (1, 19));
}

#[tokio::test]
async fn one_instance_waits_for_what_another_runs() {
    let database = database().await;
    let (runs, waits) = (database.engine(), database.engine());
    let saga = saga(7);
    runs.place(saga.clone()).await.unwrap();
    assert!(matches!(waits.wait(saga.id, Duration::from_secs(30)).await, Some(Settled::Completed(_))));
    assert!(waits.wait(Id::mint(), Duration::from_secs(30)).await.is_none());
}

#[tokio::test]
async fn a_database_that_is_away_is_said_to_be() {
    let store = Store::connect("postgres://app@127.0.0.1:9/none", 2).unwrap();
    assert!(store.ping().await.is_err());
    let engine = Database { sagas: Sagas::new(&store), store }.engine();
    let placed = engine.place(saga(7)).await.unwrap_err();
    let crate::saga::PlaceError::Log(LogError::Unavailable(reason)) = placed else { panic!("{placed}") };
    assert!(!reason.is_empty());
}

/// Never answers in the first process; in the next it does.
struct Stall(Arc<tokio::sync::Notify>);

impl Step<u32> for Stall {
    type Receipt = u32;
    const NAME: &'static str = "echo";

    async fn run(&self, input: &u32, _: &Journal) -> Result<u32, StepError> {
        self.0.notify_one();
        std::future::pending::<()>().await;
        Ok(*input)
    }
}

#[tokio::test]
async fn a_saga_whose_process_died_is_taken_over() {
    let database = database().await;
    let (reached, saga) = (Arc::new(tokio::sync::Notify::new()), saga(7));
    let doomed = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    let (store, stall, new) = (database.store.clone(), Stall(Arc::clone(&reached)), saga.clone());
    doomed.spawn(async move {
        let plans = Plans::default().with(Plan::<u32, _>::named("echo").step(Pass).pivot(stall));
        let (log, settings) = (Arc::new(Sagas::new(&store)), Settings { lease_ms: 3_000, ..Settings::default() });
        let engine = Engine::start(Parts { plans, log, settings, clock: Clock::real(), tasks: Tasks::new() });
        engine.place(new).await.unwrap();
    });
    reached.notified().await;
    let heir = database.engine();
    assert!(heir.wait(saga.id, Duration::from_secs(5)).await.is_none(), "the lease is renewed");
    doomed.shutdown_background();
    assert!(matches!(heir.wait(saga.id, Duration::from_mins(1)).await, Some(Settled::Completed(_))));
}

const CUT: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity \
WHERE datname = current_database() AND pid <> pg_backend_pid()";

/// Cuts every connection, again and again.
async fn cut(url: &str) {
    let mut connection = AsyncPgConnection::establish(url).await.unwrap();
    for _ in 0..10 {
        diesel::sql_query(CUT).execute(&mut connection).await.unwrap();
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[tokio::test]
async fn connections_that_break_lose_nothing() {
    let url = testbed::shared().await.postgres_database("esb").await;
    migrate(&url).await.unwrap();
    let store = Store::connect(&url, 8).unwrap();
    let engine = Database { sagas: Sagas::new(&store), store }.engine();
    let one = async |number: u32| {
        let mut id = None;
        while id.is_none() {
            let saga = saga(number).from_caller("ada").with_key(number.to_string(), *b"d");
            id = match engine.place(saga.clone()).await {
                Ok(Begun::New) => Some(saga.id),
                Ok(Begun::Existing(record)) => Some(Id::from_uuid(record.id)),
                Ok(Begun::Mismatch) => panic!("the same request is another one"),
                Err(_) => None,
            };
        }
        engine.wait(id.unwrap(), Duration::from_mins(1)).await.unwrap()
    };
    let several = async |first: u32| {
        for number in (first..200).step_by(20) {
            assert!(matches!(one(number).await, Settled::Completed(answer) if answer.get() == number.to_string()));
        }
    };
    tokio::join!(cut(&url), futures_util::future::join_all((0..20).map(several)));
    // A connection that was cut may be found out only when it is used.
    let all = Filter { limit: 1_000, ..Filter::default() };
    let sagas =
        testbed::wait::until("the list", Duration::from_secs(10), async || engine.list(&all).await.is_ok()).await;
    assert!(sagas.is_ok());
    assert_eq!(engine.list(&all).await.unwrap().len(), 200);
}
