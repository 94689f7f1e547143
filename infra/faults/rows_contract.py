"""Rows about the contract: what the document says, what the server takes, and how it says no."""

import gzip
import secrets
from collections.abc import Iterator
from typing import Any

from rows import Seen, World, row

INVALID = "validation_failed"
LISTS = ("/v1/projects", "/v1/assets", "/v1/credit/history")


@row("A9", "a voice that does not exist is refused when it is chosen, and null takes the choice back")
def voices(world: World) -> Iterator[Seen]:
    person = world.customer
    project = person.project()
    path = f"/v1/projects/{project}"
    chosen = person.patch(path, {"settings": {"voice_id": "../../x"}})
    yield "PATCH", (400, "voice_unknown"), chosen.refusal[:2]
    made = person.post("/v1/projects", {"settings": {"keyword": "v", "voice_id": "nope"}})
    yield "POST", (400, "voice_unknown"), made.refusal[:2]
    quoted = person.post("/v1/credit/quote", {"settings": {"keyword": "v", "voice_id": "nope", "duration_s": 5}})
    yield "quote", (400, "voice_unknown"), quoted.refusal[:2]
    voices_there = person.get("/v1/config/voices").data["voices"]
    english = next(voice["id"] for voice in voices_there if voice["language"] == "en")
    person.patch(path, {"settings": {"voice_id": english}}).data  # noqa: B018
    unset = person.patch(path, {"settings": {"voice_id": None}}).data
    yield "null", None, unset["settings"].get("voice_id")
    person.patch("/v1/user/me", {"name": "Ann"}).data  # noqa: B018
    yield "name null", None, person.patch("/v1/user/me", {"name": None}).data.get("name")


@row("A10", "an Idempotency-Key that is no ASCII is refused, not ignored")
def keys_that_are_no_ascii(world: World) -> Iterator[Seen]:
    person = world.customer.also(idempotency_key="cl\xe9-1")
    for _ in range(2):
        refused = person.post("/v1/projects", {"settings": {"keyword": "na"}}).refusal
        yield "POST /v1/projects", (400, INVALID, "Idempotency-Key"), refused


def schema(world: World, name: str) -> dict[str, Any]:
    return world.document["components"]["schemas"][name]


@row("A13", "the document says the limits that the server holds")
def limits_of_the_document(world: World) -> Iterator[Seen]:
    for path in LISTS:
        parameters = world.document["paths"][path]["get"]["parameters"]
        found = next((one for one in parameters if one.get("name") == "limit"), None)
        bounds = (found or {}).get("schema", {})
        yield f"limit of {path}", (1, 100), (bounds.get("minimum"), bounds.get("maximum"))
        asked = [world.customer.get(f"{path}?limit={limit}").status for limit in (0, 1, 100, 101)]
        yield f"{path}?limit= 0, 1, 100, 101", [400, 200, 200, 400], asked
    keyword = schema(world, "SettingsDraft")["properties"]["keyword"]
    yield "keyword", (1, 200), (keyword.get("minLength"), keyword.get("maxLength"))
    scopes = schema(world, "CreateKeyRequest")["properties"]["scopes"]
    yield "scopes of a key", 1, scopes.get("minItems")
    items = schema(world, "ConsumeRequest")["properties"]["items"]
    yield "items of a use", (1, 20), (items.get("minItems"), items.get("maxItems"))
    email = schema(world, "InviteMemberRequest")["properties"]["email"]
    yield "address of a member", "email", email.get("format")
    status = schema(world, "JobView")["properties"]["status"]
    yield "status of a job is one of a list", True, "enum" in status or "$ref" in status


@row("A14", "generators can read the document")
def generators(world: World) -> Iterator[Seen]:
    nulls = [
        f"{name}.{field}"
        for name, one in world.document["components"]["schemas"].items()
        for field, value in one.get("properties", {}).items()
        if "default" in value and value["default"] is None
    ]
    yield "defaults that are null", [], nulls
    inline = [
        name
        for name, one in world.document["components"]["schemas"].items()
        if name.startswith("PageView_") and "$ref" not in one["properties"]["items"]["items"]
    ]
    yield "lists whose items have no name", [], inline
    mixed = [
        name
        for name, one in world.document["components"]["schemas"].items()
        for part in one.get("allOf", [])
        if "oneOf" in part
        or ("oneOf" in schema(world, part.get("$ref", "/Notice").rsplit("/", 1)[1]) and "$ref" in part)
    ]
    yield "mixtures of a choice and an object", [], mixed


@row("A16", "one notation of fields, one rule of numbers")
def fields_of_errors(world: World) -> Iterator[Seen]:
    for quantity in (0, -5):
        item = {"kind": "ai_request", "resource_type": "chat", "resource_id": "1", "quantity": quantity}
        answer = world.customer.post("/v1/usage", {"items": [item]})
        yield f"quantity {quantity}", (400, INVALID, "items[0].quantity"), answer.refusal
        yield "rule", "range", answer.body["error"]["details"]["rule"]
    size = world.customer.post("/v1/assets", {"kind": "image", "content_type": "image/png", "size_bytes": -1})
    yield "size_bytes -1", (400, INVALID, "size_bytes"), size.refusal
    yield "rule", "range", size.body["error"]["details"]["rule"]


@row("A17", "an upload names only the headers that are signed")
def headers_of_uploads(world: World) -> Iterator[Seen]:
    asset = {"kind": "image", "content_type": "image/png", "size_bytes": 100}
    upload = world.customer.post("/v1/assets", asset).data["upload"]
    yield "headers", ["content-type"], sorted(upload["headers"])


@row("A19", "what the query does not know is refused")
def queries(world: World) -> Iterator[Seen]:
    for path, field in (
        ("/v1/credit/history?kind=hold", "kind"),
        ("/v1/projects?limit=1&limit=100", "limit"),
        ("/v1/usage?days=0", "days"),
    ):
        yield path, (400, INVALID, field), world.customer.get(path).refusal


@row("C23", "a number of a query is digits")
def numbers_of_queries(world: World) -> Iterator[Seen]:
    yield "limit=+5", (400, INVALID, "limit"), world.customer.get("/v1/projects?limit=%2B5").refusal


@row("A20", "JSON that is none is told where it ends to be it")
def json_that_is_none(world: World) -> Iterator[Seen]:
    person = world.customer
    for name, raw in (
        ("cut", b'{"settings": {"keyword"'),
        ("a BOM", b'\xef\xbb\xbf{"settings": {"keyword": "x"}}'),
        ("1e400", b'{"settings": {"keyword": "x", "speed": 1e400}}'),
        ("half a surrogate", b'{"settings": {"keyword": "\\ud800"}}'),
        ("nothing", b""),
    ):
        answer = person.send("POST", "/v1/projects", raw=raw)
        details = answer.body["error"].get("details") or {}
        yield name, (400, "malformed_json"), answer.refusal[:2]
        yield "where", True, "line" in details and "column" in details
    for name, content_type in (
        ("text", "text/plain"),
        ("XML", "application/xml"),
        ("UTF-16", "application/json; charset=utf-16"),
    ):
        answer = person.also(content_type=content_type).post("/v1/projects", {"settings": {"keyword": "x"}})
        yield name, (415, "unsupported_media_type"), answer.refusal[:2]
    packed = person.also(content_encoding="gzip").send("POST", "/v1/projects", raw=gzip.compress(b"{}"))
    yield "gzip", (415, "unsupported_media_type"), packed.refusal[:2]


@row("A21", "times are RFC 3339, all of it and nothing else")
def times(world: World) -> Iterator[Seen]:
    person = world.newcomer("times")
    for text, wanted in (("9999-12-31T23:59:59Z", 201), ("20991201T000000Z", 400), ("2099-12-01 00:00:00", 400)):
        key = {"name": "k", "scopes": ["read"], "expires_at": text}
        yield text, wanted, person.post("/v1/api-keys", key).status


@row("C20", "the same use with another quantity is not counted as the first")
def use_that_changes(world: World) -> Iterator[Seen]:
    item = {"kind": "ai_request", "resource_type": "chat", "resource_id": secrets.token_hex(4)}
    first = world.customer.post("/v1/usage", {"items": [item | {"quantity": 3}]})
    yield "three", (200, False), (first.status, first.body["data"]["repeated"])
    again = world.customer.post("/v1/usage", {"items": [item | {"quantity": 3}]})
    yield "three again", (200, True), (again.status, again.body["data"]["repeated"])
    other = world.customer.post("/v1/usage", {"items": [item | {"quantity": 4}]})
    yield "four", (409, "conflict"), other.refusal[:2]


@row("E1", "a chosen look can be read back")
def looks(world: World) -> Iterator[Seen]:
    person = world.customer
    made = person.post("/v1/projects", {"settings": {"keyword": "x", "template": "bold"}}).data
    yield "template", "bold", made["settings"].get("template")
    usual = person.post("/v1/projects", {"settings": {"keyword": "x"}}).data
    yield "the usual one", "default", usual["settings"].get("template")


@row("A15", "what is no path, or has no such method, is refused in the envelope")
def outside_of_the_routes(world: World) -> Iterator[Seen]:
    empty = "/v1/projects/prj_01J00000000000000000000000/generation-status/"
    for path in ("/v1/nope", empty):
        yield path, (404, "not_found"), world.customer.get(path).refusal
    refused = world.customer.send("PUT", "/v1/projects")
    yield "PUT /v1/projects", (405, "method_not_allowed"), refused.refusal
    yield "Allow", "GET, HEAD, OPTIONS, POST", refused.headers.get("allow")
    yield "GET /v1/projects/", 200, world.customer.get("/v1/projects/").status
    head = world.customer.send("HEAD", "/v1/projects")
    yield "HEAD /v1/projects", (200, None), (head.status, head.body)


@row("A18", "a change names the version that it is of")
def versions(world: World) -> Iterator[Seen]:
    path = f"/v1/projects/{world.customer.project()}"
    tag = world.customer.get(path).headers["etag"]
    yield "GET, If-None-Match", 304, world.customer.also(if_none_match=tag).get(path).status
    yield "PATCH, If-Match", 200, world.customer.also(if_match=tag).patch(path, {"name": "Second"}).status
    stale = world.customer.also(if_match=tag).patch(path, {"name": "Third"})
    yield "PATCH of what it was", (412, "precondition_failed"), stale.refusal


@row("A26", "a refusal says what would have been right")
def sentences(world: World) -> Iterator[Seen]:
    for body, sentence in (
        ({"settings": {}}, "settings.keyword is required"),
        ([], "body must be an object"),
        ("", "body must be an object"),
        ({"settings": {"keyword": 7}}, "settings.keyword must be a text"),
    ):
        answer = world.customer.post("/v1/projects", body)
        yield str(body), sentence, answer.body["error"]["message"]
    portal = world.customer.post("/v1/billing/portal", {"provider": "stripe"})
    yield "portal before a purchase", True, "first purchase" in portal.body["error"]["message"]
    project = world.customer.project(duration_s=5)
    job = world.customer.post(f"/v1/projects/{project}/generate-script").data["job_id"]
    busy = world.customer.post(f"/v1/projects/{project}/generate-script")
    yield "a second start", True, busy.status == 202 or busy.body["error"]["details"].get("job_id") == job
