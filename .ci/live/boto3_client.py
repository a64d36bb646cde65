"""boto3 as a reader of the project's test server: speaking the protocols that the collector's SDK speaks, and compared with what a
world file holds.
"""

import contextlib
import datetime
import json
import os
import subprocess
import sys
import tempfile

for name in [name for name in os.environ if name.startswith("AWS_")]:
    del os.environ[name]

import boto3
import botocore.config
import botocore.exceptions
import botocore.loaders
import botocore.session


class Loader(botocore.loaders.Loader):
    """Where AWS serves several protocols, botocore chooses another than the collector's SDK: CBOR for the tagging API, JSON for
    CloudWatch."""

    def load_service_model(self, service_name, type_name, api_version=None):
        model = super().load_service_model(service_name, type_name, api_version)
        if service_name == "resourcegroupstaggingapi" and type_name == "service-2":
            model["metadata"].update(protocol="json", protocols=["json"])
        if service_name == "cloudwatch" and type_name == "service-2":
            model["metadata"].update(protocol="smithy-rpc-v2-cbor", protocols=["smithy-rpc-v2-cbor"])
        return model


def session(key="test", secret="test", token=None):
    core = botocore.session.get_session()
    core.register_component("data_loader", Loader())
    return boto3.Session(key, secret, token, "us-east-1", botocore_session=core)


def plain(value):
    """boto3's values as the world file writes them."""
    if isinstance(value, datetime.datetime):
        return round(value.timestamp(), 3)
    if isinstance(value, dict):
        return {key: plain(member) for key, member in value.items() if key != "ResponseMetadata"}
    if isinstance(value, list):
        return [plain(item) for item in value]
    return value


def known(value, by):
    """The world's value without the members that AWS's models, and so boto3, do not know."""
    if isinstance(value, dict) and isinstance(by, dict):
        return {key: known(member, by.get(key)) for key, member in value.items() if key in by}
    if isinstance(value, list) and isinstance(by, list) and len(value) == len(by):
        return [known(item, other) for item, other in zip(value, by)]
    return round(value, 3) if isinstance(value, float) else value


def same(what, got, expected):
    got = plain(got)
    if got != known(expected, got):
        sys.exit(f"{what}: boto3 read\n{json.dumps(got, indent=1)}\nand the world holds\n{json.dumps(expected, indent=1)}")
    return got


def everything(client, operation, member, **arguments):
    if client.can_paginate(operation):
        return [item for page in client.get_paginator(operation).paginate(**arguments) for item in page[member]]
    page = getattr(client, operation)(**arguments)
    token = page.get("NextToken")
    return page[member] + (everything(client, operation, member, **dict(arguments, NextToken=token)) if token else [])


def code(call, **arguments):
    try:
        call(**arguments)
    except botocore.exceptions.ClientError as error:
        return error.response["Error"]["Code"]
    return None


def without(items, *members):
    return [{name: value for name, value in item.items() if name not in members} for item in items]


def epoch(text):
    return datetime.datetime.fromisoformat(text).timestamp()


def names(items, identity):
    return [item[identity] for item in items]


DENIED = ("AccessDenied", "AccessDeniedException", "AuthorizationError", "UnauthorizedOperation")


def seen(what, holder, member, read):
    """A member that comes from a call of its own: what the world holds, or a refusal where it is left out."""
    if member in holder:
        same(what, read(), holder[member])
        return
    try:
        got = read()
    except botocore.exceptions.ClientError as error:
        assert error.response["Error"]["Code"] in DENIED, error
    else:
        sys.exit(f"{what}: boto3 read {got}, and the world does not show it")


@contextlib.contextmanager
def serving(binary, world, *arguments):
    """A server for this world, its URL, and a maker of clients for it."""
    with tempfile.TemporaryDirectory() as directory:
        path = os.path.join(directory, "world.json")
        json.dump(world, open(path, "w"))
        faults = os.path.join(directory, "faults.json")
        json.dump(list(arguments), open(faults, "w"))
        command = [binary, path, "--page-size", "2", "--faults", faults]
        server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            url = server.stdout.readline().strip()
            aws, quick = session(), botocore.config.Config(retries={"total_max_attempts": 1})
            yield url, lambda service, at: aws.client(service, region_name=at, endpoint_url=url, config=quick)
        finally:
            server.stdin.close()
            server.wait()
