//! Any document of any schema goes to XML and back without loss, and its XML is what the XML Schema says.

use proptest::prelude::*;
use serde_json::Value;
use transform::{Schemas, problem_to_xml};

use crate::world::document::Documents;
use crate::world::lexical::lexical;
use crate::world::outside::Folder;
use crate::world::{compiled, contracts, schema, to_json, to_xml};

/// What the documents become, a few of each schema, after they have come back as they were.
fn carried(description: &Value, schemas: &Schemas, seed: u64) -> Vec<(String, String)> {
    let mut documents = Documents::new(description, seed);
    let mut carried = Vec::new();
    for name in description["components"]["schemas"].as_object().unwrap().keys() {
        let plan = schemas.plan(name).unwrap();
        let json = documents.any(name);
        let xml = to_xml(plan, &json).unwrap_or_else(|broken| panic!("{name}: {broken} {}\n{json}", broken.pointer));
        let back = to_json(plan, &xml).unwrap_or_else(|broken| panic!("{name}: {broken}\n{xml}\n{json}"));
        assert_eq!(lexical(&back), lexical(&json), "{name}\n{xml}");
        // Problems are published in their own namespace.
        let is_problem = plan.root() == "problem";
        let xml = if is_problem { String::from_utf8(problem_to_xml(json.as_bytes()).unwrap()).unwrap() } else { xml };
        carried.push((plan.root().to_owned(), xml));
    }
    carried
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn documents_of_any_schema_come_back_as_they_were(seed: u64) {
        let description = schema::any(seed);
        carried(&description, &compiled(&description), seed);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn documents_of_every_contract_come_back_as_they_were(seed: u64) {
        let description = contracts();
        carried(&description, &compiled(&description), seed);
    }
}

/// Some documents of each description, before the eyes of both validators.
async fn validated(name: &str, descriptions: &[Value]) {
    let folder = Folder::new(name);
    for (number, description) in descriptions.iter().enumerate() {
        let schemas = compiled(description);
        let place = folder.with(number, &schemas);
        for seed in 0..6 {
            for (root, xml) in carried(description, &schemas, seed) {
                std::fs::write(place.join(format!("{root}.{seed}.xml")), xml).unwrap();
            }
        }
    }
    folder.validate().await;
}

#[tokio::test]
async fn the_xml_of_contracts_is_valid() {
    validated("contracts", &[contracts()]).await;
}

#[tokio::test]
async fn the_xml_of_any_schema_is_valid() {
    let descriptions: Vec<Value> = (0..16).map(schema::any).collect();
    validated("any", &descriptions).await;
}
