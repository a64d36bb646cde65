"""Collects from moto and checks what came back: what moto has, member for member; what it lacks, as a failure in the ledger.

Usage: moto.py BACKSTOP, with moto[server] and boto3 installed. Everything runs on 127.0.0.1.
"""

import json
import os
import pathlib
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request

import boto3

REGION, OTHER = "eu-central-1", "eu-west-1"
ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_SESSION_TOKEN": "testing-session-token",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_REGION": REGION,
    # moto answers 500 to what it does not know; waiting does not help.
    "AWS_MAX_ATTEMPTS": "1",
}

# Operations that moto lacks, and the collections that must therefore not be called complete.
LACKING = {
    "GetBackupVaultAccessPolicy": None,
    "GetBackupVaultNotifications": None,
    "ListBackupSelections": None,
    "ListRecoveryPointsByBackupVault": "RecoveryPoints",
    "ListProtectedResources": "ProtectedResources",
    "ListBackupJobs": "BackupJobs",
    "ListCopyJobs": "CopyJobs",
    "ListRestoreJobs": "RestoreJobs",
    "DescribeRegionSettings": "RegionSettings",
    "DescribeGlobalSettings": "GlobalSettings",
    "GetSupportedResourceTypes": "SupportedResourceTypes",
}


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def start_moto(port):
    log = tempfile.TemporaryFile()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(command, stdout=log, stderr=log)
    for _ in range(120):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/moto-api/data.json", timeout=1).read()
            return server
        except OSError:
            time.sleep(0.5)
    server.kill()
    sys.exit("moto did not start")


def client(service, url, region=REGION):
    return boto3.client(
        service, region_name=region, endpoint_url=url, aws_access_key_id="testing", aws_secret_access_key="testing"
    )


def seed(url):
    kms, backup, dynamodb = client("kms", url), client("backup", url), client("dynamodb", url)
    key = kms.create_key(Description="vault")["KeyMetadata"]
    kms.enable_key_rotation(KeyId=key["KeyId"])
    kms.create_alias(AliasName="alias/vault", TargetKeyId=key["KeyId"])
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
    }
    plan = backup.create_backup_plan(
        BackupPlan={"BackupPlanName": "daily", "Rules": [rule]}, BackupPlanTags={"team": "data"}
    )
    dynamodb.create_table(
        TableName="orders",
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        Tags=[{"Key": "backup", "Value": "yes"}],
    )
    client("backup", url, OTHER).create_backup_vault(BackupVaultName="elsewhere", EncryptionKeyArn=key["Arn"])
    return key, plan


def collect(backstop, url, directory):
    path = pathlib.Path(directory) / "snapshot.json"
    environment = {**ENVIRONMENT, "AWS_ENDPOINT_URL": url, "HOME": directory, "PATH": os.environ["PATH"]}
    command = [backstop, "collect", "--region", REGION, "--region", OTHER, "-o", str(path)]
    run = subprocess.run(command, env=environment, capture_output=True, text=True)
    print(run.stderr, end="")
    assert run.returncode == 0, run
    text = path.read_text()
    assert "testing-session-token" not in text
    return json.loads(text)


def check(document, key, plan):
    home, other = document["Units"]
    assert (home["Region"], other["Region"]) == (REGION, OTHER)
    assert home["Account"] == "123456789012" and home["Caller"]["Arn"].startswith("arn:aws:")

    locked, plain = home["BackupVaults"]
    assert locked["BackupVaultName"] == "locked" and locked["Locked"] is True
    assert (locked["MinRetentionDays"], locked["MaxRetentionDays"]) == (30, 365) and locked["LockDate"] > 1.7e9
    assert locked["EncryptionKeyArn"] == key["Arn"] == plain["EncryptionKeyArn"]
    # moto 5.2 takes a resource's ARN for the last but one part of the path, which it is only with the trailing slash that
    # the Rust SDK leaves out, and so returns no tags. Tags are checked against our own server.
    assert locked["Tags"] == {}
    assert [vault["BackupVaultName"] for vault in other["BackupVaults"]] == ["elsewhere"]

    (collected,) = home["BackupPlans"]
    assert collected["BackupPlanId"] == plan["BackupPlanId"]
    (rule,) = collected["BackupPlan"]["Rules"]
    assert rule["Lifecycle"] == {"MoveToColdStorageAfterDays": 30, "DeleteAfterDays": 120}

    for unit in (home, other):
        (described,) = unit["Keys"]
        assert described["Arn"] == key["Arn"] and described["KeyRotationEnabled"] is True
        assert json.loads(described["Policy"])["Statement"]
        assert [alias["AliasName"] for alias in described["Aliases"]] == ["alias/vault"]

    tagged = {resource["ResourceARN"]: resource["Tags"] for resource in home["Resources"]}
    table = f"arn:aws:dynamodb:{REGION}:123456789012:table/orders"
    assert tagged[table] == [{"Key": "backup", "Value": "yes"}], tagged

    assert {"BackupVaults", "BackupPlans", "Resources"} <= set(home["Complete"])
    for operation, collection in LACKING.items():
        outcomes = {call["Outcome"] for call in home["Calls"] if call["Operation"] == operation}
        assert outcomes == {"failed"}, (operation, outcomes)
        assert collection not in home["Complete"], collection
    for vault in home["BackupVaults"]:
        assert "AccessPolicy" not in vault and "Notifications" not in vault, "nobody said that there are none"
    assert "Selections" not in collected and "RegionSettings" not in home


def main():
    backstop = str(pathlib.Path(sys.argv[1]).resolve())
    port = free_port()
    server = start_moto(port)
    try:
        url = f"http://127.0.0.1:{port}"
        key, plan = seed(url)
        with tempfile.TemporaryDirectory() as directory:
            check(collect(backstop, url, directory), key, plan)
    finally:
        server.terminate()
        server.wait()
    print("moto: collected as seeded")


main()
