"""What observing an account costs, against named baselines, over a server of our own on 127.0.0.1.

    cargo build --release --bins --example test_server && python3 benches/collect.py [regions|points|throttle|memory]...

- regions: 17 Regions, 15 of them empty, at 50 ms a request, against the longest chain of calls that depend on one another
- points: a vault of 100,000 recovery points at 50 ms a page of 1,000, against following one token chain
- throttle: a service that answers 100 requests a second, against that rate
- memory: 1,000,000 recovery points, and the most memory that the process had
"""

import http.client
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse

TARGET = pathlib.Path(os.environ.get("CARGO_TARGET_DIR", "target")) / "release"
ACCOUNT, HOME = "111122223333", "us-east-1"
LATENCY = 0.05
# By which calls each call is waited for. What is not here waits for the Region only.
WAITS_FOR = {
    "account:ListRegions": ["sts:GetCallerIdentity"],
    "backup:DescribeBackupVault": ["backup:ListBackupVaults"],
    "backup:GetBackupVaultAccessPolicy": ["backup:ListBackupVaults"],
    "backup:GetBackupVaultNotifications": ["backup:ListBackupVaults"],
    "backup:ListRecoveryPointsByBackupVault": ["backup:ListBackupVaults"],
    "backup:ListTags": ["backup:ListBackupVaults", "backup:ListBackupPlans"],
    "backup:GetBackupPlan": ["backup:ListBackupPlans"],
    "backup:ListBackupPlanVersions": ["backup:ListBackupPlans"],
    "backup:ListBackupSelections": ["backup:ListBackupPlans"],
    "backup:GetBackupSelection": ["backup:ListBackupSelections"],
    "kms:DescribeKey": ["backup:DescribeBackupVault"],
    "kms:GetKeyPolicy": ["kms:DescribeKey"],
    "kms:GetKeyRotationStatus": ["kms:DescribeKey"],
    "kms:ListAliases": ["kms:DescribeKey"],
    "kms:ListGrants": ["kms:DescribeKey"],
    "iam:GetRole": ["backup:GetBackupSelection"],
    "iam:ListAttachedRolePolicies": ["iam:GetRole"],
    "iam:ListRolePolicies": ["iam:GetRole"],
    "iam:GetPolicy": ["iam:ListAttachedRolePolicies"],
    "iam:GetPolicyVersion": ["iam:GetPolicy"],
    "sns:GetTopicAttributes": ["backup:GetBackupVaultNotifications", "cloudwatch:DescribeAlarms"],
}
REGION_WAITS_FOR = "account:ListRegions"


def unit(region, **members):
    empty = {name: [] for name in (
        "BackupVaults BackupPlans Keys Resources ProtectedResources BackupJobs CopyJobs RestoreJobs ScanJobs Frameworks ReportPlans "
        "RestoreTestingPlans LegalHolds TieringConfigurations Tables Inventory Topics Alarms CompositeAlarms Metrics EventRules Roles "
        "Trails RecoveryPoints"
    ).split()}
    settings = {
        "RegionSettings": {"ResourceTypeOptInPreference": {}, "ResourceTypeManagementPreference": {}},
        "GlobalSettings": {"GlobalSettings": {}},
        "SupportedResourceTypes": {"ResourceTypes": ["DynamoDB"]},
        "Organization": None,
    }
    return {"Account": ACCOUNT, "Region": region, "Source": "aws", "Complete": [], **empty, **settings, **members}


def key(region):
    arn = f"arn:aws:kms:{region}:{ACCOUNT}:key/11111111-aaaa-4aaa-8aaa-000000000001"
    return {"Arn": arn, "KeyId": arn.rsplit("/")[-1], "KeyManager": "CUSTOMER", "KeyState": "Enabled", "KeyRotationEnabled": True,
            "Policy": "{}", "Aliases": [], "Grants": []}


def vault(region, name, **members):
    return {"BackupVaultName": name, "BackupVaultArn": f"arn:aws:backup:{region}:{ACCOUNT}:backup-vault:{name}",
            "EncryptionKeyArn": key(region)["Arn"], "CreationDate": 1672531200, "NumberOfRecoveryPoints": 0, "Locked": False,
            "AccessPolicy": None, "Notifications": None, "Tags": {}, **members}


def plan(region):
    """A plan with a selection, and the role that it names with an attached policy: the longest chain there is."""
    arn = f"arn:aws:iam::{ACCOUNT}:role/backup"
    body = {"SelectionName": "all", "IamRoleArn": arn, "Resources": ["*"]}
    found = {"BackupPlanId": f"plan-{region}", "BackupPlanArn": f"arn:aws:backup:{region}:{ACCOUNT}:backup-plan:plan-{region}",
             "BackupPlan": {"BackupPlanName": "daily", "Rules": [{"RuleName": "daily", "TargetBackupVaultName": "vault-0"}]},
             "Selections": [{"SelectionId": "all", "SelectionName": "all", "IamRoleArn": arn, "BackupSelection": body}],
             "Tags": {}, "Versions": []}
    policy = {"PolicyArn": "arn:aws:iam::aws:policy/service-role/AWSBackupServiceRolePolicyForBackup",
              "PolicyName": "AWSBackupServiceRolePolicyForBackup", "PolicyDocument": "{}"}
    role = {"Arn": arn, "RoleName": "backup", "AssumeRolePolicyDocument": "{}", "AttachedPolicies": [policy], "InlinePolicies": []}
    return {"BackupPlans": [found], "Roles": [role]}


def points(count):
    asked = {"Count": count, "From": "2023-01-01T00:00:00Z", "To": "2026-06-30T00:00:00Z", "Resources": 500, "Shape": "even"}
    return unit(HOME, BackupVaults=[vault(HOME, "large", **{"$Points": asked, "NumberOfRecoveryPoints": count})], Keys=[key(HOME)])


class Serving:
    def __init__(self, units, latency=LATENCY, faults=()):
        self.folder = tempfile.TemporaryDirectory()
        path = pathlib.Path(self.folder.name)
        (path / "world.json").write_text(json.dumps({"Schema": "backstop/snapshot/1", "Units": units}))
        (path / "faults.json").write_text(json.dumps(list(faults)))
        command = [TARGET / "examples/test_server", path / "world.json", "--page-size", "1000", "--faults", path / "faults.json",
                   "--latency", str(round(latency * 1000))]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = self.process.stdout.readline().strip()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait()
        self.folder.cleanup()

    def get(self, path, **headers):
        connection = http.client.HTTPConnection(urllib.parse.urlparse(self.url).netloc)
        connection.request("GET", path, headers=headers)
        return json.loads(connection.getresponse().read())

    def collect(self, *arguments):
        """Seconds, the most memory in MiB, and the snapshot."""
        output = pathlib.Path(self.folder.name) / "snapshot.json"
        environment = {"AWS_ENDPOINT_URL": self.url, "AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench",
                       "AWS_EC2_METADATA_DISABLED": "true", "HOME": self.folder.name, "AWS_REGION": HOME}
        began = time.monotonic()
        run = subprocess.Popen([TARGET / "backstop", "collect", "-o", output, *arguments], env=environment,
                               stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        # What wait4 tells as the most memory begins with this process's own.
        most = 0
        while run.poll() is None:
            try:
                status = pathlib.Path(f"/proc/{run.pid}/status").read_text()
                most = max([most, *(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM"))])
            except OSError:
                pass
            time.sleep(0.002)
        seconds = time.monotonic() - began
        assert run.returncode == 0, run.stderr.read()
        return seconds, most / 1024, output


def chain(document):
    """Requests in the longest chain of calls that depend on one another, and their names."""
    longest = (0, [])
    for observed in document["Units"]:
        pages = {}
        for call in observed["Calls"]:
            if call["Outcome"] == "ok":
                action = f"{call['Service']}:{call['Operation']}"
                pages[action] = max(pages.get(action, 0), call["Pages"], 1)

        def before(action):
            if action == "sts:GetCallerIdentity":
                return (pages.get(action, 1), [action])
            waits = [name for name in WAITS_FOR.get(action, [REGION_WAITS_FOR]) if name in pages] or [REGION_WAITS_FOR]
            length, names = max(before(name) for name in waits)
            return (length + pages.get(action, 0), names + [action])

        longest = max([longest, *(before(action) for action in pages)])
    return longest


def regions():
    names = [HOME, "us-west-2", *(f"eu-bench-{number}" for number in range(1, 16))]
    units = [unit(name) for name in names]
    for full in units[:2]:
        region = full["Region"]
        full["BackupVaults"] = [vault(region, f"vault-{number}") for number in range(4)]
        full["Keys"] = [key(region)]
        full.update(plan(region))
    with Serving(units) as server:
        runs = []
        for _ in range(5):
            seconds, _, output = server.collect("--all-regions")
            runs.append(seconds)
        length, names = chain(json.loads(output.read_text()))
        best = length * LATENCY
        seconds = statistics.median(runs)
        print(f"regions: 17 Regions in {seconds:.2f} s; the longest chain has {length} requests, {best:.2f} s: {seconds / best:.2f} times that")
        print("  " + " > ".join(names))


def follow(server, size):
    """One token chain, by a client that does nothing else."""
    connection = http.client.HTTPConnection(urllib.parse.urlparse(server.url).netloc)
    scope = f"AWS4-HMAC-SHA256 Credential=bench/20260630/{HOME}/backup/aws4_request, SignedHeaders=host, Signature=0"
    listed, token, began = set(), None, time.monotonic()
    while True:
        query = {"maxResults": size, **({"nextToken": token} if token else {})}
        connection.request("GET", "/backup-vaults/large/recovery-points?" + urllib.parse.urlencode(query), headers={"Authorization": scope})
        page = json.loads(connection.getresponse().read())
        listed.update(point["RecoveryPointArn"] for point in page["RecoveryPoints"])
        token = page.get("NextToken")
        if not token:
            return time.monotonic() - began, listed


def large():
    with Serving([points(100_000)]) as server:
        runs = [server.collect()[0] for _ in range(5)]
        _, _, output = server.collect()
        collected = [point["RecoveryPointArn"] for point in json.loads(output.read_text())["Units"][0]["RecoveryPoints"]]
        one, listed = follow(server, 1000)
        assert len(collected) == len(set(collected)) and set(collected) == listed, "not the same points"
        seconds = statistics.median(runs)
        print(f"points: the whole run of 100,000 points in {seconds:.2f} s; one token chain {one:.2f} s: {one / seconds:.1f} times faster, the same points")


def throttle(rate=100, vaults=1000):
    units = [unit(HOME, BackupVaults=[vault(HOME, f"vault-{number:04}") for number in range(vaults)], Keys=[key(HOME)])]
    with Serving(units, faults=[{"operation": "backup:*", "fault": "Limited", "rate": rate}]) as server:
        seconds, _, output = server.collect()
        counts = [count for name, count in server.get("/__stats")["Operations"].items() if name.startswith("backup:")]
        # An absence is worded as an error, and is an answer.
        answered = sum(count["Answered"] + count["Failed"] for count in counts)
        throttled = sum(count["Throttled"] for count in counts)
        (observed,) = json.loads(output.read_text())["Units"]
        assert len(observed["BackupVaults"]) == vaults and all(call["Outcome"] in ("ok", "skipped") for call in observed["Calls"])
        print(f"throttle: {answered} calls in {seconds:.1f} s are {answered / seconds / rate:.0%} of {rate} a second; "
              f"{throttled / (answered + throttled):.2%} of the calls were throttled")


def memory():
    with Serving([points(1_000_000)], latency=0) as server:
        seconds, mebibytes, output = server.collect()
        size = output.stat().st_size / 2**20
        print(f"memory: 1,000,000 points ({size:.0f} MiB) in {seconds:.1f} s with {mebibytes:.0f} MiB at most")


def main():
    benches = {"regions": regions, "points": large, "throttle": throttle, "memory": memory}
    for name in sys.argv[1:] or benches:
        benches[name]()


if __name__ == "__main__":
    main()
