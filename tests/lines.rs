//! The fixture root, judged by its own state and by its HCL alone: each finding is at the line that causes it.

use std::collections::BTreeSet;
use std::fs;
use std::process::Command;

use serde_json::Value;

const ROOT: &str = "fixtures/terraform/root";

/// The rule, whom it judges, and the line, however it is aligned.
const WANTED: [(&str, &str, &str); 14] = [
    ("cold-storage/excluded-by-lock", "tattoo-directory-prod / weekly", "max_retention_days = var.backup_retention_days * 2"),
    ("cold-storage/minimum-90-days", "tattoo-directory-prod / daily", "delete_after = var.backup_retention_days"),
    ("vault-lock/retention-out-of-range", "tattoo-directory-prod / weekly", "delete_after = local.weekly_retention_days"),
    ("vault-lock/minimum-retention", "tattoo-directory-prod", "min_retention_days = 1"),
    ("vault-lock/missing", "tattoo-directory-prod-replica", "resource \"aws_backup_vault\" \"replica\" {"),
    ("vault-access/manual-deletion-allowed", "tattoo-directory-prod", "policy = data.aws_iam_policy_document.vault.json"),
    ("vault-access/manual-deletion-allowed", "tattoo-directory-prod-replica", "resource \"aws_backup_vault\" \"replica\" {"),
    (
        "selection/unsupported-type",
        "tattoo-directory-prod / ecs",
        "resources = [\"arn:${data.aws_partition.current.partition}:ecs:*:*:cluster/*\"]",
    ),
    ("notification/event-missing", "tattoo-directory-prod", "backup_vault_events = ["),
    ("alarm/no-heartbeat", "tattoo-directory-prod", "resource \"aws_backup_vault\" \"main\" {"),
    ("schedule/rules-collide", "tattoo-directory-prod", "schedule = var.daily_schedule"),
    ("encryption/key-rotation-off", "alias/tattoo-directory-prod-backup-replica", "enable_key_rotation = var.enable_key_rotation"),
    ("account/dynamodb-pitr-off", "tattoo-directory-prod-sessions", "enabled = recovery.value.enabled"),
    ("trail/not-covering", "444455556666", "provider \"aws\" {"),
];

fn report(arguments: &[&str]) -> Value {
    let root = format!("{ROOT}/environments/prod");
    let mut command = Command::new(env!("CARGO_BIN_EXE_backstop"));
    command.args(["audit", "--assume-complete", "--terraform", &root, "--output", "json=-"]).args(arguments);
    let output = command.output().unwrap();
    serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", String::from_utf8_lossy(&output.stderr)))
}

fn line(declaration: &Value) -> String {
    let text = fs::read_to_string(declaration["file"].as_str().unwrap()).unwrap();
    let line = text.lines().nth(declaration["line"].as_u64().unwrap() as usize - 1).unwrap();
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn each_contradiction_of_the_root_is_found_at_its_line() {
    for arguments in [&["--terraform-state", "fixtures/terraform/prod.tfstate"][..], &[]] {
        let report = report(arguments);
        let failures = report["findings"].as_array().unwrap().iter().filter(|finding| finding["verdict"] == "fail");
        let found: BTreeSet<(&str, &str, String)> = failures
            .map(|finding| {
                assert!(finding["declaration"].is_object(), "it has no line: {finding}");
                (finding["rule"].as_str().unwrap(), finding["subject"]["name"].as_str().unwrap(), line(&finding["declaration"]))
            })
            .collect();
        for (rule, subject, line) in WANTED {
            assert!(found.contains(&(rule, subject, line.to_owned())), "{rule} of {subject} is not at '{line}': {found:#?}");
        }
    }
}
