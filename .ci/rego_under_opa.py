#!/usr/bin/env python3
"""Runs every `test_` rule of policies/ under OPA, as a second opinion on the engine that Backstop embeds.

OPA comes from a wheel on PyPI that carries it as a shared library. It is downloaded once into
${XDG_CACHE_HOME:-~/.cache}/backstop-ci. The wheel asks for Python 3.14, and works with older ones too.
"""

import collections
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

DISTRIBUTION, VERSION = "opa-golib-python-bindings", "0.4.4"
POLICIES = pathlib.Path(__file__).resolve().parent.parent / "policies"
PACKAGE = re.compile(r"^package\s+([\w.]+)", re.MULTILINE)
TEST = re.compile(r"^(test_\w+)", re.MULTILINE)


def site() -> pathlib.Path:
    """Where the wheel lies unpacked. Other runs may look at the same time: it appears there whole or not at all."""
    cache = pathlib.Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "backstop-ci"
    unpacked = cache / f"{DISTRIBUTION}-{VERSION}"
    if not unpacked.is_dir():
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache) as scratch:
            pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "download", "--dest", scratch]
            wanted = ["--python-version", "3.14", "--only-binary=:all:", "--no-deps", f"{DISTRIBUTION}=={VERSION}"]
            subprocess.run(pip + wanted, check=True, stdout=sys.stderr)
            (wheel,) = pathlib.Path(scratch).glob("*.whl")
            contents = pathlib.Path(scratch) / "contents"
            zipfile.ZipFile(wheel).extractall(contents)
            try:
                contents.rename(unpacked)
            except OSError:
                shutil.rmtree(contents)
                if not unpacked.is_dir():
                    raise
    return unpacked


def main() -> int:
    sys.path.insert(0, str(site()))
    from opa_bindings import OpaEngine, OpaError

    engine = OpaEngine()
    bodies = collections.Counter()
    complaints = {}
    for path in sorted(POLICIES.rglob("*.rego")):
        source = path.read_text(encoding="utf-8")
        try:
            engine.add_policy(str(path.relative_to(POLICIES)), source)
        except OpaError as error:
            complaints[str(path.relative_to(POLICIES))] = str(error)
            continue
        bodies.update(f"{PACKAGE.search(source)[1]}.{name}" for name in TEST.findall(source))

    passed = 0
    try:
        engine.eval_query("true")
    except OpaError as error:
        complaints["policies/ as a whole"] = str(error)
        bodies.clear()
    for name, count in bodies.items():
        try:
            value = engine.eval_document(name)
        except OpaError as error:
            complaints[name] = str(error)
            continue
        if count > 1:
            complaints[name] = "is defined more than once, and true as soon as one of its bodies is"
        elif value is not True:
            complaints[name] = f"is {value!r}, not true"
        else:
            passed += 1

    for name, complaint in sorted(complaints.items()):
        print(f"{name}: {complaint}")
    print(f"{passed} passed, {len(complaints)} failed")
    return 1 if complaints or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
