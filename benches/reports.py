#!/usr/bin/env python3
"""Measures what each report of 10,000 findings costs, as a whole process: wall time, CPU time and peak memory.

usage: benches/reports.py [NIGHTS]     Builds what it needs with `cargo build --release`. Default: a history of 30 nights.

The account is the fixture in which every rule fails, 13 times over. Reading and judging it, and the table, are part of every line;
`table` alone tells what they cost. At last come `diff` of two such results, and the page beside a history of such nights.
"""

import collections
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from whole_process import ROOT, RUNS, measure

FORMATS = ["table", "json", "sarif", "sarif-github", "html", "markdown", "annotations", "junit", "csv", "oscal", "ocsf", "bundle"]
VERDICT = re.compile(r'^{"rule":.*?"verdict":"(\w+)"')
# What none of them may take, on an idle machine of two cores.
SECONDS, MEBIBYTES = 2, 300


def told(name: str, command: list[str], before=None, runs: int = RUNS) -> None:
    wall, cpu, peak = measure(command, before, runs)
    over = "  OVER" if wall > SECONDS or peak > MEBIBYTES else ""
    print(f"{name:12} {wall:6.2f} s wall  {cpu:6.2f} s CPU  {peak:6.0f} MiB{over}", flush=True)


def main() -> None:
    nights = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    subprocess.run(["cargo", "build", "--release", "--bin", "backstop"], cwd=ROOT, check=True)
    backstop = str(ROOT / "target" / "release" / "backstop")
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run([sys.executable, ROOT / ".ci" / "html_worlds.py", ROOT / "fixtures" / "menagerie.json", scratch], check=True)
        audit = [backstop, "audit", f"{scratch}/many.json", "--config", str(ROOT / "fixtures" / "menagerie.toml")]
        former, latter, page = f"{scratch}/former.json", f"{scratch}/latter.json", f"{scratch}/report.html"
        for as_of, report in (("2026-11-21T09:00:00Z", former), ("2026-11-22T09:00:00Z", latter)):
            subprocess.run([*audit, "--as-of", as_of, "--output", f"json={report}"], stdout=subprocess.DEVNULL)
        # Line by line: a child's peak is never told as less than what this process held when it began.
        verdicts = collections.Counter()
        with open(latter) as lines:
            verdicts.update(found.group(1) for found in (VERDICT.search(line) for line in lines) if found)
        size = os.path.getsize(latter) / 2**20
        print(f"{verdicts['fail']} findings and {verdicts['unknown']} unknown of {verdicts.total()} verdicts, {size:.0f} MiB of JSON; median of {RUNS} runs")

        bundle = f"{scratch}/bundle.tar.zst"
        for form in FORMATS:
            to = bundle if form == "bundle" else f"{scratch}/report.{form}"
            # A bundle is never written over.
            told(form, [*audit, "--output", f"{form}={to}"], lambda: pathlib.Path(bundle).unlink(missing_ok=True))
        told("diff", [backstop, "diff", former, latter, "--config", str(ROOT / "fixtures" / "menagerie.toml")])

        history = f"{scratch}/history"
        for night in range(nights):
            as_of = f"2026-{8 + night // 30:02}-{night % 30 + 1:02}T05:00:00Z"
            subprocess.run([*audit, "--as-of", as_of, "--history", history], stdout=subprocess.DEVNULL)
        size = sum(entry.stat().st_size for entry in os.scandir(history)) / 2**20
        print(f"beside a history of {nights} nights, {size:.0f} MiB")
        told("html", [*audit, "--as-of", "2026-11-22T09:00:00Z", "--history", history, "--output", f"html={page}"], runs=3)


if __name__ == "__main__":
    main()
