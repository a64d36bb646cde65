"""Reads the project's test server with boto3, which is built on AWS's published models, and compares with the world file.

Usage: boto3_check.py TEST_SERVER WORLD.json, with boto3 installed. Everything runs on 127.0.0.1.
"""

import datetime
import json
import sys
import urllib.request

from boto3_client import code, epoch, everything, names, plain, same, seen, serving, session, without


def check(client, unit):
    backup, kms = client("backup"), client("kms")
    same("caller", client("sts").get_caller_identity(), unit["Caller"])

    vaults = everything(backup, "list_backup_vaults", "BackupVaultList")
    assert [vault["BackupVaultName"] for vault in vaults] == [vault["BackupVaultName"] for vault in unit["BackupVaults"]]
    points = 0
    for vault in unit["BackupVaults"]:
        name = vault["BackupVaultName"]
        got = same(f"vault {name}", backup.describe_backup_vault(BackupVaultName=name), vault)
        assert got.get("Locked") == vault["Locked"] and got.get("LockDate") == vault.get("LockDate"), got
        for member, call in [
            ("AccessPolicy", backup.get_backup_vault_access_policy),
            ("Notifications", backup.get_backup_vault_notifications),
        ]:
            if vault[member] is None:
                assert code(call, BackupVaultName=name) == "ResourceNotFoundException"
            else:
                same(f"{member} of {name}", call(BackupVaultName=name), vault[member])
        tags, page = {}, {"NextToken": None}
        while "NextToken" in page:
            token = {"NextToken": page["NextToken"]} if page["NextToken"] else {}
            page = backup.list_tags(ResourceArn=vault["BackupVaultArn"], **token)
            tags.update(page["Tags"])
        assert tags == vault["Tags"], tags
        got = everything(backup, "list_recovery_points_by_backup_vault", "RecoveryPoints", BackupVaultName=name)
        expected = [point for point in unit["RecoveryPoints"] if point["BackupVaultName"] == name]
        assert len(got) == len(expected)
        same(f"points of {name}", got, expected)
        points += len(got)
    assert points == len(unit["RecoveryPoints"])
    assert code(backup.describe_backup_vault, BackupVaultName="no-such-vault") == "AccessDeniedException"

    plans = everything(backup, "list_backup_plans", "BackupPlansList")
    assert [plan["BackupPlanId"] for plan in plans] == [plan["BackupPlanId"] for plan in unit["BackupPlans"]]
    for plan in unit["BackupPlans"]:
        id = plan["BackupPlanId"]
        got = same(f"plan {id}", backup.get_backup_plan(BackupPlanId=id), plan)
        assert len(got["BackupPlan"]["Rules"]) == len(plan["BackupPlan"]["Rules"])
        listed = everything(backup, "list_backup_selections", "BackupSelectionsList", BackupPlanId=id)
        assert [item["SelectionId"] for item in listed] == [item["SelectionId"] for item in plan["Selections"]]
        for selection in plan["Selections"]:
            got = backup.get_backup_selection(BackupPlanId=id, SelectionId=selection["SelectionId"])
            got = same(f"selection {selection['SelectionId']}", got, selection)
            assert got["BackupSelection"]["IamRoleArn"] == selection["BackupSelection"]["IamRoleArn"]
        assert backup.list_tags(ResourceArn=plan["BackupPlanArn"])["Tags"] == plan["Tags"]

    for operation, member, wire in [
        ("list_protected_resources", "ProtectedResources", "Results"),
        ("list_backup_jobs", "BackupJobs", "BackupJobs"),
        ("list_copy_jobs", "CopyJobs", "CopyJobs"),
        ("list_restore_jobs", "RestoreJobs", "RestoreJobs"),
    ]:
        got = everything(backup, operation, wire)
        assert len(got) == len(unit[member]), member
        same(member, got, unit[member])
    same("Region settings", backup.describe_region_settings(), unit["RegionSettings"])
    same("global settings", backup.describe_global_settings(), unit["GlobalSettings"])
    same("resource types", backup.get_supported_resource_types(), unit["SupportedResourceTypes"])

    resources = everything(client("resourcegroupstaggingapi"), "get_resources", "ResourceTagMappingList")
    assert plain(resources) == unit["Resources"], resources

    for key in unit["Keys"]:
        # Not every key is of this Region.
        kms, arn = client("kms", key["Arn"].split(":")[3]), key["Arn"]
        got = same(f"key {arn}", kms.describe_key(KeyId=arn)["KeyMetadata"], key)
        assert got["KeyState"] == key["KeyState"]
        if key.get("KeyRotationEnabled") is None:
            assert code(kms.get_key_rotation_status, KeyId=arn) in ("UnsupportedOperationException", "AccessDeniedException")
        else:
            assert kms.get_key_rotation_status(KeyId=arn)["KeyRotationEnabled"] == key["KeyRotationEnabled"]
        if "Policy" in key:
            assert kms.get_key_policy(KeyId=arn, PolicyName="default")["Policy"] == key["Policy"]
        if "Aliases" in key:
            same(f"aliases of {arn}", everything(kms, "list_aliases", "Aliases", KeyId=arn), key["Aliases"])


# What is listed, and then looked at one by one: the list's operation, the collection, its identity; the other operation, the
# member that wraps its answer, and a member that only it shows.
GOVERNANCE = [
    ("list_scan_jobs", "ScanJobs", "ScanJobId", None, None, None),
    ("list_report_plans", "ReportPlans", "ReportPlanName", None, None, None),
    ("list_frameworks", "Frameworks", "FrameworkName", "describe_framework", None, "FrameworkControls"),
    ("list_legal_holds", "LegalHolds", "LegalHoldId", "get_legal_hold", None, "RecoveryPointSelection"),
    (
        *("list_tiering_configurations", "TieringConfigurations", "TieringConfigurationName"),
        *("get_tiering_configuration", "TieringConfiguration", "ResourceSelection"),
    ),
    (
        *("list_restore_testing_plans", "RestoreTestingPlans", "RestoreTestingPlanName"),
        *("get_restore_testing_plan", "RestoreTestingPlan", "RecoveryPointSelection"),
    ),
]


def check_governance(client, unit):
    backup = client("backup")
    for plan in unit["BackupPlans"]:
        id = plan["BackupPlanId"]
        versions = lambda: everything(backup, "list_backup_plan_versions", "BackupPlanVersionsList", BackupPlanId=id)
        seen(f"versions of {id}", plan, "Versions", versions)
    for listing, member, identity, getting, wrapping, shown in GOVERNANCE:
        listed = everything(backup, listing, member)
        assert names(listed, identity) == names(unit[member], identity) and not any(shown in item for item in listed)
        same(member, listed, unit[member])
        for item in unit[member] if getting else []:
            got = getattr(backup, getting)(**{identity: item[identity]})
            got = same(f"{getting} {item[identity]}", got[wrapping] if wrapping else got, item)
            assert len(got[shown]) == len(item[shown]), got
    for plan in unit["RestoreTestingPlans"]:
        name = {"RestoreTestingPlanName": plan["RestoreTestingPlanName"]}
        listed = everything(backup, "list_restore_testing_selections", "RestoreTestingSelections", **name)
        assert names(listed, "RestoreTestingSelectionName") == names(plan["Selections"], "RestoreTestingSelectionName")
        for selection in plan["Selections"]:
            arguments = dict(name, RestoreTestingSelectionName=selection["RestoreTestingSelectionName"])
            got = backup.get_restore_testing_selection(**arguments)["RestoreTestingSelection"]
            got = same(f"restore testing selection {arguments}", got, selection)
            for member in ("ProtectedResourceArns", "ProtectedResourceConditions"):
                assert got.get(member) == selection.get(member), got
    assert code(backup.get_restore_testing_plan, RestoreTestingPlanName="no_such") == "ResourceNotFoundException"
    for vault in unit["ReferencedVaults"]:
        _, _, _, region, account, _, name = vault["BackupVaultArn"].split(":", 6)
        there = client("backup", region)
        arguments = {} if account == unit["Account"] else {"BackupVaultAccountId": account}
        same(f"vault {name} elsewhere", there.describe_backup_vault(BackupVaultName=name, **arguments), vault)
        refused = code(there.describe_backup_vault, BackupVaultName=name, BackupVaultAccountId="123456789012")
        assert refused in ("AccessDeniedException", "UnrecognizedClientException"), refused


def check_watch(client, unit):
    for key in unit["Keys"]:
        kms, arn = client("kms", key["Arn"].split(":")[3]), key["Arn"]
        seen(f"grants of {arn}", key, "Grants", lambda: everything(kms, "list_grants", "Grants", KeyId=arn))

    sns = client("sns")
    for topic in unit["Topics"]:
        arn = topic["TopicArn"]
        attributes = {name: value for name, value in topic.items() if name != "Subscriptions"}
        assert sns.get_topic_attributes(TopicArn=arn)["Attributes"] == attributes, arn
        subscriptions = lambda: everything(sns, "list_subscriptions_by_topic", "Subscriptions", TopicArn=arn)
        seen(f"subscriptions of {arn}", topic, "Subscriptions", subscriptions)
    gone = f"arn:aws:sns:{unit['Region']}:{unit['Account']}:gone"
    assert code(sns.get_topic_attributes, TopicArn=gone) == "NotFound"

    cloudwatch = client("cloudwatch")
    both = {"AlarmTypes": ["MetricAlarm", "CompositeAlarm"]}
    alarms = everything(cloudwatch, "describe_alarms", "MetricAlarms", **both)
    composite = everything(cloudwatch, "describe_alarms", "CompositeAlarms", **both)
    assert names(alarms, "AlarmName") == names(unit["Alarms"], "AlarmName")
    assert names(composite, "AlarmName") == names(unit["CompositeAlarms"], "AlarmName")
    same("alarms", alarms, unit["Alarms"])
    same("composite alarms", composite, unit["CompositeAlarms"])
    assert everything(cloudwatch, "describe_alarms", "CompositeAlarms") == []
    same("metrics", everything(cloudwatch, "list_metrics", "Metrics", Namespace="AWS/Backup"), unit["Metrics"])
    assert everything(cloudwatch, "list_metrics", "Metrics", Namespace="AWS/EC2") == []

    events = client("events")
    rules = everything(events, "list_rules", "Rules")
    assert names(rules, "Name") == names(unit["EventRules"], "Name")
    same("event rules", rules, without(unit["EventRules"], "Targets"))
    for rule in unit["EventRules"]:
        got = everything(events, "list_targets_by_rule", "Targets", Rule=rule["Name"])
        assert names(got, "Id") == names(rule["Targets"], "Id")
        same(f"targets of {rule['Name']}", got, rule["Targets"])
    assert code(events.list_targets_by_rule, Rule="no-such") == "ResourceNotFoundException"

    cloudtrail = client("cloudtrail")
    trails = cloudtrail.describe_trails(includeShadowTrails=True)["trailList"]
    assert names(trails, "TrailARN") == names(unit["Trails"], "TrailARN")
    same("trails", trails, unit["Trails"])
    own = cloudtrail.describe_trails(includeShadowTrails=False)["trailList"]
    assert names(own, "Name") == [trail["Name"] for trail in unit["Trails"] if trail["HomeRegion"] == unit["Region"]]
    for trail in unit["Trails"]:
        arn = trail["TrailARN"]
        got = same(f"status of {arn}", cloudtrail.get_trail_status(Name=arn), trail["Status"])
        assert got["IsLogging"] == trail["Status"]["IsLogging"]
        for member in ("EventSelectors", "AdvancedEventSelectors"):
            if member in trail or not {"EventSelectors", "AdvancedEventSelectors"} & set(trail):
                seen(f"{member} of {arn}", trail, member, lambda: cloudtrail.get_event_selectors(TrailName=arn)[member])


def check_account(client, unit):
    iam = client("iam")
    for role in unit["Roles"]:
        name, got = role["RoleName"], iam.get_role(RoleName=role["RoleName"])["Role"]
        got["AssumeRolePolicyDocument"] = json.dumps(got["AssumeRolePolicyDocument"])
        expected = dict(role, CreateDate=epoch(role["CreateDate"]))
        if "RoleLastUsed" in role:
            expected["RoleLastUsed"] = dict(role["RoleLastUsed"], LastUsedDate=epoch(role["RoleLastUsed"]["LastUsedDate"]))
        same(f"role {name}", got, expected)
        attached = everything(iam, "list_attached_role_policies", "AttachedPolicies", RoleName=name)
        assert attached == without(role["AttachedPolicies"], "PolicyDocument"), attached
        for policy in role["AttachedPolicies"]:
            arn = policy["PolicyArn"]
            version = iam.get_policy(PolicyArn=arn)["Policy"]["DefaultVersionId"]
            document = iam.get_policy_version(PolicyArn=arn, VersionId=version)["PolicyVersion"]["Document"]
            assert document == json.loads(policy["PolicyDocument"]), arn
        inline = everything(iam, "list_role_policies", "PolicyNames", RoleName=name)
        assert inline == names(role["InlinePolicies"], "PolicyName"), inline
        for policy in role["InlinePolicies"]:
            got = iam.get_role_policy(RoleName=name, PolicyName=policy["PolicyName"])
            assert got["PolicyDocument"] == json.loads(policy["PolicyDocument"]), policy
    assert code(iam.get_role, RoleName="gone") == "NoSuchEntity"

    organizations, told = client("organizations"), unit["Organization"]
    same("organization", organizations.describe_organization()["Organization"], told["Organization"])
    policy = organizations.describe_effective_policy(PolicyType="BACKUP_POLICY")["EffectivePolicy"]
    same("effective policy", policy, told["EffectiveBackupPolicy"])
    accounts = everything(organizations, "list_accounts", "Accounts")
    assert names(accounts, "Id") == names(told["Accounts"], "Id")
    same("accounts", accounts, told["Accounts"])


def check_inventory(client, unit):
    dynamodb = client("dynamodb")
    assert everything(dynamodb, "list_tables", "TableNames") == names(unit["Tables"], "TableName")
    for table in unit["Tables"]:
        name, member = table["TableName"], "ContinuousBackupsDescription"
        seen(name, table, member, lambda: dynamodb.describe_continuous_backups(TableName=name)[member])
    assert code(dynamodb.describe_continuous_backups, TableName="no-such") == "TableNotFoundException"

    account, region = unit["Account"], unit["Region"]
    rds, ec2, s3 = client("rds"), client("ec2"), client("s3")
    reservations = everything(ec2, "describe_instances", "Reservations")
    instances = [instance["InstanceId"] for reservation in reservations for instance in reservation["Instances"]]
    volumes = names(everything(ec2, "describe_volumes", "Volumes"), "VolumeId")
    buckets = everything(s3, "list_buckets", "Buckets", BucketRegion=region, PaginationConfig={"PageSize": 2})
    got = {
        "RDS": names(everything(rds, "describe_db_instances", "DBInstances"), "DBInstanceArn"),
        "Aurora": names(everything(rds, "describe_db_clusters", "DBClusters"), "DBClusterArn"),
        "EC2": [f"arn:aws:ec2:{region}:{account}:instance/{id}" for id in instances],
        "EBS": [f"arn:aws:ec2:{region}:{account}:volume/{id}" for id in volumes],
        "EFS": names(everything(client("efs"), "describe_file_systems", "FileSystems"), "FileSystemArn"),
        "S3": [f"arn:aws:s3:::{bucket['Name']}" for bucket in buckets],
        "FSx": names(everything(client("fsx"), "describe_file_systems", "FileSystems"), "ResourceARN"),
    }
    for entry in unit["Inventory"]:
        kind = entry["ResourceType"]
        assert got.pop(kind) == names(entry["Resources"], "ResourceArn"), kind
    assert got == {}, got
    assert len(everything(s3, "list_buckets", "Buckets")) >= len(buckets)


def check_refusals(client):
    """Every protocol's way of saying no, as boto3 understands it. The server is told to refuse all of it."""
    json_services = [
        *("backup list_frameworks", "dynamodb list_tables", "fsx describe_file_systems", "efs describe_file_systems"),
        *("organizations list_accounts", "events list_rules", "cloudtrail describe_trails"),
    ]
    expected = {
        "AccessDeniedException": json_services,
        "AccessDenied": ["cloudwatch describe_alarms", "rds describe_db_instances", "s3 list_buckets"],
        "UnauthorizedOperation": ["ec2 describe_volumes"],
    }
    for expected, calls in expected.items():
        for service, operation in map(str.split, calls):
            assert code(getattr(client(service), operation)) == expected, service
    assert code(client("iam").get_role, RoleName="r") == "AccessDenied"
    assert code(client("sns").get_topic_attributes, TopicArn="arn:aws:sns:a:b:c") == "AuthorizationError"


def check_accounts(url, world):
    """Roles are assumed in accounts that have a unit, and the keys say which account asks."""
    home, other = world["Units"][0], world["Units"][-1]
    sts = session().client("sts", endpoint_url=url)
    role = f"arn:aws:iam::{other['Account']}:role/path/Audit"
    assumed = {"RoleArn": role, "RoleSessionName": "night"}
    assert code(sts.assume_role, **assumed) == "AccessDenied"
    assumed["ExternalId"] = world["ExternalId"]
    assert code(sts.assume_role, **dict(assumed, RoleArn="arn:aws:iam::123456789012:role/Audit")) == "AccessDenied"
    keys = sts.assume_role(**assumed)["Credentials"]
    assert keys["Expiration"] > datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(minutes=50)
    there = session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
    got = there.client("sts", endpoint_url=url).get_caller_identity()
    assert got["Arn"] == f"arn:aws:sts::{other['Account']}:assumed-role/Audit/night", got
    regions = everything(there.client("account", endpoint_url=url), "list_regions", "Regions")
    assert names(regions, "RegionName") == [other["Region"]], regions
    vaults = there.client("backup", region_name=other["Region"], endpoint_url=url).list_backup_vaults()
    assert names(vaults["BackupVaultList"], "BackupVaultName") == names(other["BackupVaults"], "BackupVaultName")
    elsewhere = there.client("backup", region_name=home["Region"], endpoint_url=url)
    assert code(elsewhere.list_backup_vaults) == "UnrecognizedClientException"
    organizations = there.client("organizations", endpoint_url=url)
    assert code(organizations.describe_organization) == "AWSOrganizationsNotInUseException"


def check_windows(backup, unit):
    """Recovery points by date: those of the world, and those that a vault's $Points make."""
    points = [point for point in unit["RecoveryPoints"] if point["BackupVaultName"] == "main"]
    time = datetime.datetime.fromtimestamp(1750000003, datetime.timezone.utc)
    read = lambda vault, **window: everything(
        backup, "list_recovery_points_by_backup_vault", "RecoveryPoints", BackupVaultName=vault, **window
    )
    after, before = read("main", ByCreatedAfter=time), read("main", ByCreatedBefore=time)
    assert after and before and len(after) + len(before) == len(points), (len(after), len(before))
    assert all(point["CreationDate"] > time for point in after)

    bulk = read("bulk")
    assert len(bulk) == len({point["RecoveryPointArn"] for point in bulk}) == 50
    assert backup.describe_backup_vault(BackupVaultName="bulk")["NumberOfRecoveryPoints"] == 50
    times = [point["CreationDate"] for point in bulk]
    assert times == sorted(times) and len({point["ResourceArn"] for point in bulk}) == 7
    for at in (0, 20, 49):
        # Points at the bound itself are on neither side.
        assert read("bulk", ByCreatedAfter=times[at]) == [point for point in bulk if point["CreationDate"] > times[at]]
        assert read("bulk", ByCreatedBefore=times[at]) == [point for point in bulk if point["CreationDate"] < times[at]]
    middle = read("bulk", ByCreatedAfter=times[10], ByCreatedBefore=times[20])
    assert middle == bulk[11:20], len(middle)
    burst = [point["CreationDate"] for point in read("burst")]
    late = times[0] + (datetime.datetime.fromisoformat("2024-04-10T00:00:00Z") - times[0]) * 0.99
    assert sum(time >= late for time in burst) == 45, burst


def grown(world):
    """The world with what only the server understands: made-up recovery points, and an account that is entered with a role."""
    world = json.loads(json.dumps(world))
    world["ExternalId"] = "tell-nobody"
    home = world["Units"][0]
    for name, shape in (("bulk", "even"), ("burst", "burst")):
        vault = {name: value for name, value in home["BackupVaults"][0].items() if name != "NumberOfRecoveryPoints"}
        arn = f"arn:aws:backup:{home['Region']}:{home['Account']}:backup-vault:{name}"
        points = {"Count": 50, "From": "2024-01-01T00:00:00Z", "To": "2024-04-10T00:00:00Z", "Resources": 7, "Shape": shape}
        vault.update({"BackupVaultName": name, "BackupVaultArn": arn, "$Points": points})
        home["BackupVaults"].append(vault)
    other = dict(world["Units"][1], Account="444455556666", Organization=None)
    world["Units"].append(other)
    return world


def main():
    binary, path = sys.argv[1:]
    world = json.load(open(path))
    home = world["Units"][0]["Region"]
    with serving(binary, world) as (url, client):
        regions = everything(client("account", "us-east-1"), "list_regions", "Regions")
        assert names(regions, "RegionName") == names(world["Units"], "Region")
        for unit in world["Units"]:
            here = lambda service, at=None, of=unit["Region"]: client(service, at or of)
            check(here, unit)
            check_governance(here, unit)
            check_watch(here, unit)
            check_account(here, unit)
            check_inventory(here, unit)
        assert code(client("backup", "us-east-1").list_backup_vaults) == "UnrecognizedClientException"
        stats = json.load(urllib.request.urlopen(f"{url}/__stats"))
        assert stats["Throttled"] == 0 and stats["Operations"]["fsx:DescribeFileSystems"]["Answered"] > 0, stats
    more = grown(world)
    with serving(binary, more) as (url, client):
        check_accounts(url, more)
        check_windows(client("backup", home), more["Units"][0])
    with serving(binary, world, {"operation": "*", "fault": "AccessDenied"}) as (url, client):
        check_refusals(lambda service: client(service, home))
    limit = {"operation": "backup:*", "fault": "Limited", "rate": 3}
    with serving(binary, world, limit) as (url, client):
        backup = client("backup", home)
        codes = [code(backup.list_backup_vaults) for _ in range(5)] + [code(client("kms", home).list_grants, KeyId="x")]
        assert codes == [None] * 3 + ["ThrottlingException"] * 2 + ["NotFoundException"], codes
    print("boto3: the test server speaks as AWS's models say")


main()
