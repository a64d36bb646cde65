"""Reads the project's test server with boto3, which is built on AWS's published models, and compares with the world file.

Usage: boto3_check.py TEST_SERVER WORLD.json, with boto3 installed. Everything runs on 127.0.0.1.
"""

import datetime
import json
import os
import subprocess
import sys

for name in [name for name in os.environ if name.startswith("AWS_")]:
    del os.environ[name]

import boto3
import botocore.exceptions
import botocore.loaders
import botocore.session


class Loader(botocore.loaders.Loader):
    """Newer botocore speaks CBOR to the tagging API; the collector's SDK speaks JSON, which AWS serves as well."""

    def load_service_model(self, service_name, type_name, api_version=None):
        model = super().load_service_model(service_name, type_name, api_version)
        if service_name == "resourcegroupstaggingapi" and type_name == "service-2":
            model["metadata"].update(protocol="json", protocols=["json"])
        return model


def session():
    core = botocore.session.get_session()
    core.register_component("data_loader", Loader())
    return boto3.Session(
        aws_access_key_id="test", aws_secret_access_key="test", region_name="us-east-1", botocore_session=core
    )


def plain(value):
    """boto3's values as the world file writes them."""
    if isinstance(value, datetime.datetime):
        return round(value.timestamp(), 3)
    if isinstance(value, dict):
        return {key: plain(member) for key, member in value.items() if key != "ResponseMetadata"}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def known(value, by):
    """The world's value without the members that AWS's models, and so boto3, do not know."""
    if isinstance(value, dict) and isinstance(by, dict):
        return {key: known(member, by.get(key)) for key, member in value.items() if key in by}
    if isinstance(value, list) and isinstance(by, list) and len(value) == len(by):
        return [known(item, other) for item, other in zip(value, by)]
    return round(value, 3) if isinstance(value, float) else value


def same(what, got, expected):
    got = plain(got)
    if got != known(expected, got):
        sys.exit(f"{what}: boto3 read\n{json.dumps(got, indent=1)}\nand the world holds\n{json.dumps(expected, indent=1)}")
    return got


def everything(client, operation, member, **arguments):
    pages = client.get_paginator(operation).paginate(**arguments)
    return [item for page in pages for item in page[member]]


def code(call, **arguments):
    try:
        call(**arguments)
    except botocore.exceptions.ClientError as error:
        return error.response["Error"]["Code"]
    return None



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
        tags, token = {}, None
        while True:
            page = backup.list_tags(ResourceArn=vault["BackupVaultArn"], **({"NextToken": token} if token else {}))
            tags.update(page["Tags"])
            token = page.get("NextToken")
            if not token:
                break
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


def main():
    binary, path = sys.argv[1:]
    world = json.load(open(path))
    server = subprocess.Popen([binary, path, "--page-size", "2"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        url = server.stdout.readline().strip()
        aws = session()
        regions = everything(aws.client("account", endpoint_url=url), "list_regions", "Regions")
        assert [region["RegionName"] for region in regions] == [unit["Region"] for unit in world["Units"]]
        for unit in world["Units"]:
            region = unit["Region"]
            check(lambda service, at=region: aws.client(service, region_name=at, endpoint_url=url), unit)
        assert code(aws.client("backup", endpoint_url=url).list_backup_vaults) == "UnrecognizedClientException"
    finally:
        server.stdin.close()
        server.wait()
    print("boto3: the test server speaks as AWS's models say")


main()
