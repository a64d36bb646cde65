#!/usr/bin/env python3
"""Runs the steps of action.yml as a runner would, against a built Backstop: which of them run, in which order, with which exit code.

Usage: github_action.py BACKSTOP DIRECTORY, with PyYAML installed and shellcheck on the path. Needs no network.
What stands between `${{` and `}}` is told to a runner's rules as far as action.yml uses them; anything else is an error here.
"""

import os
import pathlib
import re
import subprocess
import sys

import yaml

ROOT = pathlib.Path(__file__).resolve().parent.parent
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
STEPS = ACTION["runs"]["steps"]
EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
TOKEN = re.compile(r"\s*(&&|\|\||==|!=|!cancelled\(\)|'[^']*'|inputs\.[\w-]+|steps\.[\w-]+\.outputs\.[\w-]+)\s*")
IN_PYTHON = {"&&": " and ", "||": " or ", "==": "==", "!=": "!=", "!cancelled()": "True"}


def evaluate(expression: str, inputs: dict, outputs: dict):
    python, at = "", 0
    while at < len(expression):
        token = TOKEN.match(expression, at)
        assert token, f"this runner does not know: {expression[at:]}"
        at, word = token.end(), token[1]
        if word in IN_PYTHON:
            python += IN_PYTHON[word]
        elif word.startswith("'"):
            python += repr(word[1:-1])
        elif word.startswith("inputs."):
            python += repr(inputs[word.removeprefix("inputs.")])
        else:
            _, step, _, name = word.split(".")
            python += repr(outputs.get(step, {}).get(name, ""))
    return eval(python, {"__builtins__": {}})


def fill(text: str, inputs: dict, outputs: dict) -> str:
    return EXPRESSION.sub(lambda found: str(evaluate(found[1], inputs, outputs)), text)


def pairs(path: pathlib.Path) -> dict:
    return dict(line.split("=", 1) for line in path.read_text().splitlines())


class Job:
    """One use of the action, in a folder of its own."""

    def __init__(self, folder: pathlib.Path, path: str, given: dict, upload_fails: bool = False):
        self.temp, self.workspace = folder / "temp", folder / "workspace"
        self.temp.mkdir(parents=True)
        self.workspace.mkdir()
        inputs = {name: spec.get("default", "") for name, spec in ACTION["inputs"].items()} | given
        self.ran, self.code, self.log, self.summary, self.outputs = [], 0, "", "", {}
        for number, step in enumerate(STEPS):
            condition = step.get("if", "")
            # Without a status function, a step is left out once one has failed.
            wanted = "cancelled()" in condition or self.code == 0
            if not wanted or (condition and not evaluate(EXPRESSION.fullmatch(condition)[1], inputs, self.outputs)):
                continue
            self.ran.append(step["name"])
            if "uses" in step:
                uploaded = pathlib.Path(fill(step["with"]["sarif_file"], inputs, self.outputs))
                assert uploaded.stat().st_size, "an upload of nothing"
                self.code = self.code or int(upload_fails)
                continue
            files = {name: folder / f"{number}.{name}" for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
            for file in files.values():
                file.touch()
            environment = {name: os.environ[name] for name in ("HOME", "LANG") if name in os.environ}
            environment |= {"PATH": path, "RUNNER_TEMP": str(self.temp), "GITHUB_ACTION_PATH": str(ROOT), "AWS_EC2_METADATA_DISABLED": "true"}
            environment |= {name: str(file) for name, file in files.items()}
            environment |= {name: fill(value, inputs, self.outputs) for name, value in step.get("env", {}).items()}
            script = folder / f"{number}.sh"
            script.write_text(step["run"])
            shell = ["bash", "--noprofile", "--norc", "-eo", "pipefail", str(script)]
            done = subprocess.run(shell, cwd=self.workspace, env=environment, capture_output=True, text=True)
            self.log += done.stdout + done.stderr
            self.code = self.code or done.returncode
            self.outputs[step.get("id", step["name"])] = pairs(files["GITHUB_OUTPUT"])
            self.summary += files["GITHUB_STEP_SUMMARY"].read_text()
        self.given = {name: fill(spec["value"], inputs, self.outputs) for name, spec in ACTION["outputs"].items()}


def main() -> None:
    backstop, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    folder.mkdir(parents=True)
    for number, step in enumerate(STEPS):
        if "run" in step:
            # A runner would put the text between the braces into the script before any shell sees it.
            assert "${{" not in step["run"], f"{step['name']} lets what it is given into its script"
            script = folder / f"{number}.sh"
            script.write_text("#!/usr/bin/env bash\nset -eo pipefail\n" + step["run"])
            subprocess.run(["shellcheck", script], check=True)

    # Stands for cargo: it installs what is built already.
    cargo = folder / "bin" / "cargo"
    cargo.parent.mkdir()
    cargo.write_text('#!/bin/sh -e\n[ "$1 $2 $3 $4 $5" = "install --locked --path . --root" ]\n[ -f Cargo.toml ]\nroot=$6\n'
                     f'mkdir -p "$root/bin"\nln -s "{backstop}" "$root/bin/backstop"\n')
    cargo.chmod(0o755)
    path = f"{cargo.parent}:{os.environ['PATH']}"

    fixtures, root = ROOT / "fixtures", ROOT / "fixtures/terraform/root/environments/prod"
    (folder / "two words.toml").write_text((fixtures / "clean.toml").read_text())
    clean = f"{fixtures}/clean.json --config '{folder}/two words.toml'"
    whole = ["Audit", "Summary", "Upload", "Gate"]
    unsent = ["Audit", "Summary", "Gate"]
    use = {"program": backstop}
    cases = [
        ("builds itself", {"arguments": "--demo"}, 1, ["Build", *whole]),
        ("findings", use | {"arguments": "--demo\n--fail-on high\n"}, 1, whole),
        ("nothing wrong", use | {"arguments": clean}, 0, whole),
        ("hardly seen", use | {"arguments": f"{fixtures}/half_blind.json"}, 3, unsent),
        ("no upload wanted", use | {"arguments": "--demo", "upload": "false"}, 1, unsent),
        ("lines", use | {"arguments": f"--terraform {root} --assume-complete"}, 1, whole),
        ("a wrong flag", use | {"arguments": "--nonsense"}, 2, unsent),
        ("a wrong file", use | {"arguments": str(ROOT / "action.yml")}, 4, unsent),
        ("an open quote", use | {"arguments": "--demo 'and"}, None, ["Audit", "Gate"]),
        ("no program", {"program": str(folder / "nowhere"), "arguments": "--demo"}, 127, unsent),
        ("a shell's words", use | {"arguments": "--demo --environment $(touch$IFS'pwned') ; touch pwned & `touch pwned` | tee pwned > pwned"}, 2, unsent),
    ]
    for name, given, code, ran in cases:
        job = Job(folder / name, path, given)
        told = f"{name}: {job.ran} and {job.code}, not {ran} and {code}\n{job.log[-3000:]}"
        assert job.ran == ran and (job.code == code if code is not None else job.code), told
        assert not list(job.workspace.iterdir()), f"{name}: a shell read the arguments"
        assert code is None or job.given["exit-code"] == str(code), told
        judged = code in (0, 1, 3)
        assert bool(job.given["report"]) == judged and (job.summary.startswith("#") or not judged), told
        assert job.summary or code is None, told
        if code is not None:
            # What AWS's names are in stands between the two, and the annotations after.
            stop = re.search(r"^::stop-commands::(\w{32})$", job.log, re.MULTILINE)
            assert stop and f"\n::{stop[1]}::\n" in job.log, told
            told_to_runner = job.log.split(f"\n::{stop[1]}::\n")[1]
            assert ("::error file=" in told_to_runner) == (name == "lines"), told
    job = Job(folder / "refused", path, use | {"arguments": clean}, upload_fails=True)
    assert job.ran == whole and job.code == 1, "an upload that fails fails the job, and the gate still speaks"
    print(f"action.yml: {len(cases) + 1} jobs as they should be")


main()
