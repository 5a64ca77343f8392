use serde_json::json;

use super::*;

fn problems(changes: &Value) -> Vec<String> {
    let mut table = json!({
        "BillingModeSummary": { "BillingMode": "PAY_PER_REQUEST" },
        "OnDemandThroughput": { "MaxReadRequestUnits": 4000, "MaxWriteRequestUnits": 1000 },
        "GlobalSecondaryIndexes": [
            { "IndexName": "by_citizen", "OnDemandThroughput": { "MaxReadRequestUnits": 4000, "MaxWriteRequestUnits": 1000 } }
        ],
    });
    for (pointer, value) in changes.as_object().unwrap() {
        *table.pointer_mut(pointer).unwrap() = value.clone();
    }
    serde_json::from_value::<Table>(table).unwrap().capacity().problems
}

#[test]
fn a_table_on_demand_has_ceilings_and_its_index_none_that_is_lower() {
    assert_eq!(problems(&json!({})), Vec::<String>::new());
    let of_index = "/GlobalSecondaryIndexes/0/OnDemandThroughput";
    for (changes, problem) in [
        (json!({ "/BillingModeSummary": null }), "provisioned capacity"),
        (json!({ "/OnDemandThroughput": { "MaxWriteRequestUnits": 1000 } }), "MaxReadRequestUnits has no ceiling"),
        (json!({ "/OnDemandThroughput/MaxWriteRequestUnits": -1 }), "MaxWriteRequestUnits has no ceiling"),
        (
            json!({ format!("{of_index}/MaxWriteRequestUnits"): 999 }),
            "MaxWriteRequestUnits of the index by_citizen is lower",
        ),
        // As some emulators write it.
        (
            json!({ format!("{of_index}/MaxReadRequestUnits"): "3999" }),
            "MaxReadRequestUnits of the index by_citizen is lower",
        ),
    ] {
        let found = problems(&changes);
        assert!(matches!(&found[..], [one] if one.contains(problem)), "{changes}: {found:?}");
    }
    assert_eq!(problems(&json!({ of_index: { "MaxReadRequestUnits": -1 } })), Vec::<String>::new());
}
