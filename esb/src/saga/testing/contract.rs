//! What the engine relies on in a saga log, whichever it is.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use contracts::{Id, SagaState};
use serde_json::value::to_raw_value;
use uuid::Uuid;

use crate::saga::{Begun, Entry, Filter, Hold, Journal, Kept, Left, Log, Opening, Origin, Owner, Record};

/// A log, and how to wait on its clock.
pub(crate) trait Kit {
    type Log: Log;
    fn log(&self) -> &Self::Log;
    fn now(&self) -> DateTime<Utc>;
    async fn pass(&self, time: Duration);
}

fn owner() -> Owner {
    Owner { id: Id::<Owner>::mint().uuid(), lease: Duration::from_mins(1) }
}

fn opening(now: DateTime<Utc>, origin: Origin) -> Opening {
    let mint = || Id::<Opening>::mint().uuid();
    Opening {
        id: mint(),
        name: "model".to_owned(),
        subject: mint(),
        input: to_raw_value(&serde_json::json!({"b": 1, "a": "\u{0}'\"é"})).unwrap(),
        journal: Journal::fresh(["one", "two"].into_iter()),
        step: "one".to_owned(),
        deadline_at: now + TimeDelta::hours(1),
        origin,
        created_at: now,
    }
}

fn keyed(caller: &str, key: &str, digest: &[u8]) -> Origin {
    let (caller, key) = (caller.to_owned(), Some(key.to_owned()));
    Origin { caller, key, digest: digest.to_vec(), context: Some("r 00-1-2-01".to_owned()) }
}

fn entry(of: &Opening, owner: Owner, at: DateTime<Utc>) -> Entry {
    Entry {
        id: of.id,
        owner: owner.id,
        state: SagaState::Running,
        step: "two".to_owned(),
        attempts: 3,
        journal: of.journal.clone(),
        due_at: at,
        last_error: Some("no \u{0}answer".to_owned()),
        outcome: None,
        hold: Hold::Keep,
        at,
    }
}

async fn begun<K: Kit>(kit: &K, owner: Owner) -> Opening {
    let opening = opening(kit.now(), Origin::default());
    assert!(matches!(kit.log().begin(opening.clone(), owner).await.unwrap(), Begun::New));
    opening
}

async fn found<K: Kit>(kit: &K, id: Uuid) -> Record {
    kit.log().find(id).await.unwrap().expect("the saga is there")
}

/// A request is one saga: the same again finds it, another under its key is told so, another caller is free.
pub(crate) async fn a_request_is_one_saga<K: Kit>(kit: &K) {
    let (log, now) = (kit.log(), kit.now());
    let first = opening(now, keyed("ada", "k", b"1"));
    assert!(matches!(log.begin(first.clone(), owner()).await.unwrap(), Begun::New));
    let same = log.begin(opening(now, keyed("ada", "k", b"1")), owner()).await.unwrap();
    assert!(matches!(same, Begun::Existing(record) if record.id == first.id && record.subject == first.subject));
    let again = log.begin(first.clone(), owner()).await.unwrap();
    assert!(matches!(again, Begun::Existing(record) if record.id == first.id));
    let other = log.begin(opening(now, keyed("ada", "k", b"2")), owner()).await.unwrap();
    assert!(matches!(other, Begun::Mismatch));
    for free in [keyed("bob", "k", b"1"), keyed("ada", "l", b"1"), Origin::default(), Origin::default()] {
        assert!(matches!(log.begin(opening(now, free), owner()).await.unwrap(), Begun::New));
    }
    let subject = Opening { subject: first.subject, ..opening(now, Origin::default()) };
    assert!(matches!(log.begin(subject, owner()).await.unwrap(), Begun::Mismatch));
}

/// What goes in comes out.
pub(crate) async fn a_saga_is_kept_as_it_was<K: Kit>(kit: &K) {
    let (me, now) = (owner(), kit.now());
    let opening = opening(now, keyed("ada", "k", b"\x00\xff"));
    kit.log().begin(opening.clone(), me).await.unwrap();
    let record = found(kit, opening.id).await;
    assert_eq!(record.input.get(), opening.input.get());
    assert_eq!((record.origin, record.deadline_at, record.due_at), (opening.origin.clone(), opening.deadline_at, now));
    assert_eq!((record.state, record.step.as_str(), record.attempts), (SagaState::Running, "one", 0));
    let outcome = to_raw_value(&serde_json::json!({"z": 1, "a": 2})).unwrap();
    let state = SagaState::Compensated;
    let change = Entry { state, outcome: Some(outcome.clone()), ..entry(&opening, me, now + TimeDelta::seconds(1)) };
    assert_eq!(kit.log().record(change.clone()).await.unwrap(), Kept::Yes);
    let record = kit.log().by_subject(opening.subject).await.unwrap().unwrap();
    assert_eq!((record.state, record.step.as_str(), record.attempts), (state, "two", 3));
    assert_eq!(record.outcome.unwrap().get(), outcome.get());
    assert_eq!((record.created_at, record.updated_at), (now, change.at));
    assert_eq!(record.journal.records(), opening.journal.records());
}

/// Only the owner writes; who repeats a write is told the same again.
pub(crate) async fn only_the_owner_writes<K: Kit>(kit: &K) {
    let (me, other, now) = (owner(), owner(), kit.now());
    let saga = begun(kit, me).await;
    assert_eq!(kit.log().record(entry(&saga, other, now)).await.unwrap(), Kept::Lost);
    assert_eq!(found(kit, saga.id).await.step, "one");
    let release = Entry { hold: Hold::Release, ..entry(&saga, me, now) };
    assert_eq!(kit.log().record(release.clone()).await.unwrap(), Kept::Yes);
    assert_eq!(kit.log().record(release.clone()).await.unwrap(), Kept::Yes);
    let later = Entry { at: now + TimeDelta::microseconds(1), ..release };
    assert_eq!(kit.log().record(later).await.unwrap(), Kept::Lost);
}

/// What was noted before a record is superseded by it.
pub(crate) async fn a_record_supersedes_the_notes_before_it<K: Kit>(kit: &K) {
    let (me, now) = (owner(), kit.now());
    let saga = begun(kit, me).await;
    for attempts in 4..9 {
        kit.log().note(Entry { attempts, ..entry(&saga, me, now) });
    }
    kit.log().record(Entry { attempts: 9, ..entry(&saga, me, now) }).await.unwrap();
    assert_eq!(found(kit, saga.id).await.attempts, 9);
}

/// A saga is taken when it is due and free, by one process, and how it was left is known.
pub(crate) async fn a_saga_is_taken_once_it_is_free<K: Kit>(kit: &K) {
    let (patient, brief) = (owner(), Owner { lease: Duration::from_millis(1), ..owner() });
    let (kept, renewed, silent) = (begun(kit, patient).await, begun(kit, brief).await, begun(kit, brief).await);
    let (released, waiting) = (begun(kit, patient).await, begun(kit, patient).await);
    kit.log().renew(Owner { id: brief.id, ..patient }, vec![renewed.id, kept.id]).await.unwrap();
    let now = kit.now();
    kit.log().record(Entry { hold: Hold::Release, ..entry(&released, patient, now) }).await.unwrap();
    let due_at = now + TimeDelta::hours(1);
    kit.log().record(Entry { hold: Hold::Release, due_at, ..entry(&waiting, patient, now) }).await.unwrap();
    // The renewal is written before what came after it to the same writer, and each saga may have another.
    kit.log().record(entry(&renewed, brief, now)).await.unwrap();
    kit.pass(Duration::from_millis(20)).await;
    let mut free = taken(kit, patient).await;
    free.sort_by_key(|(id, _)| *id);
    assert_eq!(free, [(silent.id, Left::Abandoned), (released.id, Left::Tidy)]);
    assert_eq!(kit.log().record(entry(&silent, brief, now)).await.unwrap(), Kept::Lost);
    assert_eq!(kit.log().record(entry(&silent, patient, now)).await.unwrap(), Kept::Yes);
    assert_eq!(taken(kit, owner()).await, []);
}

async fn taken<K: Kit>(kit: &K, owner: Owner) -> Vec<(Uuid, Left)> {
    let claims = kit.log().claim(owner, 10).await.unwrap();
    claims.into_iter().map(|claim| (claim.record.id, claim.left)).collect()
}

/// Lists go by age, a page after the other; a stuck saga is set going once.
pub(crate) async fn sagas_are_listed_and_set_going_again<K: Kit>(kit: &K) {
    let (me, log) = (owner(), kit.log());
    let sagas = [begun(kit, me).await, begun(kit, me).await, begun(kit, me).await];
    let [old, stuck, young] = sagas.each_ref().map(|saga| saga.id);
    let change = Entry { state: SagaState::Stuck, hold: Hold::Release, ..entry(&sagas[1], me, kit.now()) };
    log.record(change.clone()).await.unwrap();
    let ids =
        async |filter: Filter| log.list(&filter).await.unwrap().into_iter().map(|record| record.id).collect::<Vec<_>>();
    assert_eq!(ids(Filter { limit: 2, ..Filter::default() }).await, [young, stuck]);
    assert_eq!(ids(Filter { limit: 2, before: Some(stuck), ..Filter::default() }).await, [old]);
    assert_eq!(ids(Filter { limit: 9, state: Some(SagaState::Stuck), ..Filter::default() }).await, [stuck]);
    assert_eq!(ids(Filter { limit: 9, subject: Some(sagas[0].subject), ..Filter::default() }).await, [old]);
    let record = found(kit, stuck).await;
    let reopening = Entry { state: SagaState::Compensating, at: kit.now() + TimeDelta::seconds(1), ..change };
    assert_eq!(log.reopen(&record, reopening.clone()).await.unwrap(), Kept::Yes);
    assert_eq!(log.reopen(&record, reopening).await.unwrap(), Kept::Lost);
    assert_eq!(found(kit, stuck).await.state, SagaState::Compensating);
}

/// What an operator turned back does not go forward again, not even by an owner who has taken it since.
pub(crate) async fn what_was_turned_back_never_goes_forward<K: Kit>(kit: &K) {
    let (me, log) = (owner(), kit.log());
    let saga = begun(kit, me).await;
    let seen = found(kit, saga.id).await;
    let back = Entry { state: SagaState::Compensating, hold: Hold::Release, ..entry(&saga, me, kit.now()) };
    log.note(entry(&saga, me, kit.now() + TimeDelta::seconds(1)));
    log.record(entry(&saga, me, kit.now() + TimeDelta::seconds(2))).await.unwrap();
    assert_eq!(log.reopen(&seen, back.clone()).await.unwrap(), Kept::Lost, "it has changed since it was read");
    assert_eq!(log.reopen(&found(kit, saga.id).await, back.clone()).await.unwrap(), Kept::Yes);
    let forward = |state| Entry { state, ..entry(&saga, me, kit.now() + TimeDelta::seconds(3)) };
    assert_eq!(log.record(forward(SagaState::Running)).await.unwrap(), Kept::Lost);
    assert_eq!(taken(kit, me).await, [(saga.id, Left::Tidy)]);
    for state in [SagaState::Running, SagaState::Completed] {
        assert_eq!(log.record(forward(state)).await.unwrap(), Kept::Lost, "{state:?}");
    }
    assert_eq!(log.record(forward(SagaState::Compensated)).await.unwrap(), Kept::Yes);
    let counted = log.count(1).await.unwrap();
    assert!(counted.contains(&(SagaState::Compensated, 1)) && counted.contains(&(SagaState::Stuck, 0)), "{counted:?}");
}

/// The rules, as tests of one log.
macro_rules! log_contract {
    ($make:expr) => {
        $crate::saga::testing::contract::log_contract!(
            $make,
            a_request_is_one_saga,
            a_saga_is_kept_as_it_was,
            only_the_owner_writes,
            a_record_supersedes_the_notes_before_it,
            a_saga_is_taken_once_it_is_free,
            sagas_are_listed_and_set_going_again,
            what_was_turned_back_never_goes_forward,
        );
    };
    ($make:expr, $($rule:ident),* $(,)?) => {
        $(
            #[tokio::test]
            async fn $rule() {
                $crate::saga::testing::contract::$rule(&$make).await;
            }
        )*
    };
}
pub(crate) use log_contract;
