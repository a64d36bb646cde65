"""Runs the commands of every rule's fix: .ci/fixes.py BACKSTOP SNAPSHOT CONFIGURATION."""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

backstop, snapshot, configuration = sys.argv[1:]
here = pathlib.Path(__file__).resolve().parent
# Of each rule, so many failures.
EACH = 1

with tempfile.TemporaryDirectory() as work:
    work = pathlib.Path(work)
    report = work / "report.json"
    policy = ["--config", configuration]
    subprocess.run([backstop, "audit", snapshot, *policy, "--output", f"json={report}"], capture_output=True)
    failing = {}
    for finding in json.loads(report.read_text())["findings"]:
        if finding["verdict"] == "fail":
            ids = failing.setdefault(finding["rule"], [])
            if finding["subject"]["id"] not in ids and len(ids) < EACH:
                ids.append(finding["subject"]["id"])
    rules = {rule["id"] for rule in json.loads(report.read_text())["rules"]}
    assert rules == set(failing), f"nothing fails: {sorted(rules - set(failing))}"

    bin = work / "bin"
    bin.mkdir()
    (bin / "aws").write_text(f"#!/bin/sh\nexec {sys.executable} {here}/fixes_aws.py \"$@\"\n")
    (bin / "aws").chmod(0o755)
    calls, faults = work / "calls", []
    calls.touch()
    world = pathlib.Path(snapshot).resolve()
    environment = {"PATH": f"{bin}:/usr/bin:/bin", "BACKSTOP_WORLD": str(world), "BACKSTOP_CALLS": str(calls)}
    for rule, ids in sorted(failing.items()):
        for id in ids:
            told = subprocess.run([backstop, "explain", rule, "--resource", id, snapshot, *policy, "--format", "json"], capture_output=True, check=True)
            [on] = json.loads(told.stdout)["subjects"]
            script = "\n".join(step["text"] for step in on["fix"]["cli"] if step["is_code"])
            left = {open["name"] for open in on["fix"]["open"]}
            # A number that is left to people is no JSON: any will do to see whether the rest is right.
            for name in sorted(left, key=len, reverse=True):
                if name.endswith("_DAYS"):
                    script = script.replace(f": {name}}}", ": 400}").replace(f": {name},", ": 400,")
            with tempfile.TemporaryDirectory() as folder:
                ran = subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=folder, env=environment, capture_output=True, text=True)
            if ran.returncode or ran.stderr:
                faults.append(f"{rule} on {id}: {ran.returncode}\n{script}\n{ran.stderr}")
    print(f"{len(calls.read_text().splitlines())} calls of {sum(map(len, failing.values()))} fixes of {len(failing)} rules")
    if faults:
        print("\n".join(faults))
        sys.exit(1)
