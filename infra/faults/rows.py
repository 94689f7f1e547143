"""What the rows of `make faults` are made of: a person who asks the API, and what was wanted beside what was seen."""

import dataclasses
import json
import pathlib
import secrets
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import places
import seed

CALL_S_MAX = 60
JOB_S_MAX = 480
POLL_S = 1.5
# An answer that an uploaded file was looked at; an image takes a second, a video some.
UPLOAD_S_MAX = 240
DOCUMENT = places.ROOT / "docs" / "openapi.json"

# What was asked, what is right, what came.
Seen = tuple[str, Any, Any]


@dataclasses.dataclass(frozen=True)
class Row:
    """One fault that was found once: how to see that it is gone."""

    name: str
    what: str
    ask: Callable[["World"], Iterator[Seen]]


ROWS: list[Row] = []


def row(name: str, what: str) -> Callable:
    """Registers a function as a row; it yields what it asked, what is right, and what came."""

    def register(ask: Callable[["World"], Iterator[Seen]]) -> Callable:
        ROWS.append(Row(name, what, ask))
        return ask

    return register


@dataclasses.dataclass(frozen=True)
class Answer:
    """One answer of the API."""

    status: int
    headers: dict[str, str]
    body: Any

    @property
    def data(self) -> Any:
        """What a success answers with; a refusal stops the row."""
        if self.status >= 300:
            raise Unexpected(f"{self.status} {self.body}")
        return self.body["data"] if isinstance(self.body, dict) and "data" in self.body else self.body

    @property
    def refusal(self) -> tuple:
        """Status, code and, where there is one, the field."""
        error = self.body.get("error", {}) if isinstance(self.body, dict) else {}
        field = (error.get("details") or {}).get("field")
        return (self.status, error.get("code"), field) if field else (self.status, error.get("code"))


class Unexpected(Exception):
    """A row could not ask what it wanted to ask; the text says why."""


class Person:
    """A caller of one API; without credentials it is a stranger."""

    def __init__(self, api_url: str, headers: dict[str, str] | None = None, email: str = ""):
        self.api_url, self.headers, self.email = api_url, headers or {}, email

    def also(self, **headers: str) -> "Person":
        """The same person with further headers; `_` stands for `-`."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return Person(self.api_url, self.headers | named, self.email)

    def get(self, path: str) -> Answer:
        return self.send("GET", path)

    def post(self, path: str, body: Any = None) -> Answer:
        return self.send("POST", path, body)

    def patch(self, path: str, body: Any) -> Answer:
        return self.send("PATCH", path, body)

    def delete(self, path: str) -> Answer:
        return self.send("DELETE", path)

    def send(self, method: str, path: str, body: Any = None, raw: bytes | None = None) -> Answer:
        """One call; waits where a rate limit says so. `raw` is a body that is no JSON of ours."""
        data = raw if raw is not None or body is None else json.dumps(body).encode()
        while True:
            answer = self.once(method, path, data)
            if answer.refusal != (429, "rate_limited"):
                return answer
            time.sleep(int(answer.headers.get("retry-after", "1")))

    def once(self, method: str, path: str, data: bytes | None) -> Answer:
        headers = {"content-type": "application/json"} | self.headers
        request = urllib.request.Request(self.api_url + path, method=method, data=data, headers=headers)
        try:
            with urllib.request.urlopen(request, timeout=CALL_S_MAX) as answer:
                return answer_of(answer.status, answer.headers, answer.read())
        except urllib.error.HTTPError as error:
            return answer_of(error.code, error.headers, error.read())

    def project(self, **settings: Any) -> str:
        """A new project; answers with its id."""
        return self.post("/v1/projects", {"settings": {"keyword": "How bees make honey"} | settings}).data["id"]

    def made(self, project: str, kind: str, body: dict | None = None) -> dict:
        """Starts a job and waits for its end; answers with its last status."""
        job = self.post(f"/v1/projects/{project}/{kind}", body).data["job_id"]
        deadline = time.monotonic() + JOB_S_MAX
        while time.monotonic() < deadline:
            status = self.get(f"/v1/projects/{project}/generation-status/{job}").data
            if status["status"] in ("completed", "failed"):
                return status
            time.sleep(POLL_S)
        raise Unexpected(f"job {job} did not end within {JOB_S_MAX} s")

    def uploaded(self, kind: str, content_type: str, file: pathlib.Path) -> dict:
        """Uploads a file and waits until it was looked at; answers with the asset."""
        data = file.read_bytes()
        declared = {"kind": kind, "content_type": content_type, "size_bytes": len(data)}
        asset = self.post("/v1/assets", declared).data
        put = urllib.request.Request(
            asset["upload"]["url"], method="PUT", data=data, headers=asset["upload"]["headers"]
        )
        with urllib.request.urlopen(put, timeout=CALL_S_MAX):
            pass
        self.post(f"/v1/assets/{asset['id']}/complete")
        deadline = time.monotonic() + UPLOAD_S_MAX
        while time.monotonic() < deadline:
            asset = self.get(f"/v1/assets/{asset['id']}").data
            if asset["status"] in ("ready", "refused"):
                return asset
            time.sleep(POLL_S)
        raise Unexpected(f"asset {asset['id']} was not looked at within {UPLOAD_S_MAX} s")


def answer_of(status: int, headers: Any, text: bytes) -> Answer:
    try:
        body = json.loads(text) if text else None
    except ValueError:
        body = text.decode(errors="replace")
    return Answer(status, {name.lower(): value for name, value in headers.items()}, body)


class World:
    """One running stack and the people who try it."""

    def __init__(self, stack: dict):
        self.stack = stack
        self.stranger = Person(stack["api_url"])
        self.document = json.loads(DOCUMENT.read_text())
        self._customer: Person | None = None

    def address(self, name: str) -> str:
        """An address that nobody has."""
        return f"{name}-{secrets.token_hex(6)}@example.com"

    @property
    def customer(self) -> Person:
        """One customer for every row that leaves nothing behind."""
        if self._customer is None:
            self._customer = self.newcomer("customer")
        return self._customer

    def newcomer(self, name: str) -> Person:
        """A new person with the gift of a sign-up."""
        email, password = self.address(name), seed.password()
        self.stranger.post("/v1/auth/signup", {"email": email})
        code = self.stack["confirmation_code"]
        self.stranger.post("/v1/auth/confirm", {"email": email, "code": code, "password": password})
        return self.logged_in(email, password)

    def logged_in(self, email: str, password: str) -> Person:
        tokens = self.stranger.post("/v1/auth/login", {"email": email, "password": password}).data
        return Person(self.stack["api_url"], {"authorization": f"Bearer {tokens['access_token']}"}, email)
