//! Reading plans: what is known, what is not and what it refers to, which rows count, and what is no plan.

use std::io::BufReader;
use std::path::Path;

use serde_json::{Value as Json, json};

use super::*;
use crate::snapshot::Observed;
use crate::terraform::value::{Unknown, Value};

fn parsed(text: &[u8]) -> Result<Root, TerraformError> {
    let path = Path::new("plan.json");
    json::parse(path, BufReader::new(text), SHOW).and_then(|document| root_of(path, document))
}

pub(super) fn read(text: &[u8]) -> Option<Root> {
    parsed(text).ok()
}

fn message(text: impl AsRef<[u8]>) -> String {
    let error = parsed(text.as_ref()).expect_err("this is no plan");
    format!("{error} ({})", error.help())
}

/// A plan with these rows and this configuration of the root module.
fn plan(rows: Json, root_module: Json) -> Root {
    with(json!({"resource_changes": rows, "configuration": {"root_module": root_module}}))
}

fn with(members: Json) -> Root {
    let mut document = json!({"format_version": "1.2", "planned_values": {}});
    document.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    parsed(document.to_string().as_bytes()).unwrap()
}

/// A row that makes a resource; its type and name are in its address.
fn row(address: &str, after: Json, unknown: Json) -> Json {
    let (module, resource) = address.rsplit_once(".aws_").map_or(("", address.trim_start_matches("aws_")), |parts| parts);
    let (kind, name) = resource.split_once('.').unwrap();
    json!({
        "address": address, "module_address": module, "mode": "managed", "type": format!("aws_{kind}"), "name": name.split('[').next(),
        "change": {"actions": ["create"], "before": null, "after": after, "after_unknown": unknown},
    })
}

fn block(address: &str, expressions: Json) -> Json {
    let (kind, name) = address.split_once('.').unwrap();
    json!({"address": address, "mode": "managed", "type": kind, "name": name, "provider_config_key": "aws", "expressions": expressions})
}

fn refers(to: &[&str]) -> Json {
    json!({"references": to})
}

fn key(address: &str) -> Json {
    row(address, json!({}), json!({"arn": true, "key_id": true, "id": true}))
}

fn get<'a>(root: &'a Root, address: &str, attribute: &str) -> &'a Value {
    let declared = root.declared.iter().find(|declared| declared.address == address).expect("it is declared");
    declared.attributes.get(attribute).unwrap_or(&Value::Null)
}

fn unknown(value: &Value) -> &Unknown {
    let Value::Unknown(unknown) = value else { panic!("{value:?} is known") };
    assert_eq!(unknown.reason.cause, Cause::KnownAfterApply);
    unknown
}

/// To what an unknown value refers: `aws_kms_key.a.arn`.
fn reference(value: &Value) -> Option<String> {
    unknown(value).reference.as_ref().map(|reference| format!("{}.{}", reference.address, reference.attribute))
}

/// To what a vault's key refers, in a root with these rows, where the vault writes this as its key.
fn key_of_vault(rows: &[Json], expression: Json) -> Option<String> {
    let mut rows = rows.to_vec();
    rows.push(row("aws_backup_vault.v", json!({"name": "v"}), json!({"kms_key_arn": true})));
    let root = plan(json!(rows), json!({"resources": [block("aws_backup_vault.v", json!({"kms_key_arn": expression}))]}));
    reference(get(&root, "aws_backup_vault.v", "kms_key_arn"))
}

#[test]
fn what_is_unknown_stays_so_in_either_form() {
    let after =
        json!({"name": "p", "rule": [{"rule_name": "a", "lifecycle": [{"delete_after": 35}]}, {"rule_name": "b", "copy_action": [{}]}]});
    let each = json!({"arn": true, "rule": [{"lifecycle": [{}]}, {"copy_action": [{"destination_vault_arn": true}]}]});
    let root = plan(json!([row("aws_backup_plan.p", after.clone(), each)]), json!({}));
    let Value::List(rules) = get(&root, "aws_backup_plan.p", "rule") else { panic!("rules are a list") };
    let (Value::Object(first), Value::Object(second)) = (&rules[0], &rules[1]) else { panic!("a rule is an object") };
    assert_eq!(format!("{:?}", first["lifecycle"]), r#"List([Object({"delete_after": Number(35.0)})])"#);
    let Value::List(copies) = &second["copy_action"] else { panic!("copies are a list") };
    let Value::Object(copy) = &copies[0] else { panic!("a copy is an object") };
    assert_eq!(reference(&copy["destination_vault_arn"]), None);

    let collapsed = plan(json!([row("aws_backup_plan.p", after.clone(), json!({"rule": true}))]), json!({}));
    assert_eq!(unknown(get(&collapsed, "aws_backup_plan.p", "rule")).reason.detail, "known after apply");
    // What is known of which element cannot be told.
    let another = plan(json!([row("aws_backup_plan.p", after, json!({"rule": [{"schedule": true}]}))]), json!({}));
    unknown(get(&another, "aws_backup_plan.p", "rule"));
}

#[test]
fn a_reference_is_told_where_nothing_else_can_be_meant() {
    let keys = [key("aws_kms_key.a"), key("aws_kms_key.b[0]"), key("aws_kms_key.c[\"x.y\"]"), key("aws_kms_key.c[\"z\"]")];
    let of = |references: &[&str]| key_of_vault(&keys, refers(references));
    assert_eq!(of(&["aws_kms_key.a.arn", "aws_kms_key.a"]).as_deref(), Some("aws_kms_key.a.arn"));
    assert_eq!(of(&["aws_kms_key.b[0].arn", "aws_kms_key.b[0]", "aws_kms_key.b"]).as_deref(), Some("aws_kms_key.b[0].arn"));
    assert_eq!(of(&["aws_kms_key.c[\"x.y\"].arn"]).as_deref(), Some("aws_kms_key.c[\"x.y\"].arn"));
    // A condition on what is known decides nothing.
    assert_eq!(of(&["var.create", "aws_kms_key.a.arn", "aws_kms_key.a"]).as_deref(), Some("aws_kms_key.a.arn"));
    // Behind a computed index stands no attribute: one instance can be meant, two cannot be told apart.
    assert_eq!(of(&["aws_kms_key.b", "each.key"]).as_deref(), Some("aws_kms_key.b[0].arn"));
    assert_eq!(of(&["aws_kms_key.c", "each.key"]), None);
    assert_eq!(of(&["aws_kms_key.a.arn", "aws_kms_key.a", "aws_kms_key.b[0].arn", "aws_kms_key.b[0]", "aws_kms_key.b"]), None);
    assert_eq!(of(&["aws_kms_key.a.arn", "aws_kms_key.a", "local.suffix"]), None);
    assert_eq!(of(&["aws_kms_key.a.key_id", "aws_kms_key.a"]), None, "an id is no ARN, so that something was made of it");
    assert_eq!(of(&["aws_kms_key.elsewhere.arn", "aws_kms_key.elsewhere"]), None, "the plan may be a part of one");
    assert_eq!(of(&["data.aws_kms_key.a.arn", "data.aws_kms_key.a"]), None);
    assert_eq!(of(&[]), None, "a function without arguments");
}

#[test]
fn what_is_made_of_an_attribute_does_not_refer_to_it() {
    let rows =
        json!([key("aws_kms_key.a"), row("aws_backup_vault_policy.v", json!({}), json!({"policy": true, "backup_vault_name": true}))]);
    let expressions = json!({"policy": refers(&["aws_kms_key.a.arn"]), "backup_vault_name": refers(&["aws_kms_key.a.arn"])});
    let root = plan(rows, json!({"resources": [block("aws_backup_vault_policy.v", expressions)]}));
    assert_eq!(reference(get(&root, "aws_backup_vault_policy.v", "policy")), None);
    assert_eq!(reference(get(&root, "aws_backup_vault_policy.v", "backup_vault_name")), None);
    assert_eq!(unknown(get(&root, "aws_backup_vault_policy.v", "policy")).reason.detail, "known after apply, from aws_kms_key.a.arn");
}

#[test]
fn references_are_followed_through_variables_and_outputs() {
    let vault = "module.backup[\"a.b\"].aws_backup_vault.v";
    let rows = json!([key("module.keys.aws_kms_key.k"), row(vault, json!({}), json!({"kms_key_arn": true, "arn": true}))]);
    let modules = |expression: Json, each: Json| {
        let backup = json!({
            "expressions": {"key": expression}, "for_each_expression": each,
            "module": {"resources": [block("aws_backup_vault.v", json!({"kms_key_arn": refers(&["var.key"])}))]},
        });
        let keys = json!({"module": {"outputs": {"arn": {"expression": refers(&["aws_kms_key.k.arn", "aws_kms_key.k"])}}}});
        json!({"module_calls": {"backup": backup, "keys": keys}})
    };
    let told = |expression: Json, each: Json| {
        let root = plan(rows.clone(), modules(expression, each));
        reference(get(&root, vault, "kms_key_arn"))
    };
    let output = refers(&["module.keys.arn", "module.keys"]);
    assert_eq!(told(output.clone(), refers(&["var.vaults"])).as_deref(), Some("module.keys.aws_kms_key.k.arn"));
    assert_eq!(told(refers(&["each.value"]), output).as_deref(), Some("module.keys.aws_kms_key.k.arn"));
    assert_eq!(told(refers(&["each.value"]), refers(&["local.vaults"])), None);
    assert_eq!(told(refers(&["module.keys.other", "module.keys"]), Json::Null), None);
    // A module that is called with nothing takes its default, so that the key is not set.
    let mut without = modules(json!({}), Json::Null);
    without["module_calls"]["backup"]["expressions"] = json!({});
    let root = plan(rows.clone(), without);
    assert_eq!(get(&root, vault, "kms_key_arn"), &Value::Null);
    assert_eq!(reference(get(&root, vault, "arn")), None);
}

#[test]
fn a_module_that_passes_a_variable_on_to_itself_ends() {
    let calls = json!({"a": {"expressions": {"key": refers(&["module.a.out"])}, "module": {
        "outputs": {"out": {"expression": refers(&["var.key"])}},
        "resources": [block("aws_backup_vault.v", json!({"kms_key_arn": refers(&["var.key", "var.key"])}))],
    }}});
    let root = plan(json!([row("module.a.aws_backup_vault.v", json!({}), json!({"kms_key_arn": true}))]), json!({"module_calls": calls}));
    assert_eq!(reference(get(&root, "module.a.aws_backup_vault.v", "kms_key_arn")), None);
}

#[test]
fn elements_of_a_list_refer_only_where_they_are_told_apart() {
    let topic = row("aws_sns_topic.t", json!({}), json!({"arn": true}));
    let actions = |after: Json, mask: Json| {
        let alarm = row("aws_cloudwatch_metric_alarm.a", json!({"alarm_actions": after}), json!({"alarm_actions": mask}));
        let written = block("aws_cloudwatch_metric_alarm.a", json!({"alarm_actions": refers(&["aws_sns_topic.t.arn", "aws_sns_topic.t"])}));
        get(&plan(json!([topic, alarm]), json!({"resources": [written]})), "aws_cloudwatch_metric_alarm.a", "alarm_actions").clone()
    };
    let Value::List(elements) = actions(json!(["arn:aws:sns:eu-west-2:111111111111:a", null]), json!([false, true])) else { panic!() };
    assert_eq!(elements[0], Value::String("arn:aws:sns:eu-west-2:111111111111:a".to_owned()));
    assert_eq!(reference(&elements[1]).as_deref(), Some("aws_sns_topic.t.arn"));
    let Value::List(elements) = actions(json!([null, null]), json!([true, true])) else { panic!() };
    assert_eq!(reference(&elements[0]), None);
    assert_eq!(reference(&actions(json!(null), json!(true))), None, "a whole set may hold more than what it refers to");
}

#[test]
fn blocks_are_told_apart_by_their_constants() {
    let after = json!({"rule": [{"rule_name": "b", "start_window": 60, "copy_action": [{}]}, {"rule_name": "a", "copy_action": [{}]}]});
    let copies =
        json!({"copy_action": [{"destination_vault_arn": true, "lifecycle": [{"opt_in_to_archive_for_supported_resources": true}]}]});
    let mut after = after;
    for rule in after["rule"].as_array_mut().unwrap() {
        rule["copy_action"][0]["lifecycle"] = json!([{"delete_after": 7}]);
    }
    let written = |rule: &str, vault: &str| {
        json!({"rule_name": {"constant_value": rule}, "start_window": {"constant_value": "60"}, "copy_action": [{
            "destination_vault_arn": refers(&[&format!("aws_backup_vault.{vault}.arn"), &format!("aws_backup_vault.{vault}")]),
            "lifecycle": [{"delete_after": {"constant_value": 7}}],
        }]})
    };
    let vault = |name: &str| row(&format!("aws_backup_vault.{name}"), json!({}), json!({"arn": true}));
    let root = |rules: Json| {
        let rows = json!([vault("x"), vault("y"), row("aws_backup_plan.p", after.clone(), json!({"rule": [copies, copies]}))]);
        plan(rows, json!({"resources": [block("aws_backup_plan.p", json!({"rule": rules}))]}))
    };
    let told = |rules: Json| format!("{:?}", get(&root(rules), "aws_backup_plan.p", "rule"));
    let both = root(json!([written("a", "x"), written("b", "y")]));
    let Value::List(rules) = get(&both, "aws_backup_plan.p", "rule") else { panic!() };
    let copies: Vec<String> = rules.iter().map(|rule| format!("{rule:?}")).collect();
    assert!(copies[0].contains("aws_backup_vault.y") && copies[1].contains("aws_backup_vault.x"), "{copies:?}");
    assert!(!copies[0].contains("opt_in_to_archive_for_supported_resources\": Unknown"), "not written, so not set: {copies:?}");
    // Of dynamic blocks nothing is in a plan but their number.
    let one_is_dynamic = told(json!([written("a", "x")]));
    assert!(!one_is_dynamic.contains("Some(Reference"), "{one_is_dynamic}");
    assert!(one_is_dynamic.contains("opt_in_to_archive_for_supported_resources\": Unknown"), "{one_is_dynamic}");
}

#[test]
fn what_is_computed_and_not_written_is_not_set() {
    let mask = json!({"kms_key_arn": true, "arn": true, "region": true});
    let key = |resources: Json| {
        let root = plan(json!([row("aws_backup_vault.v", json!({"name": "v"}), mask.clone())]), json!({"resources": resources}));
        unknown(get(&root, "aws_backup_vault.v", "arn"));
        get(&root, "aws_backup_vault.v", "kms_key_arn").clone()
    };
    assert_eq!(key(json!([block("aws_backup_vault.v", json!({}))])), Value::Null);
    assert_eq!(key(json!([block("aws_backup_vault.v", json!({"kms_key_arn": {"constant_value": null}}))])), Value::Null);
    assert_eq!(key(json!([block("aws_backup_vault.v", json!({"kms_key_arn": refers(&["var.key"])}))])), Value::Null);
    unknown(&key(json!([block("aws_backup_vault.v", json!({"kms_key_arn": {}}))])));
    unknown(&key(json!([])));
}

#[test]
fn rows_count_by_what_they_leave_and_what_they_found() {
    let changed = |address: &str, actions: Json, before: Json, after: Json| {
        let mut row = row(address, after, json!({}));
        row["change"]["actions"] = actions;
        row["change"]["before"] = before;
        row
    };
    let vault = |name: &str| json!({"name": name});
    let mut moved = changed("aws_backup_vault.moved", json!(["no-op"]), vault("m"), vault("m"));
    moved["previous_address"] = json!("aws_backup_vault.before");
    let mut deposed = changed("aws_backup_vault.replaced", json!(["delete"]), vault("old"), Json::Null);
    deposed["deposed"] = json!("abcd1234");
    let mut data = row("aws_backup_vault.data", vault("d"), json!({}));
    data["mode"] = json!("data");
    let root = plan(
        json!([
            changed("aws_backup_vault.gone", json!(["delete"]), vault("g"), Json::Null),
            changed("aws_backup_vault.forgotten", json!(["forget"]), vault("f"), Json::Null),
            changed("aws_backup_vault.replaced", json!(["delete", "create"]), vault("r"), vault("s")),
            row("aws_backup_vault.made", vault("n"), json!({})),
            moved,
            deposed,
            data,
            {"address": "null_resource.a", "mode": "managed", "type": "null_resource", "name": "a", "change": {"actions": ["create"], "after": {"secret": 1}}},
        ]),
        json!({}),
    );
    let names = |declared: &[Declared]| -> Vec<String> {
        declared.iter().map(|declared| format!("{} {:?}", declared.address, declared.attributes["name"])).collect()
    };
    assert_eq!(
        names(&root.declared),
        ["aws_backup_vault.made String(\"n\")", "aws_backup_vault.moved String(\"m\")", "aws_backup_vault.replaced String(\"s\")"]
    );
    assert_eq!(
        names(&root.prior),
        [
            "aws_backup_vault.forgotten String(\"f\")",
            "aws_backup_vault.gone String(\"g\")",
            "aws_backup_vault.moved String(\"m\")",
            "aws_backup_vault.replaced String(\"r\")"
        ]
    );
    assert_eq!(root.notices.len(), 2, "{:?}", root.notices);
    assert!(root.notices[0].contains("earlier object of 'aws_backup_vault.replaced'"), "{:?}", root.notices);
    assert!(root.notices[1].contains("forget 'aws_backup_vault.forgotten'"), "{:?}", root.notices);
}

#[test]
fn a_part_of_a_root_says_so() {
    assert_eq!(with(json!({"complete": true, "errored": false})).partial, None);
    let part = with(json!({"complete": false}));
    assert!(part.partial.is_some_and(|reason| reason.detail.contains("-target")));
    assert_eq!(part.notices.len(), 1);
}

#[test]
fn what_is_no_plan_is_refused_by_name() {
    let utf16: Vec<u8> = [0xFF, 0xFE, b'{', 0].to_vec();
    for (text, says) in [
        (&b""[..], "is empty"),
        (b"PK\x03\x04tfplan", "binary plan (convert it with `terraform show -json PLAN > plan.json`)"),
        (&utf16, "UTF-16"),
        (b"{\"@level\":\"info\"}\n{}", "log of a command"),
        (b"{\n  \"format_version\": \"1.2\",", "plan.json:2:26: the JSON ends in the middle"),
        (b"{\n  \"format_version\": nope}", "plan.json:2:22: the JSON cannot be read: expected ident"),
        (b"{\"format_version\": \"2.0\", \"planned_values\": {}}", "'format_version' is not 1.x"),
        (b"{\"format_version\": \"1.2\", \"planned_values\": {}, \"errored\": true}", "ended with an error"),
        (b"{\"format_version\": \"1.0\", \"values\": {\"root_module\": {}}}", "--terraform-state"),
        (b"{\"version\": 4, \"lineage\": \"a\", \"resources\": []}", "--terraform-state"),
        (b"{\"encrypted_data\": \"x\", \"meta\": {}}", "encrypted by OpenTofu"),
        (b"{\"hello\": 1}", "neither a plan nor a state"),
        (b"[]", "not what Terraform writes"),
    ] {
        let message = message(text);
        assert!(message.contains(says), "{message}");
    }
    let deep = format!("{{\"format_version\": \"1.2\", \"variables\": {{\"a\": {{\"value\": {}", "[".repeat(100_000));
    assert!(message(deep).contains("recursion limit"));
    let mut with_a_mark = b"\xEF\xBB\xBF".to_vec();
    with_a_mark.extend(b"{\"format_version\": \"1.2\", \"planned_values\": {}}");
    assert!(parsed(&with_a_mark).is_ok());
}

#[test]
fn no_error_tells_what_stands_in_the_file() {
    let broken = json!({"format_version": "1.2", "resource_changes": [{"address": "aws_backup_vault.v", "mode": "managed", "type":
        "aws_backup_vault", "name": "v", "change": {"after": "canary"}}]});
    assert!(message(broken.to_string()).contains("the change of 'aws_backup_vault.v'"));
    for text in [broken.to_string(), r#"{"format_version": "1.2", "complete": "canary"}"#.to_owned(), r#"{"version": canary}"#.to_owned()] {
        assert!(!message(&text).contains("canary"), "{}", message(&text));
    }
}

#[test]
fn zeros_of_what_stands_in_a_state_are_not_set() {
    let after = json!({"changeable_for_days": 0, "min_retention_days": 7, "max_retention_days": 0, "backup_vault_name": "v"});
    let root = plan(json!([row("aws_backup_vault_lock_configuration.v", after, json!({}))]), json!({}));
    assert_eq!(root.declared[0].attributes.keys().collect::<Vec<_>>(), ["backup_vault_name", "min_retention_days"]);
    assert_eq!(root.declared[0].place.region, Observed::Absent);
}
