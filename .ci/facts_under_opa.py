#!/usr/bin/env python3
"""Judges the inputs that `backstop facts --rule` prints with OPA, and compares with the verdicts that Backstop gave.

usage: facts_under_opa.py BACKSTOP WORLD...    A world is a snapshot; a .toml of the same name is its configuration.
"""

import json
import pathlib
import subprocess
import sys

from rego_under_opa import POLICIES, site


def run(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode not in (0, 1, 3):
        sys.exit(f"{' '.join(command)}: {done.stderr}")
    return done.stdout


def document(engine, path: str, data: dict):
    """None where OPA says undefined."""
    from opa_bindings.engine import OpaUndefinedError

    try:
        return engine.eval_document(path, data)
    except OpaUndefinedError:
        return None


def judge(engine, package: str, declares_applies: bool, data: dict):
    if declares_applies and document(engine, f"{package}.applies", data) is not True:
        return "not_applicable", []
    violations = document(engine, f"{package}.violations", data) or []
    return ("fail" if violations else "pass"), sorted(violation["message"] for violation in violations)


def main() -> int:
    sys.path.insert(0, str(site()))
    from opa_bindings import OpaEngine

    binary, worlds = sys.argv[1], sys.argv[2:]
    engine = OpaEngine()
    sources = {}
    for path in sorted(POLICIES.rglob("*.rego")):
        if not path.name.endswith("_test.rego"):
            sources[str(path.relative_to(POLICIES))] = path.read_text(encoding="utf-8")
            engine.add_policy(str(path.relative_to(POLICIES)), sources[str(path.relative_to(POLICIES))])
    passed, failed = 0, 0
    for world in worlds:
        config = pathlib.Path(world).with_suffix(".toml")
        flags = ["--config", str(config)] if config.exists() else []
        report = json.loads(run(binary, "audit", world, *flags, "--output", "json=-"))
        ours = {}
        for finding in report["findings"]:
            key = finding["rule"], finding["subject"]["id"]
            verdict, messages = ours.setdefault(key, (finding["verdict"], []))
            if verdict == "fail":
                messages.append(finding["message"])
        for rule in report["rules"]:
            facts = json.loads(run(binary, "facts", world, *flags, "--rule", rule["id"]))
            family, name = rule["id"].replace("-", "_").split("/")
            declares = "\napplies " in sources[f"{family}/{name}/{name}.rego"]
            for subject in facts["subjects"]:
                verdict, messages = ours[rule["id"], subject["id"]]
                if "unknown" in subject:
                    agreed = verdict in ("unknown", "not_applicable")
                else:
                    agreed = (verdict, sorted(messages)) == judge(engine, facts["package"], declares, subject["input"])
                passed, failed = passed + agreed, failed + (not agreed)
                if not agreed:
                    print(f"{world}: {rule['id']} on {subject['id']}: Backstop says {verdict}, OPA does not")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
