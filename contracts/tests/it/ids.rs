//! Ids know what they identify, and what is not one.

use contracts::{Id, Order};

#[test]
fn an_id_is_what_it_was_written_as() {
    let id = Id::<Order>::mint();
    assert_eq!(id.to_string().parse(), Ok(id));
    assert_eq!(serde_json::to_string(&id).unwrap(), format!("\"{id}\""));
}

#[test]
fn later_ids_sort_later() {
    let ids = (0..100).map(|_| Id::<Order>::mint()).collect::<Vec<_>>();
    assert!(ids.is_sorted());
}

#[test]
fn other_texts_are_not_ids() {
    let compact = "01890a5dac96774bbcceb302099a8057";
    for text in ["", "1", compact, "{01890a5d-ac96-774b-bcce-b302099a8057}", "01890a5d-ac96-774b-bcce-b302099a805g"] {
        assert!(text.parse::<Id<Order>>().is_err(), "{text}");
    }
}
