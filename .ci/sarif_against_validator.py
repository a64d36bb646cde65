"""Holds `backstop sarif check` against Microsoft's validator with GitHub's rules: on a file of ours, and on copies of it broken in one way each.

sarif_against_validator.py BACKSTOP VALIDATOR FILE DIRECTORY
"""

import copy
import json
import pathlib
import subprocess
import sys

# What is broken, how, whether GitHub refuses it, and whether the validator finds it. Some it misses.
URI = "locations/0/physicalLocation/artifactLocation/uri"
BROKEN = [
    ("no-locations", "locations", [], True, True),
    ("logical-location-only", "locations/0", {"logicalLocations": [{"name": "x"}]}, True, True),
    ("arn", URI, "arn:aws:backup:us-east-1:111122223333:backup-vault:prod", True, True),
    ("https", URI, "https://example.com/main.tf", True, True),
    ("colon", URI, "vault:prod/x", True, True),
    ("absolute", URI, "/abs/path", False, True),
    ("blank", URI, "a b", False, True),
    ("line-zero", "locations/0/physicalLocation/region/startLine", 0, True, True),
    ("unknown-member", "severity", "high", True, True),
    ("level", "level", "critical", True, False),
    ("empty-uri", URI, "", True, False),
    ("kind", "kind", "pass", False, False),
    ("rule-index", "ruleIndex", 0, False, False),
    ("dot-slash", URI, "./main.tf", False, False),
]


def put(document, path, value):
    *parents, name = path.split("/")
    for step in parents:
        document = document[int(step) if isinstance(document, list) else step]
    document[int(name) if isinstance(document, list) else name] = value


def main():
    backstop, validator, file, directory = sys.argv[1:]
    whole = json.loads(pathlib.Path(file).read_text(encoding="utf-8"))
    whole["runs"] = whole["runs"][:1]
    whole["runs"][0]["results"] = [result for result in whole["runs"][0]["results"] if result["ruleIndex"]][:3]
    cases = [("whole", None, None, False, None)] + BROKEN
    wrong = []
    for name, path, value, refused, found in cases:
        document = copy.deepcopy(whole)
        if path:
            put(document["runs"][0]["results"][0], path, value)
        target = pathlib.Path(directory, f"{name}.sarif")
        target.write_text(json.dumps(document), encoding="utf-8")
        ours = subprocess.run([backstop, "sarif", "check", "--format", "json", target], capture_output=True, text=True, check=False)
        told = json.loads(ours.stdout)["files"][0]
        theirs = subprocess.run([validator, target], capture_output=True, text=True, check=False)
        # What it misses in the tool itself stands in every copy.
        says = [line for line in theirs.stdout.splitlines() if " note " not in line and " SARIF2005 " not in line]
        if told["refused"] != refused or ours.returncode != int(refused) or bool(told["faults"]) != bool(path):
            wrong.append(f"{name}: ours says {[fault['check'] for fault in told['faults']]}")
        if found is not None and bool(says) != found or not path and says:
            wrong.append(f"{name}: the validator says {says}")
    if wrong:
        sys.exit("\n".join(wrong))
    print(f"{len(cases)} files, judged as expected by both")


main()
