//! A file that GitHub takes as it is, and everything that can be broken in it.

use serde_json::{Value, json};

/// A file that GitHub takes as it is.
pub fn fine() -> Value {
    let text = |text: &str| json!({ "text": text });
    json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": { "name": "Tool", "rules": [{
                "id": "a/rule", "name": "Rule", "shortDescription": text("Short."), "fullDescription": text("Full."), "help": text("Help."),
                "defaultConfiguration": { "level": "error" },
                "properties": { "tags": ["security"], "security-severity": "8.0", "precision": "high" },
            }] } },
            "automationDetails": { "id": "tool/part/1" },
            "invocations": [{ "executionSuccessful": true }],
            "results": [{
                "ruleId": "a/rule", "ruleIndex": 0, "level": "error", "kind": "fail", "message": text("Something is wrong."),
                "locations": [{ "physicalLocation": {
                    "artifactLocation": { "uri": "infra/main.tf" }, "region": { "startLine": 3, "endLine": 4 },
                } }],
                "codeFlows": [{ "threadFlows": [{ "locations": [{ "location": { "physicalLocation": {
                    "artifactLocation": { "uri": "infra/main.tf" }, "region": { "startLine": 3 },
                } } }] }] }],
                "partialFingerprints": { "primaryLocationLineHash": "0123456789abcdef:1" },
                "properties": { "anything": { "deep": [1, null, true] } },
            }],
        }],
    })
}

/// Where something is put (`null` takes it away), what is told, where, and whether GitHub refuses the file.
pub type Mutation = (&'static str, Value, &'static str, &'static str, bool);

const RUN: &str = "/runs/0";
pub const RESULT: &str = "/runs/0/results/0";
const RULE: &str = "/runs/0/tool/driver/rules/0";
const URI: &str = "/runs/0/results/0/locations/0/physicalLocation/artifactLocation/uri";
const REGION: &str = "/runs/0/results/0/locations/0/physicalLocation/region";

pub fn mutations() -> Vec<Mutation> {
    let uri = |uri: &'static str, check: &'static str, refused: bool| (URI, json!(uri), check, URI, refused);
    let many = |count: usize, item: Value| Value::Array(vec![item; count]);
    let step = json!({ "location": {} });
    let place = fine()["runs"][0]["results"][0]["locations"][0].clone();
    let tags = |count: usize| json!((0..count).map(|at| format!("tag-{at}")).collect::<Vec<_>>());
    vec![
        ("/version", json!("2.0.0"), "version", "/version", true),
        ("/version", Value::Null, "version", "", true),
        ("/$schema", Value::Null, "no-schema", "", false),
        ("/$schema", json!("https://json.schemastore.org/sarif-2.0.0.json"), "no-schema", "/$schema", false),
        ("/runs", json!([]), "no-runs", "/runs", false),
        ("/runs", json!({}), "wrong-value", "/runs", true),
        ("/extra", json!(1), "unknown-member", "", true),
        ("/runs/0/tool", Value::Null, "missing", RUN, true),
        ("/runs/0/tool/driver/name", Value::Null, "missing", "/runs/0/tool/driver", true),
        ("/runs/0/tool/driver/name", json!(""), "empty", "/runs/0/tool/driver/name", true),
        ("/runs/0/tool/extensions", many(101, json!({ "name": "x" })), "too-many-extensions", "/runs/0/tool/extensions", true),
        ("/runs/0/results", Value::Null, "no-results", RUN, true),
        ("/runs/0/automationDetails/id", json!("tool"), "no-category", "/runs/0/automationDetails/id", false),
        ("/runs/0/invocations/0/executionSuccessful", Value::Null, "missing", "/runs/0/invocations/0", true),
        ("/runs/0/tool/driver/rules/0/id", Value::Null, "missing", RULE, true),
        ("/runs/0/tool/driver/rules/0/id", json!("other"), "rule-index", RESULT, false),
        ("/runs/0/tool/driver/rules/0/help", Value::Null, "rule-without-text", RULE, false),
        ("/runs/0/tool/driver/rules/0/help/text", Value::Null, "missing", "/runs/0/tool/driver/rules/0/help", true),
        ("/runs/0/tool/driver/rules/0/name", json!("n".repeat(256)), "long-text", "/runs/0/tool/driver/rules/0/name", false),
        (
            "/runs/0/tool/driver/rules/0/fullDescription/text",
            json!("ä".repeat(1_025)),
            "long-text",
            "/runs/0/tool/driver/rules/0/fullDescription/text",
            false,
        ),
        ("/runs/0/tool/driver/rules/0/properties/tags", tags(21), "too-many-tags", "/runs/0/tool/driver/rules/0/properties/tags", true),
        ("/runs/0/tool/driver/rules/0/properties/tags", tags(11), "tags-not-shown", "/runs/0/tool/driver/rules/0/properties/tags", false),
        (
            "/runs/0/tool/driver/rules/0/properties/security-severity",
            json!("high"),
            "security-severity",
            "/runs/0/tool/driver/rules/0/properties/security-severity",
            true,
        ),
        (
            "/runs/0/tool/driver/rules/0/properties/security-severity",
            json!("10.1"),
            "security-severity",
            "/runs/0/tool/driver/rules/0/properties/security-severity",
            true,
        ),
        (
            "/runs/0/tool/driver/rules/0/properties/security-severity",
            json!("8e0"),
            "security-severity",
            "/runs/0/tool/driver/rules/0/properties/security-severity",
            true,
        ),
        (
            "/runs/0/tool/driver/rules/0/properties/security-severity",
            json!(11),
            "security-severity",
            "/runs/0/tool/driver/rules/0/properties/security-severity",
            true,
        ),
        (
            "/runs/0/tool/driver/rules/0/properties/security-severity",
            json!(8.5),
            "security-severity-is-no-text",
            "/runs/0/tool/driver/rules/0/properties/security-severity",
            false,
        ),
        (
            "/runs/0/tool/driver/rules/0/defaultConfiguration/level",
            json!("critical"),
            "level",
            "/runs/0/tool/driver/rules/0/defaultConfiguration/level",
            true,
        ),
        ("/runs/0/results/0/level", json!("high"), "level", "/runs/0/results/0/level", true),
        ("/runs/0/results/0/level", json!(3), "wrong-value", "/runs/0/results/0/level", true),
        ("/runs/0/results/0/kind", json!("bad"), "wrong-value", "/runs/0/results/0/kind", true),
        ("/runs/0/results/0/kind", json!("pass"), "not-a-failure", RESULT, false),
        ("/runs/0/results/0/suppressions", json!([{ "kind": "external" }]), "not-suppressed", RESULT, false),
        ("/runs/0/results/0/baselineState", json!("absent"), "not-suppressed", RESULT, false),
        ("/runs/0/results/0/severity", json!("high"), "unknown-member", RESULT, true),
        ("/runs/0/results/0/message", Value::Null, "no-message", RESULT, true),
        ("/runs/0/results/0/message", json!({ "id": "x" }), "no-message", RESULT, true),
        ("/runs/0/results/0/message/text", json!(" "), "no-message", RESULT, true),
        ("/runs/0/results/0/ruleIndex", json!(7), "rule-index", RESULT, false),
        ("/runs/0/results/0/ruleIndex", json!(-2), "wrong-value", "/runs/0/results/0/ruleIndex", true),
        ("/runs/0/results/0/locations", Value::Null, "no-location", RESULT, true),
        ("/runs/0/results/0/locations", json!([]), "no-location", RESULT, true),
        ("/runs/0/results/0/locations/0", json!({ "logicalLocations": [{ "name": "x" }] }), "no-file", RESULT, true),
        ("/runs/0/results/0/locations/0/physicalLocation/artifactLocation", json!({}), "no-file", RESULT, true),
        ("/runs/0/results/0/locations/0/physicalLocation/artifactLocation", json!({ "index": 0 }), "file-by-index", RESULT, false),
        (URI, json!(""), "no-file", RESULT, true),
        uri("arn:aws:backup:us-east-1:111122223333:backup-vault:prod", "foreign-uri", true),
        uri("https://example.com/main.tf", "foreign-uri", true),
        uri("Dockerfile (nginx:1.2)", "foreign-uri", true),
        uri("/infra/main.tf", "path-outside", false),
        uri("file:///infra/main.tf", "path-outside", false),
        uri("infra/../../main.tf", "path-outside", false),
        uri("infra/my file.tf", "invalid-uri", false),
        uri("./main.tf", "invalid-uri", false),
        (REGION, Value::Null, "no-line", RESULT, false),
        (
            "/runs/0/results/0/locations/0/physicalLocation/region/startLine",
            json!(0),
            "line-below-one",
            "/runs/0/results/0/locations/0/physicalLocation/region/startLine",
            true,
        ),
        (
            "/runs/0/results/0/codeFlows/0/threadFlows/0/locations/0/location/physicalLocation/region/startLine",
            json!(-1),
            "line-below-one",
            "/runs/0/results/0/codeFlows/0/threadFlows/0/locations/0/location/physicalLocation/region/startLine",
            true,
        ),
        (
            "/runs/0/results/0/locations/0/physicalLocation/region/startLine",
            json!("3"),
            "wrong-value",
            "/runs/0/results/0/locations/0/physicalLocation/region/startLine",
            true,
        ),
        ("/runs/0/results/0/locations/0/physicalLocation/region/endLine", json!(1), "lines-backwards", REGION, false),
        ("/runs/0/results/0/locations", many(1_001, place.clone()), "too-many-locations", "/runs/0/results/0/locations", true),
        ("/runs/0/results/0/locations", many(101, place), "locations-not-shown", "/runs/0/results/0/locations", false),
        ("/runs/0/results/0/codeFlows/0/threadFlows/0/locations", many(10_001, step.clone()), "too-many-steps", RESULT, true),
        ("/runs/0/results/0/codeFlows/0/threadFlows/0/locations", many(1_001, step), "steps-not-shown", RESULT, false),
        ("/runs/0/results/0/partialFingerprints", Value::Null, "no-fingerprint", RESULT, false),
        ("/runs/0/results/0/partialFingerprints/primaryLocationLineHash", json!(""), "no-fingerprint", RESULT, false),
    ]
}
