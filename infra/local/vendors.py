"""Starts and stops the fake Stripe and the fake Creem of one place, and sends their webhooks to its API.

They are one process, `fake-providers` of `tests/fake-providers`: pages that a person can click, an API as the vendors' own, and
webhooks that are signed. What they know is in memory: an older process's checkouts are gone, its credits stay.
"""

import contextlib
import json
import os
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from typing import Any

import cloud
import functions
import places

PROGRAM = "fake-providers"
VENDORS = ("stripe", "creem")
# Keys and secrets of fakes: their names say that they are worth nothing.
API_KEYS = {"stripe": "sk_test_local", "creem": "creem_test_local"}
WEBHOOK_SECRETS = {"stripe": "whsec_local_stripe_worth_nothing", "creem": "whsec_local_creem_worth_nothing"}
PRICE_PREFIXES = {"stripe": "price_", "creem": "prod_"}
START_S_MAX = 20
STOP_S_MAX = 10
# Long: a delivery of many events waits for every answer.
CALL_S_MAX = 300


def recorded(place: places.Place) -> dict:
    """What the process file says; empty when they were never started."""
    try:
        return json.loads(place.vendors.read_text())
    except (OSError, ValueError):
        return {}


def running(place: places.Place) -> bool:
    """Whether the recorded process is still the one that was started."""
    process = recorded(place)
    return "pid" in process and cloud.start_time(process["pid"]) == process["started"]


def urls(place: places.Place) -> dict:
    """Base address by vendor."""
    ports = recorded(place)["ports"]
    return {vendor: f"http://{cloud.HOST}:{ports[vendor]}" for vendor in VENDORS}


def ports_for(place: places.Place) -> dict:
    """The ports of last time, because the deployed functions call them; free ones at first, and when one is taken."""
    last = recorded(place).get("ports", {})
    probes = {vendor: socket.socket() for vendor in VENDORS}
    try:
        for vendor, probe in probes.items():
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((cloud.HOST, last.get(vendor, 0)))
            except OSError:
                probe.bind((cloud.HOST, 0))
        return {vendor: probe.getsockname()[1] for vendor, probe in probes.items()}
    finally:
        for probe in probes.values():
            probe.close()


def start(place: places.Place) -> bool:
    """Starts them unless today's program runs already; True when they were started now."""
    program = functions.fingerprint(PROGRAM)
    if running(place):
        if recorded(place).get("program") == program:
            return False
        stop(place)
    ports = ports_for(place)
    with place.vendors_log.open("ab") as log:
        process = subprocess.Popen(
            [functions.BINARIES / PROGRAM, *(str(ports[vendor]) for vendor in VENDORS)],
            cwd=place.folder,
            env={},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    record = {"pid": process.pid, "started": cloud.start_time(process.pid), "ports": ports, "program": program}
    place.vendors.write_text(json.dumps(record))
    deadline = time.monotonic() + START_S_MAX
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit(f"the fake vendors ended while starting, see {place.vendors_log}")
        try:
            for url in urls(place).values():
                control(url, "state")
            return True
        except OSError:
            time.sleep(0.05)
    raise SystemExit(f"the fake vendors did not answer within {START_S_MAX} s, see {place.vendors_log}")


def stop(place: places.Place) -> bool:
    """Stops exactly what `start` started; True when something was stopped."""
    if not running(place):
        return False
    pid = recorded(place)["pid"]
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_S_MAX
    while running(place) and time.monotonic() < deadline:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
        time.sleep(0.02)
    if running(place):
        os.kill(pid, signal.SIGKILL)
    return True


def control(url: str, what: str, body: dict | None = None) -> Any:
    """Calls the control API of one vendor; a call without a body reads."""
    request = urllib.request.Request(
        f"{url}/_control/{what}",
        data=None if body is None else json.dumps(body).encode(),
        headers={"content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=CALL_S_MAX) as answer:
        return json.loads(answer.read())


def parameters(place: places.Place) -> dict:
    """What the vendors are to the template: where they are and what they sell."""
    prices = {}
    for vendor, url in urls(place).items():
        ids = [goods["price_id"] for goods in control(url, "state")["goods"]]
        prices[vendor] = json.dumps({price.removeprefix(PRICE_PREFIXES[vendor]): price for price in ids})
    return {
        "StripeApiUrl": urls(place)["stripe"],
        "StripePrices": prices["stripe"],
        "CreemApiUrl": urls(place)["creem"],
        "CreemProducts": prices["creem"],
    }


def secrets() -> dict:
    """The secrets that functions read, by name: each vendor's key and what it signs with."""
    return {
        f"{places.STACK_NAME}/{vendor}": {"api_key": API_KEYS[vendor], "webhook_secrets": WEBHOOK_SECRETS[vendor]}
        for vendor in VENDORS
    }


def send_webhooks_to(place: places.Place, api_url: str) -> None:
    """Tells each vendor where its webhooks go; a repeat changes nothing."""
    for vendor, url in urls(place).items():
        hook = f"{api_url}/v1/webhooks/{vendor}"
        control(url, "endpoint", {"url": hook, "secret": WEBHOOK_SECRETS[vendor]})
