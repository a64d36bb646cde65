"""Two worlds for the HTML report, made from a fixture: one whose users chose hostile names and tags, and one of 10,000 findings."""

import copy
import json
import pathlib
import sys

fixture, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
world = json.loads(fixture.read_text())

HOSTILE = [
    "<script>window.harmed = 1</script>",
    '"><img src=x onerror="window.harmed = 2">',
    "'><svg onload='window.harmed = 3'>",
    "</title></style></script></pre><iframe src=//example.invalid>",
    "<!-- ]]> --> &lt;b&gt; &#60;i&#62; {{ 7 * 7 }} {% raw %}",
    "javascript:window.harmed=4",
    "\x1b[31mred\x1b[0m\x1b]8;;http://example.invalid\x1b\\link",
    "two\r\nlines\u2028and\u0000more",
    "\u202eright to left\u202c \u2066x\u2069",
    "\U0001f9ef" * 128 + "\u00e4" * 128,
]
NAMES = {"BackupVaultName", "BackupPlanName", "RuleName", "SelectionName", "TargetBackupVaultName", "AliasName", "AlarmName"}
given = {}


def hostile(text):
    """The same for the same text, so that what was joined by name still is."""
    if text not in given:
        given[text] = f"{HOSTILE[len(given) % len(HOSTILE)]} {text}"
    return given[text]


def poison(value, key=None):
    if isinstance(value, dict):
        if key == "Tags" and "$unknown" not in value:
            # Both forms: an object, and a list of objects with Key and Value.
            listed = value.keys() == {"Key", "Value"}
            return {name if listed else hostile(name): hostile(tag) if isinstance(tag, str) else tag for name, tag in value.items()}
        return {name: poison(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [poison(inner, key) for inner in value]
    return hostile(value) if key in NAMES and isinstance(value, str) else value


def other_account(number):
    """The fixture's first account again, under another id."""
    text = json.dumps([unit for unit in world["Units"] if unit["Account"] == "111122223333"])
    return json.loads(text.replace("111122223333", f"{700000000000 + number}"))


(out / "hostile.json").write_text(json.dumps(poison(copy.deepcopy(world))))
many = {**world, "Units": [unit for number in range(13) for unit in other_account(number)]}
(out / "many.json").write_text(json.dumps(many))
