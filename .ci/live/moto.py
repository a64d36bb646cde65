"""Collects from moto and checks what came back: what moto has, member for member; what it lacks, as a failure in the ledger.

Usage: moto.py BACKSTOP, with moto[server] and boto3 installed. Everything runs on 127.0.0.1.
"""

import hashlib
import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

from moto_seed import HOME, OTHER, REGION, THIRD, client, seed

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_SESSION_TOKEN": "testing-session-token",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_REGION": REGION,
    # moto answers 500 to what it does not know; waiting does not help.
    "AWS_MAX_ATTEMPTS": "1",
}

# Operations that moto lacks, in whatever unit they are asked: they are failed, and nothing is said in their place.
LACKING = {
    "backup": {
        *("DescribeGlobalSettings", "DescribeRegionSettings", "GetBackupVaultAccessPolicy", "GetBackupVaultNotifications"),
        *("GetSupportedResourceTypes", "ListBackupJobs", "ListBackupPlanVersions", "ListBackupSelections", "ListCopyJobs"),
        *("ListFrameworks", "ListLegalHolds", "ListProtectedResources", "ListRecoveryPointsByBackupVault", "ListRestoreJobs"),
        *("ListRestoreTestingPlans", "ListScanJobs", "ListTieringConfigurations"),
    },
    # moto has alarms and metrics, and does not speak the protocol that AWS's SDK for Rust chooses.
    "cloudwatch": {"DescribeAlarms", "ListMetrics"},
    "organizations": {"DescribeEffectivePolicy"},
}
# What these name is told by operations that moto lacks.
UNASKED = {
    "backup": {
        *("DescribeFramework", "GetBackupSelection", "GetLegalHold", "GetRestoreTestingPlan", "GetRestoreTestingSelection"),
        *("GetTieringConfiguration", "ListRestoreTestingSelections"),
    },
    "iam": {"GetRole"},
    "sns": {"GetTopicAttributes"},
}
# Keys may be named by recovery points, roles by selections, topics by alarms and notifications, none of which moto tells.
COMPLETE = {
    *("BackupVaults", "BackupPlans", "ReferencedVaults", "Resources", "Tables", "Inventory", "EventRules", "Trails"),
    *("ReportPlans", "Organization"),
}


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def start_moto(port):
    log = tempfile.TemporaryFile()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    # `-m` looks into the working directory first, where this file could be taken for the package.
    server = subprocess.Popen(command, stdout=log, stderr=log, cwd=tempfile.gettempdir())
    for _ in range(120):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/moto-api/data.json", timeout=1).read()
            return server
        except OSError:
            time.sleep(0.5)
    server.kill()
    sys.exit("moto did not start")


def collect(backstop, url, directory, *arguments):
    path = pathlib.Path(directory) / "snapshot.json"
    path.unlink(missing_ok=True)
    environment = {**ENVIRONMENT, "AWS_ENDPOINT_URL": url, "HOME": directory, "PATH": os.environ["PATH"]}
    command = [backstop, "collect", *arguments, "-o", str(path)]
    run = subprocess.run(command, env=environment, capture_output=True, text=True)
    if not path.exists():
        return run, None
    text = path.read_text()
    assert "testing-session-token" not in text
    return run, json.loads(text)


def names(items, member):
    return [item[member] for item in items]


def operations(unit, outcome):
    found = {}
    for call in unit["Calls"]:
        if call["Outcome"] == outcome:
            found.setdefault(call["Service"], set()).add(call["Operation"])
    return found


def check_ledger(units):
    home, _, theirs, _ = units
    assert operations(home, "failed") == LACKING, operations(home, "failed")
    assert operations(home, "skipped") == UNASKED, operations(home, "skipped")
    assert set(home["Complete"]) == COMPLETE, home["Complete"]
    # moto finds a trail's selectors in the trail's own Region only, and says elsewhere that there is no such trail.
    elsewhere = {**LACKING, "cloudtrail": {"GetEventSelectors"}}
    for unit in units:
        for outcome, of in (("failed", elsewhere), ("skipped", UNASKED)):
            for service, found in operations(unit, outcome).items():
                assert found <= of.get(service, set()), (unit["Account"], unit["Region"], outcome, service, found)
        assert not {call["Outcome"] for call in unit["Calls"]} - {"ok", "failed", "skipped"}
    assert operations(theirs, "ok")["sts"] == {"AssumeRole", "GetCallerIdentity"}
    assert operations(home, "ok")["sts"] == {"GetCallerIdentity"}


def check_silence(unit):
    """Nothing stands where moto said nothing: nothing that reads as if there were none."""
    for vault in unit["BackupVaults"]:
        assert "AccessPolicy" not in vault and "Notifications" not in vault, vault
    for plan in unit["BackupPlans"]:
        assert "Selections" not in plan and "Versions" not in plan, plan
    for member in ("RegionSettings", "GlobalSettings", "SupportedResourceTypes"):
        assert member not in unit, member
    assert "EffectiveBackupPolicy" not in unit["Organization"]
    told = {*COMPLETE, "Keys"}
    lists = {name for name, value in unit.items() if isinstance(value, list)} - {"Calls", "Complete"}
    for name in lists - told:
        assert unit[name] == [], name


def check_backup(home, other, seeded):
    key, beyond = seeded["key"], seeded["beyond"]
    locked, plain = home["BackupVaults"]
    assert locked["BackupVaultName"] == "locked" and locked["Locked"] is True and plain["Locked"] is False
    assert (locked["MinRetentionDays"], locked["MaxRetentionDays"]) == (30, 365) and locked["LockDate"] > 1.7e9
    assert locked["EncryptionKeyArn"] == key["Arn"] == plain["EncryptionKeyArn"]
    # moto 5.2 takes a resource's ARN for the last but one part of the path, which it is only with the trailing slash that
    # the Rust SDK leaves out, and so returns no tags. Tags are checked against our own server.
    assert locked["Tags"] == {}
    assert names(other["BackupVaults"], "BackupVaultName") == ["elsewhere"]

    (plan,) = home["BackupPlans"]
    assert plan["BackupPlanId"] == seeded["plan"]["BackupPlanId"]
    (rule,) = plan["BackupPlan"]["Rules"]
    assert rule["Lifecycle"] == {"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 120}
    destinations = [action["DestinationBackupVaultArn"].split(":")[3] for action in rule["CopyActions"]]
    assert destinations == [OTHER, THIRD]
    assert names(home["ReferencedVaults"], "EncryptionKeyArn") == [beyond["Arn"]]
    assert names(home["ReportPlans"], "ReportPlanName") == ["nightly_report"] and other["ReportPlans"] == []

    assert names(home["Keys"], "Arn") == [key["Arn"], beyond["Arn"]] and names(other["Keys"], "Arn") == [key["Arn"]]
    for described in (home["Keys"][0], other["Keys"][0]):
        assert described["KeyRotationEnabled"] is True and json.loads(described["Policy"])["Statement"]
        assert names(described["Aliases"], "AliasName") == ["alias/vault"]
        (grant,) = described["Grants"]
        assert grant["GrantId"] == seeded["grant"] and grant["Operations"] == ["Decrypt", "CreateGrant"], grant
    away = home["Keys"][1]
    assert away["KeyRotationEnabled"] is False and away["Grants"] == away["Aliases"] == []


def check_watch(home, other):
    (rule,) = home["EventRules"]
    assert rule["Name"] == "failed-jobs" and json.loads(rule["EventPattern"])["source"] == ["aws.backup"]
    assert rule["Targets"] == [{"Id": "topic", "Arn": f"arn:aws:sns:{REGION}:{HOME}:alarms"}], rule
    assert other["EventRules"] == []
    # One trail for all Regions, seen from a Region that is not its own as well.
    for unit in (home, other):
        (trail,) = unit["Trails"]
        assert trail["Name"] == "audit" and trail["HomeRegion"] == REGION and trail["IsMultiRegionTrail"] is True
        assert trail["Status"]["IsLogging"] is True
    # moto keeps selectors where they were put, and says null elsewhere.
    (selector,) = home["Trails"][0]["EventSelectors"]
    assert selector["IncludeManagementEvents"] is True and selector["ReadWriteType"] == "WriteOnly", selector


def inventory(unit):
    assert all(entry["Complete"] is True for entry in unit["Inventory"]), unit["Inventory"]
    return {entry["ResourceType"]: set(names(entry["Resources"], "ResourceArn")) for entry in unit["Inventory"]}


def check_resources(home, other, seeded):
    tagged = {resource["ResourceARN"]: resource["Tags"] for resource in home["Resources"]}
    table = f"arn:aws:dynamodb:{REGION}:{HOME}:table/orders"
    assert tagged[table] == [{"Key": "backup", "Value": "yes"}], tagged
    recovery = {}
    for table in home["Tables"]:
        description = table["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
        recovery[table["TableName"]] = description["PointInTimeRecoveryStatus"]
    assert recovery == {"orders": "ENABLED", "untagged": "DISABLED"}, recovery
    assert inventory(home) == seeded["inventory"], home["Inventory"]
    there = {**dict.fromkeys(seeded["inventory"], set()), "S3": {"arn:aws:s3:::there"}}
    assert inventory(other) == there and other["Tables"] == [], other["Inventory"]


def check_member(theirs, also_theirs, seeded):
    """Through the role, the other account is seen and nothing of the first one."""
    assert theirs["Caller"]["Arn"].startswith(f"arn:aws:sts::{seeded['member']}:assumed-role/Audit/"), theirs["Caller"]
    assert names(theirs["BackupVaults"], "BackupVaultName") == ["theirs"] and also_theirs["BackupVaults"] == []
    for unit in (theirs, also_theirs):
        for member in ("BackupPlans", "Resources", "Tables", "EventRules", "Trails", "ReportPlans", "Keys"):
            assert unit[member] == [], (member, unit[member])
        assert not any(inventory(unit).values()), unit["Inventory"]


def check_accounts(backstop, url, directory, seeded):
    run, document = collect(
        *(backstop, url, directory, "--region", REGION, "--region", OTHER, "--inventory", "all"),
        *("--account", HOME, "--account", seeded["member"], "--role", "Audit"),
    )
    assert run.returncode == 0, run
    print(run.stderr, end="")
    units = sorted(document["Units"], key=lambda unit: (unit["Account"] != HOME, unit["Region"]))
    places = [(account, region) for account in (HOME, seeded["member"]) for region in (REGION, OTHER)]
    assert [(unit["Account"], unit["Region"]) for unit in units] == places
    home, other, theirs, also_theirs = units
    assert home["Caller"]["Account"] == HOME and home["Caller"]["Arn"].startswith("arn:aws:")
    check_ledger(units)
    for unit in units:
        check_silence(unit)
        assert unit["Organization"]["Organization"]["MasterAccountId"] == HOME and "Accounts" not in unit["Organization"]
    check_backup(home, other, seeded)
    check_watch(home, other)
    check_resources(home, other, seeded)
    check_member(theirs, also_theirs, seeded)


def check_organization(backstop, url, directory, seeded):
    run, document = collect(backstop, url, directory, "--region", REGION, "--organization", "--role", "Audit")
    assert run.returncode == 0, run
    units = {unit["Account"]: unit for unit in document["Units"]}
    assert set(units) == {HOME, seeded["member"]}
    assert names(units[HOME]["Organization"]["Accounts"], "Id") == [HOME, seeded["member"]]
    # Only the first account is asked for the list; the types that were not asked for are in no inventory.
    assert "Accounts" not in units[seeded["member"]]["Organization"]
    assert units[HOME]["Inventory"] == [] and "Inventory" not in units[HOME]["Complete"]
    # moto does not tell which Regions there are, which is no reason to look into none.
    run, document = collect(backstop, url, directory, "--all-regions")
    assert run.returncode == 5 and document is None and "ListRegions" in run.stderr, run


def check_history(backstop, url, directory):
    """Two nights in a bucket whose objects nobody may change: the second is compared with the first."""
    s3 = client("s3", url)
    place = {"LocationConstraint": REGION}
    s3.create_bucket(Bucket="audits", CreateBucketConfiguration=place, ObjectLockEnabledForBucket=True)
    retention = {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 1}}
    lock = {"ObjectLockEnabled": "Enabled", "Rule": retention}
    s3.put_object_lock_configuration(Bucket="audits", ObjectLockConfiguration=lock)
    environment = {**ENVIRONMENT, "AWS_ENDPOINT_URL": url, "HOME": directory, "PATH": os.environ["PATH"]}

    def audit(*arguments):
        report = pathlib.Path(directory) / "report.json"
        command = [backstop, "audit", *arguments, "--history", "s3://audits/nights", "--baseline", "latest"]
        run = subprocess.run([*command, "--output", f"json={report}"], env=environment, capture_output=True, text=True)
        assert run.returncode in (0, 1, 3), run
        return run, json.loads(report.read_text())

    first, _ = audit("--region", REGION)
    assert "The history holds no former result" in first.stdout, first
    second, report = audit("--region", REGION)
    assert "The history holds no former result" not in second.stdout, second
    objects = {item["Key"]: item["Size"] for item in s3.list_objects_v2(Bucket="audits", Prefix="nights/")["Contents"]}
    pointer = json.loads(s3.get_object(Bucket="audits", Key="nights/latest.json")["Body"].read())
    assert len(objects) == 4 and {"nights/latest.json", "nights/history.json"} < set(objects), objects
    kept = s3.get_object(Bucket="audits", Key=f"nights/{pointer['result']}")["Body"].read()
    assert hashlib.sha256(kept).hexdigest() == pointer["sha256"] and pointer["as_of"] == report["as_of"], pointer
    # No version but the pointer's was ever put a second time.
    versions = names(s3.list_object_versions(Bucket="audits")["Versions"], "Key")
    assert sorted(versions) == sorted([*objects, "nights/latest.json"]), versions


def main():
    backstop = str(pathlib.Path(sys.argv[1]).resolve())
    port = free_port()
    server = start_moto(port)
    try:
        url = f"http://127.0.0.1:{port}"
        seeded = seed(url)
        with tempfile.TemporaryDirectory() as directory:
            check_accounts(backstop, url, directory, seeded)
            check_organization(backstop, url, directory, seeded)
            check_history(backstop, url, directory)
    finally:
        server.terminate()
        server.wait()
    print("moto: collected as seeded, and two nights kept in a bucket")


main()
