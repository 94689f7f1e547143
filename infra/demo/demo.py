"""`make demo`: from nothing to an MP4, through the public API only, with the receipt at the end.

Reads KEYWORD, DURATION, LANGUAGE, ASPECT and OUT from the environment. The last line is one JSON object:
`{"job_id","video","duration_s","width","height","elapsed_s","credits":{"held","charged","released"}}`.
Exit 0 only when the file is an MP4 of the asked shape and every held credit was charged or released.
"""

import datetime
import json
import os
import pathlib
import sys
import time
import urllib.request
import uuid

import client
import mp4
import places
import up

JOB_S_MAX = 900
# Twice a second looks alive, and stays below the 100 requests a minute of an account.
POLL_S = 0.75
DOWNLOAD_S_MAX = 120
SIZES = {"9:16": (1080, 1920), "16:9": (1920, 1080), "1:1": (1080, 1080)}
STEPS = ("script", "images", "voice", "composition")
BAR_CELLS = 24
# What a receipt counts; the price list charges seconds by the started ten.
UNITS = {
    "script_generation": "script",
    "image_generation": "images",
    "voice_synthesis": "seconds",
    "video_generation": "seconds",
}


class Failed(Exception):
    """The demo did not end well; the text says why."""


def asked() -> dict:
    """What to make; the API checks the values, except that a duration must be a number to be sent."""
    text = os.environ.get("DURATION", "30")
    try:
        duration_s = int(text)
    except ValueError as error:
        raise Failed(f"DURATION is whole seconds, not {text!r}") from error
    return {
        "keyword": os.environ.get("KEYWORD", "How bees make honey"),
        "duration_s": duration_s,
        "language": os.environ.get("LANGUAGE", "en"),
        "aspect": os.environ.get("ASPECT", "9:16"),
    }


def log_in(stack: dict) -> client.Client:
    """The seeded customer, as a person and not as a program."""
    api = client.Client(stack["api_url"])
    tokens = api.post("/v1/auth/login", {"email": stack["user_email"], "password": stack["user_password"]})
    return api.with_token(tokens["access_token"])


class Bars:
    """One bar per step: redrawn in place on a terminal, one line per change elsewhere."""

    def __init__(self):
        self.live = sys.stdout.isatty()
        self.shown: dict[str, str] = {}

    def show(self, status: dict) -> None:
        lines = {step: bar(step, status) for step in STEPS}
        if self.live:
            print(f"\x1b[{len(STEPS)}A" if self.shown else "", end="")
            print("".join(f"\x1b[2K{line}\n" for line in lines.values()), end="", flush=True)
        else:
            for step, line in lines.items():
                if self.shown.get(step) != line:
                    print(line, flush=True)
        self.shown = lines


def bar(step: str, status: dict) -> str:
    """One step's line."""
    state = status["steps"].get(step, {}).get("state", "waiting")
    cells = round(share(step, state, status) * BAR_CELLS)
    return f"  {step:<12} [{'#' * cells}{'.' * (BAR_CELLS - cells)}] {state}{seconds(status['steps'].get(step, {}))}"


def share(step: str, state: str, status: dict) -> float:
    """How much of a step is done, 0 to 1; only images are counted while they are made."""
    if state == "done":
        return 1.0
    if state != "running" or step != "images":
        return 0.0
    each = 100 // max(1, len(status["steps"]))
    done = each * sum(1 for other in status["steps"].values() if other["state"] == "done")
    return max(0.0, min(1.0, (status["progress"] - done) / each))


def seconds(step: dict) -> str:
    """How long a step took, once it has ended."""
    if not (step.get("started_at") and step.get("ended_at")):
        return ""
    began, ended = (datetime.datetime.fromisoformat(step[name]) for name in ("started_at", "ended_at"))
    return f" in {(ended - began).total_seconds():.1f} s"


def wait(api: client.Client, project_id: str, job_id: str) -> dict:
    """Shows the progress until the job has ended."""
    bars = Bars()
    deadline = time.monotonic() + JOB_S_MAX
    while time.monotonic() < deadline:
        status = api.get(f"/v1/projects/{project_id}/generation-status/{job_id}")
        bars.show(status)
        if status["status"] == "completed":
            return status
        if status["status"] == "failed":
            error = status.get("error") or {}
            raise Failed(f"the job failed: {error.get('code')}: {error.get('message')}")
        time.sleep(POLL_S)
    raise Failed(f"the job did not end within {JOB_S_MAX} s")


def download(url: str, out: pathlib.Path) -> None:
    """Fetches the video by its presigned link, without credentials."""
    out.parent.mkdir(parents=True, exist_ok=True)
    part = out.with_name(out.name + ".part")
    with urllib.request.urlopen(url, timeout=DOWNLOAD_S_MAX) as answer:
        part.write_bytes(answer.read())
    part.replace(out)


def print_receipt(receipt: dict) -> None:
    """Every line, also what was not charged and why."""
    print("receipt")
    for line in receipt["lines"]:
        why = f"  (not charged: {line['not_charged']})" if line.get("not_charged") else ""
        what = f"{line['resource']} by {line['provider']}"
        print(
            f"  {what:<28} {line['quantity']:>5} {UNITS.get(line['resource'], ''):<9}{line['charged']:>5} credits{why}"
        )
    print(f"  held {receipt['held']}, charged {receipt['charged']}, released {receipt['released']}")


def checked(settings: dict, receipt: dict, facts: dict) -> None:
    """Says what is not true, if anything."""
    wanted = SIZES[settings["aspect"]]
    if (facts["width"], facts["height"]) != wanted:
        raise Failed(f"the video is {facts['width']}x{facts['height']}, not {wanted[0]}x{wanted[1]}")
    if facts["duration_s"] <= 0:
        raise Failed("the video is empty")
    if receipt["charged"] + receipt["released"] != receipt["held"]:
        raise Failed("charged and released are not what was held")


def run() -> dict:
    """Makes the video and answers with the last line."""
    settings, out = asked(), pathlib.Path(os.environ.get("OUT") or "demo.mp4")
    up.functions.build()
    place = places.place(test=False)
    with place.alone():
        stack = up.up(place)
    began = time.monotonic()
    api = log_in(stack)
    project = api.post("/v1/projects", {"settings": settings}, idempotency_key=str(uuid.uuid4()))
    path = f"/v1/projects/{project['id']}/generate-all"
    job_id = api.post(path, {}, idempotency_key=str(uuid.uuid4()))["job_id"]
    print(f"{job_id}: {settings['keyword']}", flush=True)
    status = wait(api, project["id"], job_id)
    download(status["result"]["video_url"], out)
    facts, receipt = mp4.facts(out), status["receipt"]
    print_receipt(receipt)
    checked(settings, receipt, facts)
    return {
        "job_id": job_id,
        "video": str(out),
        **facts,
        "elapsed_s": round(time.monotonic() - began, 1),
        "credits": {name: receipt[name] for name in ("held", "charged", "released")},
    }


def main() -> int:
    try:
        print(json.dumps(run()))
    except (Failed, client.Refused, mp4.NotAnMp4, OSError) as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    up.in_own_environment(__file__)
    sys.exit(main())
