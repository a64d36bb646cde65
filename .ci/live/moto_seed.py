"""Puts into moto something of everything that is collected and moto has, with what no listing may count in between."""

import json

import boto3

HOME = "123456789012"
REGION, OTHER, THIRD = "eu-central-1", "eu-west-1", "us-west-2"


def client(service, url, region=REGION, keys=("testing", "testing", None)):
    return boto3.client(
        service,
        region_name=region,
        endpoint_url=url,
        aws_access_key_id=keys[0],
        aws_secret_access_key=keys[1],
        aws_session_token=keys[2],
    )


def seed(url):
    """What the checks compare with, by name."""
    kms, backup = client("kms", url), client("backup", url)
    key = kms.create_key(Description="vault")["KeyMetadata"]
    kms.enable_key_rotation(KeyId=key["KeyId"])
    kms.create_alias(AliasName="alias/vault", TargetKeyId=key["KeyId"])
    grantee = f"arn:aws:iam::{HOME}:role/Writer"
    grant = kms.create_grant(KeyId=key["KeyId"], GranteePrincipal=grantee, Operations=["Decrypt", "CreateGrant"])
    backup.create_backup_vault(
        BackupVaultName="locked", EncryptionKeyArn=key["Arn"], BackupVaultTags={"environment": "production"}
    )
    backup.put_backup_vault_lock_configuration(
        BackupVaultName="locked", MinRetentionDays=30, MaxRetentionDays=365, ChangeableForDays=3
    )
    backup.create_backup_vault(BackupVaultName="plain", EncryptionKeyArn=key["Arn"])
    rule = {
        "RuleName": "nightly",
        "TargetBackupVaultName": "locked",
        "ScheduleExpression": "cron(0 5 ? * * *)",
        "Lifecycle": {"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 120},
        "CopyActions": [
            {"DestinationBackupVaultArn": f"arn:aws:backup:{OTHER}:{HOME}:backup-vault:elsewhere"},
            # Nothing else is observed in this Region, so that the vault and its key are looked up by their ARNs.
            {"DestinationBackupVaultArn": f"arn:aws:backup:{THIRD}:{HOME}:backup-vault:beyond"},
        ],
    }
    plan = backup.create_backup_plan(
        BackupPlan={"BackupPlanName": "daily", "Rules": [rule]}, BackupPlanTags={"team": "data"}
    )
    backup.create_report_plan(
        ReportPlanName="nightly_report",
        ReportDeliveryChannel={"S3BucketName": "reports", "Formats": ["CSV"]},
        ReportSetting={"ReportTemplate": "BACKUP_JOB_REPORT"},
    )
    client("backup", url, OTHER).create_backup_vault(BackupVaultName="elsewhere", EncryptionKeyArn=key["Arn"])
    beyond = client("kms", url, THIRD).create_key(Description="beyond")["KeyMetadata"]
    client("backup", url, THIRD).create_backup_vault(BackupVaultName="beyond", EncryptionKeyArn=beyond["Arn"])
    watch(url)
    named = {"key": key, "beyond": beyond, "grant": grant["GrantId"], "plan": plan}
    return {**named, "inventory": inventory(url), "member": organization(url)}


def organization(url):
    """A second account with a vault of its own. moto lets everybody assume every role."""
    organizations = client("organizations", url)
    organizations.create_organization(FeatureSet="ALL")
    member = organizations.create_account(Email="member@example.com", AccountName="member")["CreateAccountStatus"]["AccountId"]
    role = f"arn:aws:iam::{member}:role/Seed"
    keys = client("sts", url).assume_role(RoleArn=role, RoleSessionName="seed")["Credentials"]
    keys = (keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
    client("backup", url, REGION, keys).create_backup_vault(BackupVaultName="theirs")
    return member


def watch(url):
    """Who would hear of a failed backup, and what is logged. moto tells nobody which topics vaults and alarms name."""
    events = client("events", url)
    events.put_rule(Name="failed-jobs", EventPattern=json.dumps({"source": ["aws.backup"], "detail": {"state": ["FAILED"]}}))
    topic = client("sns", url).create_topic(Name="alarms")["TopicArn"]
    events.put_targets(Rule="failed-jobs", Targets=[{"Id": "topic", "Arn": topic}])
    events.put_rule(Name="other", EventPattern=json.dumps({"source": ["aws.ec2"]}))
    client("cloudwatch", url).put_metric_alarm(
        AlarmName="failed-jobs",
        Namespace="AWS/Backup",
        MetricName="NumberOfBackupJobsFailed",
        ComparisonOperator="GreaterThanThreshold",
        EvaluationPeriods=1,
        Period=3600,
        Threshold=0,
        Statistic="Sum",
        AlarmActions=[topic],
    )
    client("s3", url, "us-east-1").create_bucket(Bucket="trail-logs")
    cloudtrail = client("cloudtrail", url)
    cloudtrail.create_trail(Name="audit", S3BucketName="trail-logs", IsMultiRegionTrail=True)
    selector = {"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True}
    cloudtrail.put_event_selectors(TrailName="audit", EventSelectors=[selector])
    cloudtrail.start_logging(Name="audit")


def inventory(url):
    """Resources by AWS Backup's types, and what is of no type: members of clusters, engines that are others', what is gone."""
    rds, ec2, dynamodb = client("rds", url), client("ec2", url), client("dynamodb", url)
    instance = {"DBInstanceClass": "db.m5.large", "MasterUsername": "root", "MasterUserPassword": "not-a-secret"}
    database = rds.create_db_instance(
        DBInstanceIdentifier="single", Engine="postgres", AllocatedStorage=20, **instance
    )["DBInstance"]
    cluster = {"MasterUsername": "root", "MasterUserPassword": "not-a-secret"}
    aurora = rds.create_db_cluster(DBClusterIdentifier="aurora", Engine="aurora-postgresql", **cluster)["DBCluster"]
    rds.create_db_instance(
        DBInstanceIdentifier="member",
        DBClusterIdentifier="aurora",
        Engine="aurora-postgresql",
        DBInstanceClass="db.m5.large",
    )
    size = {"AllocatedStorage": 100, "StorageType": "io1", "Iops": 1000, "DBClusterInstanceClass": "db.m5d.large"}
    multi = rds.create_db_cluster(DBClusterIdentifier="multi", Engine="postgres", **size, **cluster)["DBCluster"]

    image = ec2.describe_images(Owners=["amazon"])["Images"][0]["ImageId"]
    running, gone = (
        ec2.run_instances(ImageId=image, MinCount=1, MaxCount=1)["Instances"][0]["InstanceId"] for _ in range(2)
    )
    ec2.terminate_instances(InstanceIds=[gone])
    ec2.create_volume(AvailabilityZone=REGION + "a", Size=8)
    volumes = [volume["VolumeId"] for volume in ec2.describe_volumes()["Volumes"]]

    for bucket, region in (("here", REGION), ("there", OTHER)):
        s3 = client("s3", url, region)
        s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": region})

    for name, tags in (("orders", [{"Key": "backup", "Value": "yes"}]), ("untagged", [])):
        dynamodb.create_table(
            TableName=name,
            KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
            Tags=tags,
        )
    dynamodb.update_continuous_backups(
        TableName="orders", PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )
    efs = client("efs", url).create_file_system(CreationToken="files")
    subnet = ec2.describe_subnets()["Subnets"][0]["SubnetId"]
    fsx = client("fsx", url).create_file_system(FileSystemType="LUSTRE", StorageCapacity=1200, SubnetIds=[subnet])
    arn = f"arn:aws:ec2:{REGION}:{HOME}:"
    return {
        "RDS": {database["DBInstanceArn"], multi["DBClusterArn"]},
        "Aurora": {aurora["DBClusterArn"]},
        "EC2": {f"{arn}instance/{running}"},
        "EBS": {f"{arn}volume/{volume}" for volume in volumes},
        "EFS": {efs["FileSystemArn"]},
        "FSx": {fsx["FileSystem"]["ResourceARN"]},
        "S3": {"arn:aws:s3:::here"},
    }
