#!/usr/bin/env python3
"""Holds policies that `backstop permissions` writes against what others know of IAM: every action exists in AWS, none changes
anything, and the document is one that IAM takes.

Usage: permissions_against_aws.py POLICY.json..., with policy_sentry and parliament installed. Needs no network.
"""

import json
import pathlib
import sys

import parliament
from policy_sentry.querying.actions import get_action_data
from policy_sentry.querying.all import get_all_actions

# AWS files it under writing. It is needed to enter other accounts, and must name the role.
ASSUME = "sts:AssumeRole"
# Neither is about whether IAM takes the policy. What exists is asked of the other list, which is newer; and most of what is read has
# no name before it is listed.
SET_ASIDE = {"UNKNOWN_ACTION", "RESOURCE_STAR"}


def wrong(text: str, known: dict[str, str]) -> list[str]:
    policy = json.loads(text)
    complaints = []
    actions = [action for statement in policy["Statement"] for action in statement["Action"]]
    for action in actions:
        if action.lower() not in known:
            complaints.append(f"AWS has no action {action}")
            continue
        if known[action.lower()] != action:
            complaints.append(f"{action} is spelt {known[action.lower()]}")
        service, name = action.split(":")
        level = get_action_data(service, name)[service][0]["access_level"]
        if level not in ("Read", "List") and action != ASSUME:
            complaints.append(f"{action} is of the level {level}")
    for statement in policy["Statement"]:
        if ASSUME in statement["Action"] and (statement["Action"] != [ASSUME] or ":role/" not in statement["Resource"]):
            complaints.append(f"{ASSUME} is allowed on {statement['Resource']}")
    if not actions or len(actions) != len(set(actions)):
        complaints.append("it names no action, or one twice")
    analyzed = parliament.analyze_policy_string(text)
    for finding in analyzed.findings:
        if finding.issue not in SET_ASIDE:
            complaints.append(f"{finding.issue}: {finding.detail}")
    return complaints


def main() -> int:
    known = {action.lower(): action for action in get_all_actions()}
    code = 0
    for path in map(pathlib.Path, sys.argv[1:]):
        complaints = wrong(path.read_text(), known)
        print(f"{path.name}: {'; '.join(complaints) or 'as AWS has it'}")
        code |= bool(complaints)
    return code


if __name__ == "__main__":
    sys.exit(main())
