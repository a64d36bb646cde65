"""What JUnit, CSV, OSCAL and OCSF say, read by others and compared with the JSON report: outputs.py STEM SCHEMA.xsd..."""

import collections
import csv
import hashlib
import io
import json
import os
import re
import sys

import jsonschema
import ocsf_json_schema
from lxml import etree

STEERS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]")
VERDICTS = ("fail", "unknown", "pass", "not_applicable")


def junit(stem, schemas, report):
    tree = etree.parse(f"{stem}.junit", etree.XMLParser(huge_tree=True))
    for schema in schemas:
        etree.XMLSchema(etree.parse(schema)).assertValid(tree)
    suites = [suite for suite in tree.getroot() if suite.get("name") != "backstop"]
    assert [suite.get("name") for suite in suites] == [rule["id"] for rule in report["rules"]]
    for suite, rule in zip(suites, report["rules"]):
        verdicts = rule["verdicts"]
        got = [int(suite.get(count)) for count in ("failures", "errors")]
        assert got == [verdicts["fail"] - rule.get("waived", 0), verdicts["unknown"]], (rule["id"], got, verdicts)
        for count, element in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.get(count)) == len(suite.findall(f"testcase/{element}")), rule["id"]
        assert int(suite.get("tests")) == len(suite.findall("testcase"))
    red = tree.xpath("//testsuite[@name='backstop']//failure | //testsuite[@name='backstop']//error")
    assert bool(red) == bool(report["conclusion"]["exit_code"])


def rows(stem, report):
    with open(f"{stem}.csv", encoding="utf-8", newline="") as file:
        text = file.read()
    found = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    assert text.count("\r\n") == len(found) + 1 and text.count("\n") == len(found) + 1, "a row is not a line"
    assert [row["fingerprint"] for row in found] == [finding["fingerprint"] for finding in report["findings"]]
    for row, finding in zip(found, report["findings"]):
        assert None not in row and None not in row.values() and row["verdict"] == finding["verdict"]
        for cell in row.values():
            assert not cell.lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r")), cell
            assert not STEERS.search(cell), cell


def events(stem, report):
    shared = ocsf_json_schema.OcsfJsonSchemaEmbedded(ocsf_json_schema.get_ocsf_schema(version="1.8.0"))
    schema = shared.get_class_schema("compliance_finding", profiles=["cloud"])
    validator = jsonschema.Draft202012Validator(schema)
    with open(f"{stem}.ocsf", encoding="utf-8", newline="\n") as file:
        found = [json.loads(line) for line in file]
    # The deepest rules are slow in Python; the first of each rule and status stands for the others.
    kinds = {(event["compliance"]["control"], event["compliance"]["status_id"]): event for event in reversed(found)}
    for event in kinds.values():
        validator.validate(event)
    expected = [finding for finding in report["findings"] if finding["verdict"] != "not_applicable"]
    assert [event["finding_info"]["uid"] for event in found] == [finding["fingerprint"] for finding in expected]
    status = {"fail": 3, "unknown": 2, "pass": 1}
    for event, finding in zip(found, expected):
        assert event["compliance"]["status_id"] == status[finding["verdict"]]
        assert event["unmapped"]["snapshot_sha256"] == report["snapshot"]["sha256"]


def oscal(stem, report):
    with open(f"{stem}.oscal", encoding="utf-8") as file:
        document = json.load(file)["assessment-results"]
    made, named = collections.Counter(), set()

    def walk(value, key=""):
        if isinstance(value, dict):
            for name, one in value.items():
                if name == "uuid":
                    made[one] += 1
                elif name.endswith("-uuid"):
                    named.add(one)
                elif name == "href" and one.startswith("#"):
                    named.add(one.removeprefix("#"))
                walk(one, name)
        elif isinstance(value, list):
            assert value, f"{key} is an empty list"
            for one in value:
                walk(one, key)

    walk(document)
    assert max(made.values()) == 1, "an identity is not one"
    assert named <= set(made), f"{len(named - set(made))} identities lead nowhere"
    result = document["results"][0]
    verdicts = collections.Counter()
    for observation in result.get("observations", []):
        props = {prop["name"]: prop["value"] for prop in observation["props"]}
        verdicts[props["verdict"]] += int(props.get("subjects", 1))
    counted = collections.Counter(finding["verdict"] for finding in report["findings"])
    assert all(verdicts[name] == counted[name] for name in ("fail", "unknown", "pass")), (verdicts, counted)
    failing = [finding for finding in report["findings"] if finding["verdict"] == "fail"]
    statuses = collections.Counter(risk["status"] for risk in result.get("risks", []))
    assert statuses["open"] == len({finding["rule"] for finding in failing if "waiver" not in finding})
    accepted = {(finding["rule"], finding["waiver"]["line"]) for finding in failing if "waiver" in finding}
    assert statuses["deviation-approved"] == len(accepted)
    links = [link for resource in document["back-matter"]["resources"] for link in resource.get("rlinks", [])]
    for link in links:
        with open(os.path.join(os.path.dirname(stem), link["href"]), "rb") as file:
            assert hashlib.sha256(file.read()).hexdigest() == link["hashes"][0]["value"], link
    assert bool(links) == stem.endswith("/waived"), "only what lies beside a bundle points into it"
    # Never green without data: what is satisfied is proven, and no rule that names it fails or is in doubt.
    rules = {rule["id"]: rule for rule in report["rules"]}
    for finding in result.get("findings", []):
        of = [(prop["class"], rules[prop["value"]]["verdicts"]) for prop in finding["props"] if prop["name"] == "rule"]
        if finding["target"]["status"]["state"] == "satisfied":
            assert all(counts["fail"] == counts["unknown"] == 0 for _, counts in of)
            assert any(strength == "proves" and counts["pass"] for strength, counts in of)
        else:
            assert any(counts["fail"] for _, counts in of)


def main():
    stem, *schemas = sys.argv[1:]
    assert schemas, "no schema of JUnit"
    with open(f"{stem}.json", encoding="utf-8") as file:
        report = json.load(file)
    assert {finding["verdict"] for finding in report["findings"]} <= set(VERDICTS)
    junit(stem, schemas, report)
    rows(stem, report)
    events(stem, report)
    oscal(stem, report)
    with open(f"{stem}.markdown", "rb") as file:
        assert len(file.read()) < 1 << 20, "GitHub drops summaries of a mebibyte"
    print(f"{stem.rsplit('/', 1)[-1]}: {len(report['findings'])} verdicts, read alike by all")


main()
