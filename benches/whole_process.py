#!/usr/bin/env python3
"""Measures whole processes on a large account: wall time, CPU time and peak memory, against two baselines.

usage: benches/whole_process.py [POINTS]     Builds what it needs with `cargo build --release`. Default: 100000 points.

read   the floor: serde_json into the same types, nothing else
audit  backstop audit, table and exit code
naive  one Rego query over the whole document, with six of the rules and no report
"""

import os
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
RUNS = 5


def measure(command: list[str], before=None, runs: int = RUNS) -> tuple[float, float, float]:
    """Median wall seconds, CPU seconds and MiB at the peak. `before` is done before each run."""
    figures = []
    for _ in range(runs):
        if before:
            before()
        started = time.monotonic()
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        _, status, usage = os.wait4(child.pid, 0)
        if os.waitstatus_to_exitcode(status) not in (0, 1, 3):
            sys.exit(f"{' '.join(command)} ended with {os.waitstatus_to_exitcode(status)}")
        figures.append((time.monotonic() - started, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024))
    return tuple(sorted(column)[runs // 2] for column in zip(*figures))


def main() -> None:
    points = sys.argv[1] if len(sys.argv) > 1 else "100000"
    subprocess.run(["cargo", "build", "--release", "--bin", "backstop", "--example", "large_account"], cwd=ROOT, check=True)
    release = ROOT / "target" / "release"
    example, backstop = str(release / "examples" / "large_account"), str(release / "backstop")
    with tempfile.TemporaryDirectory() as scratch:
        account = f"{scratch}/account.json"
        with open(account, "wb") as file:
            subprocess.run([example, "generate", points], stdout=file, check=True)
        print(f"{points} recovery points, {os.path.getsize(account) / 2**20:.0f} MiB; median of {RUNS} runs")
        commands = {"read": [example, "read", account], "audit": [backstop, "audit", account], "naive": [example, "naive", account]}
        floor = None
        for name, command in commands.items():
            wall, cpu, peak = measure(command)
            floor = floor or (wall, cpu)
            print(f"{name:6} {wall:6.2f} s wall ({wall / floor[0]:4.1f}x)  {cpu:6.2f} s CPU ({cpu / floor[1]:4.1f}x)  {peak:6.0f} MiB")


if __name__ == "__main__":
    main()
