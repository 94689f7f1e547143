"""Sample events of `events/<function>/<case>.json`: reads one, and writes out one that is given in short.

A short sample is an object with `method` and `path`; everything else may be left out. The rule, also that of
`tests/testkit/src/events.rs`:

- `path` names its parameters where they stand: `/v1/projects/{project_id=prj_1}?limit=2`;
- `caller` is what differs from the first customer (`CALLER`), a field that is null has none; null is nobody;
- `body` that is no text is sent as JSON; a text is sent as it is;
- `headers` come to the usual ones (`content-type` with a body, `authorization` with a caller); null takes one away.
"""

import json
import pathlib
import re
import urllib.parse

import places

PARAMETER = re.compile(r"\{(\w+)=([^}]*)\}")
CALLER = {
    "account_id": "acct_00000000000000000000000001",
    "scopes": ["create", "read", "delete"],
    "plan": "free",
    "role": "customer",
}
# The last moment is the clock of the tests: 2026-11-21T08:00:00Z.
CONTEXT = {
    "accountId": "000000000000",
    "apiId": "sample",
    "domainName": "api.example.com",
    "domainPrefix": "api",
    "requestId": "sample",
    "stage": "$default",
    "time": "21/Nov/2026:08:00:00 +0000",
    "timeEpoch": 1795248000000,
}
SOURCE = {"protocol": "HTTP/1.1", "sourceIp": "192.0.2.1", "userAgent": "sample/1"}
HEADERS = {"accept": "application/json", "host": "api.example.com", "user-agent": "sample/1"}


def without_nulls(fields: dict) -> dict:
    return {name: value for name, value in fields.items() if value is not None}


def expanded(sample: dict) -> dict:
    """The event of a sample: what is in full stays as it is."""
    if not {"method", "path"} <= sample.keys():
        return sample
    method, (path, _, query) = sample["method"], sample["path"].partition("?")
    route = "ANY " + PARAMETER.sub(r"{\1}", path)
    raw = PARAMETER.sub(r"\2", path)
    caller, body = sample.get("caller", {}), sample.get("body")
    context = CONTEXT | {"http": {"method": method, "path": raw} | SOURCE, "routeKey": route}
    headers = dict(HEADERS)
    if body is not None:
        headers["content-type"] = "application/json"
    if caller is not None:
        headers["authorization"] = "Bearer (redacted)"
        found = json.dumps(without_nulls(CALLER | caller), ensure_ascii=False)
        context["authorizer"] = {"lambda": {"caller": found}}
    event = {
        "version": "2.0",
        "routeKey": route,
        "rawPath": raw,
        "rawQueryString": query,
        "headers": without_nulls(headers | sample.get("headers", {})),
        "requestContext": context,
        "isBase64Encoded": False,
    }
    if parameters := dict(PARAMETER.findall(path)):
        event["pathParameters"] = parameters
    if query:
        event["queryStringParameters"] = dict(urllib.parse.parse_qsl(query, keep_blank_values=True))
    if body is not None:
        event["body"] = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    return event


def path_of(function: str, case: str) -> pathlib.Path:
    return places.ROOT / "events" / function / f"{case}.json"


def read(function: str, case: str) -> dict:
    """The event of a case."""
    return expanded(json.loads(path_of(function, case).read_text()))
