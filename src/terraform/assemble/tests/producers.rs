//! Plan, HCL and state of one root give the same snapshot, but for what only AWS tells, and what a plan leaves out.

use std::collections::BTreeSet;

use super::*;
use crate::terraform::{Inputs, evaluate, read_plan, read_state};

/// Of each producer its own.
const SOURCE: &str = "Source";

/// What a plan does not tell: what `dynamic` blocks refer to, what goes through a module's variable, and what AWS computes.
const NOT_IN_A_PLAN: [&str; 7] = [
    "Alarms.AlarmActions",
    "BackupPlans.BackupPlan.Rules.CopyActions.DestinationBackupVaultArn",
    "BackupPlans.BackupPlan.Rules.CopyActions.Lifecycle.OptInToArchiveForSupportedResources",
    "CompositeAlarms.AlarmActions",
    "RegionSettings.ResourceTypeManagementPreference",
    "Roles.InlinePolicies.PolicyDocument",
    "Topics.Policy",
];

/// What AWS makes up when the root is applied, and the documents that name it.
const ONLY_AFTER_APPLY: [&str; 14] = [
    "BackupPlans.BackupPlanArn",
    "BackupPlans.BackupPlanId",
    "BackupPlans.Selections.SelectionId",
    "BackupVaults.EncryptionKeyArn",
    "BackupVaults.EncryptionKeyType",
    "Frameworks.FrameworkArn",
    "Keys.Arn",
    "Keys.KeyId",
    "ReportPlans.ReportPlanArn",
    "RestoreTestingPlans.RestoreTestingPlanArn",
    "Topics.KmsMasterKeyId",
    "Topics.Subscriptions.SubscriptionArn",
    "Trails.KmsKeyId",
    "Roles.InlinePolicies.PolicyDocument",
];

/// The paths, without indexes, at which two documents differ.
fn differences(one: &Json, two: &Json, at: &str, found: &mut BTreeSet<String>) {
    let is_unknown = |value: &Json| value.get(snapshot::UNKNOWN).is_some();
    match (one, two) {
        _ if one == two => {}
        (Json::Object(a), Json::Object(b)) if !is_unknown(one) && !is_unknown(two) => {
            for key in a.keys().chain(b.keys()).collect::<BTreeSet<_>>() {
                let of = |map: &serde_json::Map<String, Json>| map.get(key).cloned().unwrap_or_default();
                differences(&of(a), &of(b), &format!("{at}.{key}"), found);
            }
        }
        (Json::Array(a), Json::Array(b)) if a.len() == b.len() => {
            a.iter().zip(b).for_each(|(a, b)| differences(a, b, at, found));
        }
        _ => _ = found.insert(at.trim_start_matches(".Units.").to_owned()),
    }
}

fn compared(one: &Assembled, two: &Assembled, expected: &[&[&str]]) {
    let mut found = BTreeSet::new();
    differences(&one.document, &two.document, "", &mut found);
    let expected: BTreeSet<&str> = expected.iter().copied().flatten().copied().chain([SOURCE]).collect();
    let stray: Vec<&String> = found.iter().filter(|path| !expected.contains(path.as_str())).collect();
    assert!(stray.is_empty(), "{stray:#?}");
}

#[test]
fn plan_state_and_hcl_of_one_root_are_one_snapshot() {
    let directory = Path::new("fixtures/terraform");
    let plan = read_plan(&directory.join("prod.plan.json")).unwrap();
    let raw = read_state(&directory.join("prod.tfstate")).unwrap();
    let shown = read_state(&directory.join("prod.state.json")).unwrap();
    let hcl = evaluate(&directory.join("root/environments/prod"), &Inputs::default()).unwrap().root;
    for options in [Options::default(), whole()] {
        let [plan, raw, hcl] = [&plan, &raw, &hcl].map(|root| assemble(root, &options).unwrap());
        // Without the providers' names, a state that is shown tells no account of what has no ARN.
        let shown = assemble(&shown, &Options { account: Some(ACCOUNT.to_owned()), ..options.clone() }).unwrap();
        assert_eq!(read(&plan).units.len(), 3);
        compared(&plan, &hcl, &[&NOT_IN_A_PLAN]);
        compared(&raw, &hcl, &[&ONLY_AFTER_APPLY, &NOT_IN_A_PLAN]);
        compared(&raw, &shown, &[]);
        compared(&plan, &raw, &[&ONLY_AFTER_APPLY, &NOT_IN_A_PLAN]);
    }
}
