//! Recovery points for benches: a vault's `$Points` says how many and over which time, and each point is made from its number when
//! it is sent. Pages are text from the start; nothing is kept in memory.

use std::fmt::Write;
use std::ops::Range;

use serde_json::{Value, json};

use super::points::Window;
use super::world::{list, millis, text};

/// How the points lie in time; their times rise with their numbers either way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    Even,
    /// Nine in ten points in the last hundredth of the time.
    Burst,
}

#[derive(Debug)]
pub struct Synthetic {
    count: u64,
    /// Milliseconds since 1970.
    from: i64,
    to: i64,
    resources: u64,
    shape: Shape,
    /// Days after which they are deleted.
    days: i64,
    /// What stands before the number in a point's ARN and in its resource's, and the members that all points have alike.
    point: String,
    resource: String,
    alike: String,
}

impl Synthetic {
    /// `None`: the vault holds no `$Points`.
    pub fn new(unit: &Value, vault: &Value) -> Option<Synthetic> {
        let asked = vault.get("$Points")?;
        let (account, region, name) = (text(unit, "Account"), text(unit, "Region"), text(vault, "BackupVaultName"));
        let partition = unit["Partition"].as_str().unwrap_or("aws");
        let number = |name: &str| asked[name].as_u64();
        let time = |name: &str| millis(text(asked, name)).unwrap_or_else(|| panic!("'$Points' wants a time in '{name}'"));
        let (maker, lifecycle) = maker(unit, name);
        let alike = json!({
            "BackupVaultName": name,
            "BackupVaultArn": vault["BackupVaultArn"],
            "ResourceType": "DynamoDB",
            "CreatedBy": maker,
            "IamRoleArn": format!("arn:{partition}:iam::{account}:role/backup"),
            "Status": "COMPLETED",
            "Lifecycle": lifecycle,
            "EncryptionKeyArn": vault["EncryptionKeyArn"],
            "EncryptionKeyType": "CUSTOMER_MANAGED_KMS_KEY",
            "IsEncrypted": true,
            "IsParent": false,
            "VaultType": "BACKUP_VAULT",
            "IndexStatus": "DELETED",
        });
        Some(Synthetic {
            count: number("Count").expect("'$Points' wants a Count"),
            from: time("From"),
            to: time("To"),
            resources: number("Resources").unwrap_or(1).max(1),
            shape: if text(asked, "Shape") == "burst" { Shape::Burst } else { Shape::Even },
            days: lifecycle["DeleteAfterDays"].as_i64().unwrap_or(36_500),
            // Vaults of one account must not hold points of one ARN.
            point: format!("arn:{partition}:backup:{region}:{account}:recovery-point:{:08x}-0000-4000-8000-", hash(name)),
            resource: format!("arn:{partition}:dynamodb:{region}:{account}:table/bench-"),
            alike: alike.to_string().trim_start_matches('{').to_owned(),
        })
    }

    pub fn count(vault: &Value) -> Option<u64> {
        vault.get("$Points")?["Count"].as_u64()
    }

    /// The numbers of the points in the window.
    pub fn within(&self, window: Window) -> Range<u64> {
        let start = self.first(|time| !window.is_before(time));
        start..self.first(|time| window.is_behind(time)).max(start)
    }

    /// The points as a list in JSON.
    pub fn page(&self, numbers: Range<u64>) -> String {
        let mut out = String::with_capacity(2 + (numbers.end - numbers.start) as usize * (self.alike.len() + 512));
        out.push('[');
        for number in numbers.clone() {
            if number != numbers.start {
                out.push(',');
            }
            let (created, table) = (self.time(number), number % self.resources);
            let (seconds, rest) = (created / 1000, created % 1000);
            let (point, resource) = (&self.point, &self.resource);
            let written = write!(
                out,
                "{{\"RecoveryPointArn\":\"{point}{number:012x}\",\"ResourceArn\":\"{resource}{table:06}\",\"ResourceName\":\"bench-{table:06}\",\
                 \"CreationDate\":{seconds}.{rest:03},\"InitiationDate\":{seconds}.{rest:03},\"CompletionDate\":{}.{rest:03},\
                 \"BackupSizeInBytes\":{},\"CalculatedLifecycle\":{{\"DeleteAt\":{}.{rest:03}}},{}",
                seconds + 240,
                1_048_576 + number * 997,
                seconds + self.days * 86_400,
                self.alike
            );
            written.expect("it is written to memory");
        }
        out.push(']');
        out
    }

    /// When a point was created, in milliseconds since 1970.
    fn time(&self, number: u64) -> i64 {
        let (span, first) = (self.to - self.from, self.count / 10);
        let last = span / 100;
        match self.shape {
            Shape::Even => self.from + scaled(span, number, self.count),
            Shape::Burst if number < first => self.from + scaled(span - last, number, first),
            Shape::Burst => self.to - last + scaled(last, number - first, self.count - first),
        }
    }

    /// The number of the first point whose time is so; times rise, so that halving finds it.
    fn first(&self, is_so: impl Fn(i64) -> bool) -> u64 {
        let (mut low, mut high) = (0, self.count);
        while low < high {
            let middle = low + (high - low) / 2;
            if is_so(self.time(middle)) { high = middle } else { low = middle + 1 }
        }
        low
    }
}

/// `number / count` of the span.
fn scaled(span: i64, number: u64, count: u64) -> i64 {
    (i128::from(span) * i128::from(number) / i128::from(count.max(1))) as i64
}

/// Who makes the vault's points and for how long: the first plan rule that writes into it, or one that is made up.
fn maker(unit: &Value, vault: &str) -> (Value, Value) {
    let plans = list(unit, "BackupPlans").iter();
    let mut rules = plans.flat_map(|plan| list(&plan["BackupPlan"], "Rules").iter().map(move |rule| (plan, rule)));
    let nobody = (&Value::Null, &Value::Null);
    let (plan, rule) = rules.find(|(_, rule)| text(rule, "TargetBackupVaultName") == vault).unwrap_or(nobody);
    let or = |object: &Value, name: &str, made_up: &str| object[name].as_str().unwrap_or(made_up).to_owned();
    let maker = json!({
        "BackupPlanId": or(plan, "BackupPlanId", "bench-plan"),
        "BackupPlanArn": or(plan, "BackupPlanArn", "arn:aws:backup:us-east-1:000000000000:backup-plan:bench-plan"),
        "BackupPlanVersion": or(plan, "VersionId", "bench-version"),
        "BackupRuleId": or(rule, "RuleId", "bench-rule"),
    });
    let lifecycle = if rule["Lifecycle"].is_object() { rule["Lifecycle"].clone() } else { json!({"DeleteAfterDays": 3650}) };
    (maker, lifecycle)
}

/// FNV-1a.
fn hash(text: &str) -> u32 {
    text.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
