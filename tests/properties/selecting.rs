//! Random small selections and resources, resolved by the program and by the slow implementation.

use backstop::facts::select::{Candidate, Criteria, Outcome, Setting, resolve, step_name};
use backstop::snapshot::{Cause, Observed, Reason, SelectionBody, Tags};
use proptest::test_runner::TestCaseError;
use serde_json::{Map, Value, json};

use super::oracle_resolver::{Place, Thing, outcome};
use super::tape::Tape;

const ACCOUNT: &str = "111111111111";
const REGION: &str = "us-east-1";

/// ARNs with the types that they may be of, and whether their type needs the opt-in even where the ARN is named.
const THINGS: [(&str, &[&str], bool); 14] = [
    ("arn:aws:dynamodb:us-east-1:111111111111:table/orders", &["DynamoDB"], false),
    ("arn:aws:dynamodb:us-east-1:111111111111:table/Orders", &["DynamoDB"], false),
    ("arn:aws:dynamodb:eu-west-1:111111111111:table/orders", &["DynamoDB"], false),
    ("arn:aws:dynamodb:us-east-1:222222222222:table/orders", &["DynamoDB"], false),
    ("arn:aws:ec2:us-east-1:111111111111:volume/vol-1", &["EBS"], false),
    ("arn:aws:ec2:us-east-1:111111111111:instance/i-1", &["EC2"], false),
    ("arn:aws:rds:us-east-1:111111111111:db:orders", &["RDS"], false),
    ("arn:aws:rds:us-east-1:111111111111:cluster:orders", &["Aurora"], true),
    ("arn:aws:rds:us-east-1:111111111111:cluster:other", &["Aurora", "Neptune"], true),
    ("arn:aws:s3:::orders-logs", &["S3"], false),
    ("arn:aws:s3:::orders", &["S3"], false),
    ("arn:aws:fsx:us-east-1:111111111111:file-system/fs-1", &["FSx"], true),
    ("arn:aws:ecs:us-east-1:111111111111:cluster/orders", &[], false),
    ("arn:aws:lambda:us-east-1:111111111111:function:orders", &[], false),
];

const PATTERNS: [&str; 32] = [
    "*",
    "arn:aws:dynamodb:us-east-1:111111111111:table/orders",
    "arn:aws:dynamodb:*:*:table/*",
    "arn:aws:dynamodb:us-east-1:111111111111:table/ord*",
    "arn:aws:dynamodb:us-east-1:111111111111:table/*ers",
    "arn:aws:dynamodb:us-east-1:111111111111:table/o*s",
    "arn:aws:dynamodb:us-east-1:111111111111:table/order?",
    "arn:aws:dynamodb:us-*:*:table/*",
    "arn:aws:dynamodb:eu-west-1:*:table/*",
    "arn:aws:dynamodb:*",
    "arn:aws:dynamodb:*:*:*",
    "arn:aws:ec2:*:*:volume/*",
    "arn:aws:ec2:*:*:vol*",
    "arn:aws:ec2:us-east-1:111111111111:vol*",
    "arn:aws:ec2:*",
    "arn:aws:ec2:*:*:*",
    "arn:aws:ec2:*:*:*/*",
    "arn:aws:rds:*:*:db:*",
    "arn:aws:rds:*:*:cluster:*",
    "arn:aws:rds:us-east-1:111111111111:cluster:orders",
    "arn:aws:rds:*",
    "arn:aws:rds:*:cluster:*",
    "*:db:*",
    "arn:aws:s3:::*",
    "arn:aws:s3:::orders*",
    "arn:aws:s3:::*-logs",
    "arn:aws:s3:::orders",
    "arn:aws:fsx:*:*:file-system/*",
    "arn:*:dynamodb:*:*:table/*",
    "arn:aws:*:*:*:table/*",
    "arn:aws:ecs:*:*:cluster/*",
    "arn:aws:*",
];

const TAGS: [(&str, &str); 8] = [
    ("env", "prod"),
    ("env", "Prod"),
    ("env", "prod server"),
    ("Env", "prod"),
    ("backup", "daily"),
    ("backup", "daily "),
    ("aws:ResourceTag/env", "prod"),
    ("awsbackup-restore-test", "1"),
];

const CONDITIONS: [(&str, &str); 8] = [
    ("aws:ResourceTag/env", "prod"),
    ("aws:ResourceTag/env", "prod*"),
    ("aws:ResourceTag/env", "*rod"),
    ("aws:ResourceTag/backup", "daily*"),
    ("aws:ResourceTag/backup", "daily"),
    ("env", "prod"),
    ("aws:ResourceTag/Env", "p?od"),
    ("aws:ResourceTag/", "prod"),
];

const TYPES: [&str; 9] = ["DynamoDB", "EBS", "EC2", "RDS", "Aurora", "Neptune", "S3", "FSx", "Brand New"];

fn unknown_or(tape: &mut Tape, value: Value) -> Value {
    if tape.chance(4) { json!({ "$unknown": "x" }) } else { value }
}

fn body(tape: &mut Tape) -> Value {
    let mut body = json!({});
    let some = tape.chance(75);
    if some {
        let entries = tape.some_of(&PATTERNS, 3);
        body["Resources"] = unknown_or(tape, json!(entries));
    }
    if tape.chance(25) {
        let entries = tape.some_of(&PATTERNS, 2);
        body["NotResources"] = unknown_or(tape, json!(entries));
    }
    if tape.chance(35) {
        let tags: Vec<Value> =
            tape.some_of(&TAGS, 2).iter().map(|(key, value)| json!({ "ConditionKey": key, "ConditionValue": value })).collect();
        body["ListOfTags"] = unknown_or(tape, json!(tags));
    }
    if tape.chance(40) {
        let mut conditions = Map::new();
        for operator in ["StringEquals", "StringLike", "StringNotEquals", "StringNotLike"] {
            if tape.chance(45) {
                let mut parameters = Vec::new();
                for (key, value) in tape.some_of(&CONDITIONS, 2) {
                    let (key, value) = (unknown_or(tape, json!(key)), unknown_or(tape, json!(value)));
                    parameters.push(json!({ "ConditionKey": key, "ConditionValue": value }));
                }
                conditions.insert(operator.to_owned(), unknown_or(tape, json!(parameters)));
            }
        }
        body["Conditions"] = unknown_or(tape, Value::Object(conditions));
    }
    body
}

fn observed<T: serde::de::DeserializeOwned>(value: &Value) -> Observed<T> {
    serde_json::from_value(value.clone()).expect("it is of this form")
}

fn said(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Selected(_) => "selected".to_owned(),
        Outcome::Dropped(step) => format!("dropped:{}", step_name(step)),
        Outcome::DroppedSomewhere(reasons) => if reasons.is_empty() { "for no reason" } else { "dropped" }.to_owned(),
        Outcome::Unknown(reasons) => if reasons.is_empty() { "for no reason" } else { "unknown" }.to_owned(),
    }
}

/// One small selection and a few resources.
pub fn check(mut tape: Tape) -> Result<(), TestCaseError> {
    let body = body(&mut tape);
    let some: Vec<&str> = TYPES.iter().copied().filter(|_| !tape.chance(15)).collect();
    let supported = unknown_or(&mut tape, json!(some));
    let draw = |name: &&str| (!tape.chance(4)).then(|| ((*name).to_owned(), json!(tape.chance(70))));
    let settings: Map<String, Value> = TYPES.iter().filter_map(draw).collect();
    let opt_in = unknown_or(&mut tape, Value::Object(settings));
    let criteria = Criteria::of(&serde_json::from_value::<SelectionBody>(body.clone()).expect("a selection"));
    let setting =
        Setting { account: ACCOUNT.to_owned(), region: REGION.to_owned(), supported: observed(&supported), opt_in: observed(&opt_in) };
    let place = Place { account: ACCOUNT, region: REGION, supported: &supported, opt_in: &opt_in };
    for _ in 0..3 {
        let (arn, types, needs_opt_in) = *tape.pick(&THINGS);
        let own: Map<String, Value> = tape.some_of(&TAGS, 3).iter().map(|(key, value)| ((*key).to_owned(), json!(value))).collect();
        let tags = unknown_or(&mut tape, Value::Object(own));
        let known: Observed<Tags> = observed(&tags);
        let doubt = [Reason::new(Cause::Undetermined, "several types have ARNs of this shape")];
        let candidate = Candidate { arn, tags: &known, types, doubt: if types.len() > 1 { &doubt } else { &[] }, needs_opt_in };
        let found = said(&resolve(&criteria, &candidate, &setting));
        let expected = outcome(&body, &Thing { arn, tags: &tags, types }, &place);
        if found != expected {
            let told = format!("'{arn}' with {tags} is '{found}', and should be '{expected}', under {body}, {supported}, {opt_in}");
            return Err(TestCaseError::fail(told));
        }
    }
    Ok(())
}
