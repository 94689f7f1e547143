"""A small client of the API, for the scripts beside it; standard library only."""

import json
import pathlib
import urllib.error
import urllib.request

CALL_S_MAX = 35
NO_CONTENT = 204


class Refused(Exception):
    """The API said no; `code` is its stable code."""

    def __init__(self, status: int, code: str, message: str):
        super().__init__(f"{status} {code}: {message}")
        self.status, self.code = status, code


class Client:
    """Calls routes of one API and takes the answer out of its envelope."""

    def __init__(self, api_url: str, headers: dict | None = None):
        self.api_url, self.headers = api_url, headers or {}

    def with_token(self, access_token: str) -> "Client":
        """The same API as a signed-in person."""
        return Client(self.api_url, {"authorization": f"Bearer {access_token}"})

    def get(self, path: str) -> dict:
        return self.call("GET", path, None, {})

    def post(self, path: str, body: dict, idempotency_key: str | None = None) -> dict:
        return self.call("POST", path, body, {"idempotency-key": idempotency_key} if idempotency_key else {})

    def call(self, method: str, path: str, body: dict | None, headers: dict) -> dict:
        """Answers with `data`.

        Errors: `Refused` for every answer that is not a success, also one that is no envelope.
        """
        request = urllib.request.Request(
            self.api_url + path,
            method=method,
            data=None if body is None else json.dumps(body).encode(),
            headers={"content-type": "application/json"} | self.headers | headers,
        )
        try:
            with urllib.request.urlopen(request, timeout=CALL_S_MAX) as answer:
                status, text = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            status, text = error.code, error.read()
        try:
            envelope = json.loads(text or b"{}")
        except ValueError:
            envelope = {}
        if status == NO_CONTENT:
            return {}
        if status >= 300 or envelope.get("success") is not True:
            problem = envelope.get("error") or {"code": "no_envelope", "message": text[:200].decode(errors="replace")}
            raise Refused(status, problem["code"], problem["message"])
        return envelope["data"]


def stack_at(path: str) -> dict:
    """What a `stack.json` says."""
    return json.loads(pathlib.Path(path).read_text())
