//! What a resource is called once it is there: its ARN, name and id, as far as AWS's rules tell them beforehand.
//! Where they do not, the Terraform address stands in their place: it is stable, and says what it is.

use super::inventory::Thing;
use crate::snapshot::Arn;
use crate::terraform::mapping;

/// Each is told by AWS, follows from the rules, or holds the address.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Identity {
    pub arn: String,
    pub name: String,
    pub id: String,
    /// Whether the name is the resource's own.
    pub is_named: bool,
}

/// What an attribute is of its resource's identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    Arn,
    Name,
    Id,
}

impl Identity {
    pub fn part(&self, part: Part) -> &str {
        match part {
            Part::Arn => &self.arn,
            Part::Name => &self.name,
            Part::Id => &self.id,
        }
    }
}

/// What tells a resource apart before it is there.
pub struct Known<'a> {
    pub arn: Option<String>,
    pub name: Option<String>,
    pub id: Option<String>,
    /// Of roles and policies; `None` where it is not known.
    pub path: Option<String>,
    /// Of a rule of EventBridge; `None` where it is not known.
    pub bus: Option<String>,
    /// What names a key: of a replica, what names its primary.
    pub key_id: Option<String>,
    pub is_fifo: bool,
    pub thing: &'a Thing<'a>,
}

/// Those that have an identity; all others are parts of something else.
const OWN: [&str; 20] = [
    "aws_backup_framework",
    "aws_backup_logically_air_gapped_vault",
    "aws_backup_plan",
    "aws_backup_report_plan",
    "aws_backup_restore_testing_plan",
    "aws_backup_selection",
    "aws_backup_vault",
    "aws_cloudtrail",
    "aws_cloudwatch_composite_alarm",
    "aws_cloudwatch_event_rule",
    "aws_cloudwatch_metric_alarm",
    "aws_dynamodb_table",
    "aws_ecs_cluster",
    "aws_iam_policy",
    "aws_iam_role",
    "aws_kms_alias",
    "aws_kms_key",
    "aws_kms_replica_key",
    "aws_sns_topic",
    "aws_sns_topic_subscription",
];

/// What the attribute is of the identity of a resource of this type.
pub fn part(kind: &str, attribute: &str) -> Option<Part> {
    let part = match (kind, attribute) {
        // Of what is backed up, only the ARN is ever referred to in what is read.
        _ if is_protected(kind) => return (attribute == "arn").then_some(Part::Arn),
        _ if !OWN.contains(&kind) => return None,
        ("aws_backup_plan" | "aws_backup_selection", "name") => return None,
        ("aws_backup_selection", "arn") => return None,
        (_, "arn") => Part::Arn,
        ("aws_backup_plan" | "aws_backup_selection" | "aws_kms_key" | "aws_kms_replica_key", "id") => Part::Id,
        ("aws_kms_key" | "aws_kms_replica_key", "key_id") => Part::Id,
        ("aws_sns_topic" | "aws_sns_topic_subscription" | "aws_iam_policy" | "aws_cloudtrail" | "aws_ecs_cluster", "id") => Part::Arn,
        (_, "name" | "alarm_name" | "id") => Part::Name,
        _ => return None,
    };
    Some(part)
}

fn is_protected(kind: &str) -> bool {
    mapping::TYPES.iter().any(|(_, kinds)| kinds.contains(&kind)) && kind != "aws_dynamodb_table"
}

/// `None` where not even the address can stand for it: a replica whose primary is not known may share its key with another vault.
pub fn identity(known: Known) -> Option<Identity> {
    let Known { thing, .. } = known;
    let address = thing.declared.address.as_str();
    let is_named = known.name.is_some();
    let ending = if known.is_fifo && !is_named { ".fifo" } else { "" };
    let name = known.name.unwrap_or_else(|| format!("{address}{ending}"));
    let arn = |service: &str, resource: String| format!("arn:{}:{service}:{}:{}:{resource}", thing.partition, thing.region, thing.account);
    let with_path = |kind: &str| match &known.path {
        Some(path) if is_named => format!("{kind}{path}{name}"),
        _ => format!("{kind}/{address}"),
    };
    let id = known.id.unwrap_or_else(|| address.to_owned());
    let (derived, id) = match thing.kind.name {
        "aws_backup_vault" | "aws_backup_logically_air_gapped_vault" => (arn("backup", format!("backup-vault:{name}")), name.clone()),
        "aws_backup_plan" => (arn("backup", format!("backup-plan:{id}")), id),
        "aws_backup_framework" => (arn("backup", format!("framework:{address}")), name.clone()),
        "aws_backup_report_plan" => (arn("backup", format!("report-plan:{address}")), name.clone()),
        "aws_backup_restore_testing_plan" => (arn("backup", format!("restore-testing-plan:{address}")), name.clone()),
        "aws_kms_key" | "aws_kms_replica_key" => {
            let id = known.arn.as_deref().and_then(Arn::parse).map(|arn| arn.name().to_owned()).or(known.key_id)?;
            (arn("kms", format!("key/{id}")), id)
        }
        "aws_kms_alias" => (arn("kms", name.clone()), name.clone()),
        "aws_sns_topic" => (arn("sns", name.clone()), name.clone()),
        "aws_sns_topic_subscription" => (arn("sns", address.to_owned()), id),
        "aws_cloudwatch_metric_alarm" | "aws_cloudwatch_composite_alarm" => (arn("cloudwatch", format!("alarm:{name}")), name.clone()),
        "aws_cloudwatch_event_rule" => {
            let resource = match known.bus.as_deref() {
                Some("default") => format!("rule/{name}"),
                Some(bus) => format!("rule/{bus}/{name}"),
                None => format!("rule/{address}"),
            };
            (arn("events", resource), name.clone())
        }
        "aws_iam_role" => (format!("arn:{}:iam::{}:{}", thing.partition, thing.account, with_path("role")), name.clone()),
        "aws_iam_policy" => (format!("arn:{}:iam::{}:{}", thing.partition, thing.account, with_path("policy")), name.clone()),
        "aws_dynamodb_table" => (arn("dynamodb", format!("table/{name}")), name.clone()),
        "aws_ecs_cluster" => (arn("ecs", format!("cluster/{name}")), name.clone()),
        "aws_s3_bucket" => (format!("arn:{}:s3:::{name}", thing.partition), id),
        "aws_db_instance" => (arn("rds", format!("db:{name}")), id),
        "aws_rds_cluster" | "aws_docdb_cluster" | "aws_neptune_cluster" => (arn("rds", format!("cluster:{name}")), id),
        "aws_redshift_cluster" => (arn("redshift", format!("cluster:{name}")), id),
        "aws_redshiftserverless_namespace" => (arn("redshift-serverless", format!("namespace/{id}")), id),
        "aws_ebs_volume" => (arn("ec2", format!("volume/{id}")), id),
        "aws_instance" => (arn("ec2", format!("instance/{id}")), id),
        "aws_efs_file_system" => (arn("elasticfilesystem", format!("file-system/{id}")), id),
        "aws_eks_cluster" => (arn("eks", format!("cluster/{name}")), id),
        "aws_dsql_cluster" => (arn("dsql", format!("cluster/{id}")), id),
        "aws_cloudformation_stack" => (arn("cloudformation", format!("stack/{name}/{address}")), id),
        "aws_timestreamwrite_table" => (arn("timestream", format!("database/{address}/table/{address}")), id),
        kind if kind.starts_with("aws_fsx_") => (arn("fsx", format!("file-system/{id}")), id),
        kind if kind.starts_with("aws_storagegateway_") => (arn("storagegateway", format!("gateway/{address}/volume/{address}")), id),
        "aws_cloudtrail" => (arn("cloudtrail", format!("trail/{name}")), name.clone()),
        // What has no ARN stands for itself in the table of origins.
        _ => (address.to_owned(), id),
    };
    Some(Identity { arn: known.arn.unwrap_or(derived), name, id, is_named })
}

/// The type of a managed resource, out of its address: `aws_kms_key` of `module.a["x.y"].aws_kms_key.vault[0]`.
pub fn resource_type(address: &str) -> Option<&str> {
    let mut rest = address;
    while let Some(inside) = rest.strip_prefix("module.") {
        rest = after_step(inside)?;
    }
    let kind = rest.split('.').next()?;
    (kind != "data").then_some(kind)
}

/// What follows a module's name and key. A quoted key may hold dots, brackets and quotes that are escaped.
fn after_step(text: &str) -> Option<&str> {
    let (mut quoted, mut escaped) = (false, false);
    for (at, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '.' if !quoted => return text.get(at + 1..),
            _ => {}
        }
    }
    None
}

/// The partition of a Region.
pub fn partition(region: &str) -> &'static str {
    match region.split_once('-') {
        Some(("cn", _)) => "aws-cn",
        Some(("us", rest)) if rest.starts_with("gov-") => "aws-us-gov",
        _ => "aws",
    }
}
