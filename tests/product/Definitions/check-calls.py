"""Compares calls with the API definitions that gcloud's own clients are generated from.

Reads a line of JSON for each call (api, verb, path, query, body) and prints a line for each thing that Google does not define.
The argument is the folder of the Google Cloud CLI.
"""

import importlib
import json
import re
import sys

ROOT = sys.argv[1]
sys.path[:0] = [f"{ROOT}/lib", f"{ROOT}/lib/third_party"]

from apitools.base.protorpclite import messages  # noqa: E402
from apitools.base.py import base_api, encoding  # noqa: E402

VERSIONS = {
    "cloudresourcemanager": ["v1", "v3"], "compute": ["v1"], "connectgateway": ["v1"], "container": ["v1"], "gkehub": ["v1"],
    "iam": ["v1"], "iamcredentials": ["v1"], "privateca": ["v1"], "serviceusage": ["v1"],
}
STANDARD = {"alt", "fields", "key", "prettyPrint", "quotaUser"}


def methods(api):
    for version in VERSIONS[api]:
        package = f"googlecloudsdk.generated_clients.apis.{api}.{version}.{api}_{version}"
        module = importlib.import_module(f"{package}_client")
        types = importlib.import_module(f"{package}_messages")
        client = next(c for c in vars(module).values() if isinstance(c, type) and issubclass(c, base_api.BaseApiClient))
        for service in vars(client).values():
            if isinstance(service, type) and issubclass(service, base_api.BaseApiService):
                for method in vars(service).values():
                    if hasattr(method, "method_config"):
                        config = method.method_config()
                        path = (client.BASE_URL.split("/", 3)[3] if api == "compute" else "") + (config.flat_path or config.relative_path)
                        pattern = "".join("[^/:]+" if part.startswith("{") else re.escape(part) for part in re.split(r"({[^}]*})", path))
                        yield config, re.compile(f"{pattern}$"), types


def unknown(message, place=""):
    for name in message.all_unrecognized_fields():
        yield f"{place}{name}"
    for field in message.all_fields():
        value = getattr(message, field.name)
        for item in value if field.repeated else [value]:
            if isinstance(item, messages.Message):
                yield from unknown(item, f"{place}{field.name}.")


def problems(call, known):
    path = call["path"].removeprefix(f"/{call['api']}").lstrip("/")
    if call["api"] == "compute" and not path.startswith("compute/"):
        path = f"compute/{path}"
    found = next((m for m in known if m[0].http_method == call["verb"] and m[1].match(path)), None)
    if found is None:
        yield "there is no such method"
        return
    config, _, types = found
    allowed = STANDARD | {re.sub("_(.)", lambda m: m[1].upper(), name) for name in config.query_params}
    allowed |= {name.replace("_", ".", 1) for name in config.query_params}
    for name in call["query"]:
        if name not in allowed:
            yield f"{config.method_id} has no parameter {name}"
    if not call["body"]:
        return
    if not config.request_field:
        yield f"{config.method_id} takes no body"
        return
    request = getattr(types, config.request_type_name)
    body = request if config.request_field == "<request>" else request.field_by_name(config.request_field).type
    try:
        for name in unknown(encoding.JsonToMessage(body, json.dumps(call["body"]))):
            yield f"{config.method_id} has no field {name}"
    except (messages.Error, ValueError) as error:
        yield f"{config.method_id}: {error}"


table = {}
for line in sys.stdin:
    one = json.loads(line)
    if one["api"] not in table:
        table[one["api"]] = list(methods(one["api"]))
    for problem in problems(one, table[one["api"]]):
        print(f"{one['verb']} {one['path']}: {problem}")
