//! The rows of what AWS Backup can back up: enough to tell which selections reach it. DynamoDB's tables stand in `around`.

use super::{Form::*, Kind, Row, row};

pub const KINDS: &[Kind] = &[
    of("aws_cloudformation_stack", BY_NAME),
    of("aws_db_instance", DATABASE),
    of("aws_docdb_cluster", CLUSTER),
    of("aws_dsql_cluster", BY_ID),
    of("aws_ebs_volume", BY_ID),
    of("aws_efs_file_system", BY_ID),
    of("aws_eks_cluster", BY_NAME),
    of("aws_fsx_lustre_file_system", BY_ID),
    of("aws_fsx_ontap_file_system", BY_ID),
    of("aws_fsx_openzfs_file_system", BY_ID),
    of("aws_fsx_windows_file_system", BY_ID),
    of("aws_instance", BY_ID),
    of("aws_neptune_cluster", CLUSTER),
    of("aws_rds_cluster", CLUSTER_WITH_ENGINE),
    of("aws_redshift_cluster", CLUSTER),
    of("aws_redshiftserverless_namespace", BY_ID),
    of("aws_s3_bucket", BUCKET),
    of("aws_storagegateway_cached_iscsi_volume", BY_ID),
    of("aws_storagegateway_stored_iscsi_volume", BY_ID),
    of("aws_timestreamwrite_table", BY_ID),
];

/// AWS Backup's names for the types, and what declares resources of them. Of the last two, Terraform declares none.
pub const TYPES: [(&str, &[&str]); 19] = [
    ("Aurora", &["aws_rds_cluster"]),
    ("Aurora DSQL", &["aws_dsql_cluster"]),
    ("CloudFormation", &["aws_cloudformation_stack"]),
    ("DocumentDB", &["aws_docdb_cluster"]),
    ("DynamoDB", &["aws_dynamodb_table"]),
    ("EBS", &["aws_ebs_volume"]),
    ("EC2", &["aws_instance"]),
    ("EFS", &["aws_efs_file_system"]),
    ("EKS", &["aws_eks_cluster"]),
    ("FSx", &["aws_fsx_lustre_file_system", "aws_fsx_ontap_file_system", "aws_fsx_openzfs_file_system", "aws_fsx_windows_file_system"]),
    ("Neptune", &["aws_neptune_cluster"]),
    ("RDS", &["aws_db_instance"]),
    ("Redshift", &["aws_redshift_cluster"]),
    ("Redshift Serverless", &["aws_redshiftserverless_namespace"]),
    ("S3", &["aws_s3_bucket"]),
    ("Storage Gateway", &["aws_storagegateway_cached_iscsi_volume", "aws_storagegateway_stored_iscsi_volume"]),
    ("Timestream", &["aws_timestreamwrite_table"]),
    ("SAP HANA on Amazon EC2", &[]),
    ("VirtualMachine", &[]),
];

const fn of(name: &'static str, rows: &'static [Row]) -> Kind {
    Kind { name, collection: "Resources", rows }
}

const ARN: Row = row("arn", "ResourceARN", Apart);
const TAGS: Row = row("tags", "Tags", Apart);
const TAGS_ALL: Row = row("tags_all", "Tags", Tags);

const BY_ID: &[Row] = &[ARN, row("id", "ResourceARN", Apart), TAGS, TAGS_ALL];
const BY_NAME: &[Row] = &[ARN, row("name", "ResourceARN", Apart), TAGS, TAGS_ALL];
const DATABASE: &[Row] = &[ARN, row("identifier", "ResourceARN", Apart), TAGS, TAGS_ALL];
const CLUSTER: &[Row] = &[ARN, row("cluster_identifier", "ResourceARN", Apart), TAGS, TAGS_ALL];
/// The engine tells Aurora's clusters from those of RDS.
const CLUSTER_WITH_ENGINE: &[Row] = &[ARN, row("cluster_identifier", "ResourceARN", Apart), row("engine", "", Apart), TAGS, TAGS_ALL];
const BUCKET: &[Row] = &[ARN, row("bucket", "ResourceARN", Apart), TAGS, TAGS_ALL];
