"""An `aws` for the fixes: holds a call against botocore's service models, and answers reads from the snapshot in BACKSTOP_WORLD.

What is wrong with a call is printed, and ends it with 9.
"""
import json
import os
import re
import sys

import botocore.loaders
import botocore.model
import botocore.validate
from botocore import xform_name

# Of the AWS CLI itself.
GLOBAL = {"region": True, "query": True, "output": True}
# The AWS CLI has other names for these (awscli.customizations.argrename).
RENAMED = {("sns", "subscribe", "notification-endpoint"): "endpoint"}
# They only print, and what they print is for people.
SILENT = re.compile(r"^(list|describe|get)-")
# A name that is left to people, where AWS wants a number.
LEFT = {"KEEP_DAYS", "LOCK_MIN_DAYS", "LOCK_MAX_DAYS", "COPY_LOCK_MIN_DAYS", "COPY_LOCK_MAX_DAYS"}


def fail(message):
    print(f"aws {' '.join(sys.argv[1:])}\n  {message}", file=sys.stderr)
    sys.exit(9)


def model_of(service):
    loader = botocore.loaders.Loader()
    if service not in loader.list_available_services("service-2"):
        fail(f"there is no service '{service}'")
    return botocore.model.ServiceModel(loader.load_service_model(service, "service-2"), service)


def shorthand(text, shape):
    """Name=Value,... of one structure or map; enough of the AWS CLI's grammar for what the pages use."""
    pairs = dict(part.split("=", 1) for part in text.split(","))
    if shape.type_name == "map":
        return {key: scalar(value, shape.value) for key, value in pairs.items()}
    unknown = set(pairs) - set(shape.members)
    if unknown:
        fail(f"{shape.name} has no {sorted(unknown)}")
    return {key: scalar(value, shape.members[key]) for key, value in pairs.items()}


def scalar(text, shape):
    if shape.type_name in ("integer", "long"):
        if text in LEFT:
            return 1
        return int(text) if re.fullmatch(r"-?\d+", text) else fail(f"'{text}' is no number")
    if shape.type_name in ("double", "float"):
        return float(text)
    if shape.type_name == "boolean":
        return {"true": True, "false": False}.get(text, text)
    return text


def value_of(words, shape):
    if not words:
        if shape.type_name != "boolean":
            fail(f"a {shape.type_name} needs a value")
        return True
    text = words[0]
    if text.startswith("file://"):
        with open(text.removeprefix("file://")) as file:
            text = file.read()
    if shape.type_name in ("structure", "map", "list") and text.lstrip()[:1] in ("{", "["):
        if len(words) > 1:
            fail(f"one JSON value, not {len(words)} words")
        value = json.loads(text)
        return [value] if shape.type_name == "list" and isinstance(value, dict) else value
    if shape.type_name == "list":
        if shape.member.type_name == "structure":
            return [shorthand(word, shape.member) for word in words]
        return [scalar(word, shape.member) for word in words]
    if len(words) > 1:
        fail(f"one value, not {words}")
    if shape.type_name in ("structure", "map"):
        return shorthand(text, shape)
    return scalar(text, shape)


def options_of(words):
    options, name = {}, None
    for word in words:
        if word.startswith("--"):
            name = word[2:]
            if name in options:
                fail(f"--{name} is given twice")
            options[name] = []
        elif name is None:
            fail(f"'{word}' is no option")
        else:
            options[name].append(word)
    return options


def check(service, command, words):
    model = model_of(service)
    operations = {xform_name(name, "-"): name for name in model.operation_names}
    if command not in operations:
        fail(f"'{service}' has no '{command}'")
    shape = model.operation_model(operations[command]).input_shape
    members = {xform_name(name, "-"): name for name in (shape.members if shape else {})}
    parameters = {}
    for option, given in options_of(words).items():
        if option in GLOBAL:
            if len(given) != 1:
                fail(f"--{option} takes one value")
            continue
        option = RENAMED.get((service, command, option), option)
        if option not in members:
            fail(f"there is no option --{option}")
        name = members[option]
        parameters[name] = value_of(given, shape.members[name])
    # What botocore fills in itself.
    for name in shape.members if shape else {}:
        if shape.members[name].metadata.get("idempotencyToken") and name in shape.required_members:
            parameters.setdefault(name, "token")
    report = botocore.validate.ParamValidator().validate(parameters, shape)
    if report.has_errors():
        fail(report.generate_report())
    return parameters


def answer(command, parameters, query):
    with open(os.environ["BACKSTOP_WORLD"]) as file:
        units = json.load(file)["Units"]
    plans = [plan for unit in units for plan in unit.get("BackupPlans", [])]
    if command == "get-backup-plan" and query == "BackupPlan":
        found = [plan["BackupPlan"] for plan in plans if plan["BackupPlanId"] == parameters["BackupPlanId"]]
        return json.dumps(found[0] if found else {"BackupPlanName": "left", "Rules": []})
    if command == "get-backup-selection":
        found = [one["BackupSelection"] for plan in plans for one in plan.get("Selections") or [] if one["SelectionId"] == parameters["SelectionId"]]
        return json.dumps(found[0] if found else {"SelectionName": "left", "IamRoleArn": "arn:aws:iam::111122223333:role/left"})
    if query in ("Policy", "Attributes.Policy"):
        return '{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}]}'
    return ""


service, command, *words = sys.argv[1:]
parameters = check(service, command, words)
with open(os.environ["BACKSTOP_CALLS"], "a") as calls:
    calls.write(json.dumps({"call": f"{service} {command}", "parameters": parameters}) + "\n")
if SILENT.match(command):
    print(answer(command, parameters, " ".join(options_of(words).get("query", []))))
