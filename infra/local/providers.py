"""Starts and stops the fake Stripe and the fake Creem of one place, and sends their webhooks to its API.

They are one process, `fake-providers` of `tests/fake-providers`: pages that a person can click, an API as the providers' own, and
webhooks that are signed. What they know is in memory: an older process's checkouts are gone, its credits stay.
"""

import json
import re
import socket
import urllib.error
import urllib.parse
import urllib.request
from typing import Any

import functions
import places
import process

PROGRAM = "fake-providers"
PROVIDERS = ("stripe", "creem")
# Keys and secrets of fakes: their names say that they are worth nothing.
API_KEYS = {"stripe": "sk_test_local", "creem": "creem_test_local"}
WEBHOOK_SECRETS = {"stripe": "whsec_local_stripe_worth_nothing", "creem": "whsec_local_creem_worth_nothing"}
PRICE_PREFIXES = {"stripe": "price_", "creem": "prod_"}
START_S_MAX = 20
# Long: a delivery of many events waits for every answer.
CALL_S_MAX = 300
PAGE_S_MAX = 35


class PageClosed(Exception):
    """A page of a provider cannot be used so; the text says why."""


class NoRedirect(urllib.request.HTTPRedirectHandler):
    """Where a form sends the browser is looked at, not visited."""

    def redirect_request(self, *_arguments):
        return None


BROWSER = urllib.request.build_opener(NoRedirect)


def press(url: str, act: str) -> str:
    """Posts a page's form with one of its buttons; answers with where the browser is sent.

    Errors: `PageClosed`.
    """
    with urllib.request.urlopen(url, timeout=PAGE_S_MAX) as page:
        shown = page.read().decode()
    if not re.search(rf'<button[^>]*name="?act"?[^>]*value="?{act}"?[ >]', shown):
        raise PageClosed(f"the page {url} has no button {act}")
    try:
        BROWSER.open(url, data=urllib.parse.urlencode({"act": act}).encode(), timeout=PAGE_S_MAX)
    except urllib.error.HTTPError as answer:
        if answer.code == 303:
            return answer.headers["location"]
        raise
    raise PageClosed(f"the page {url} sends its customer nowhere")


def process_of(place: places.Place) -> process.Process:
    """The process of the fake providers."""
    return process.Process(place.providers)


def running(place: places.Place) -> bool:
    """Whether the fake providers of a place run."""
    return process_of(place).running()


def urls(place: places.Place) -> dict:
    """Base address by provider."""
    ports = process_of(place).recorded()["ports"]
    return {provider: f"http://{process.HOST}:{ports[provider]}" for provider in PROVIDERS}


def ports_for(place: places.Place) -> dict:
    """The ports of last time, because the deployed functions call them; free ones at first, and when one is taken."""
    last = process_of(place).recorded().get("ports", {})
    probes = {provider: socket.socket() for provider in PROVIDERS}
    try:
        for provider, probe in probes.items():
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((process.HOST, last.get(provider, 0)))
            except OSError:
                probe.bind((process.HOST, 0))
        return {provider: probe.getsockname()[1] for provider, probe in probes.items()}
    finally:
        for probe in probes.values():
            probe.close()


def start(place: places.Place) -> bool:
    """Starts them unless today's program runs already; True when they were started now."""
    program = functions.fingerprint(PROGRAM)
    if running(place):
        if process_of(place).recorded().get("program") == program:
            return False
        stop(place)
    ports = ports_for(place)
    command = [str(functions.BINARIES / PROGRAM), *(str(ports[provider]) for provider in PROVIDERS)]
    started = process_of(place).start(command, place.providers_log, {}, ports=ports, program=program)

    def answer() -> None:
        for url in urls(place).values():
            control(url, "state")

    process.wait_until(answer, started, f"the fake providers (see {place.providers_log})", START_S_MAX)
    return True


def stop(place: places.Place) -> bool:
    """Stops exactly what `start` started; True when something was stopped."""
    return process_of(place).stop()


def control(url: str, what: str, body: dict | None = None) -> Any:
    """Calls the control API of one provider; a call without a body reads."""
    request = urllib.request.Request(
        f"{url}/_control/{what}",
        data=None if body is None else json.dumps(body).encode(),
        headers={"content-type": "application/json"},
    )
    with urllib.request.urlopen(request, timeout=CALL_S_MAX) as answer:
        return json.loads(answer.read())


def parameters(place: places.Place) -> dict:
    """What the providers are to the template: where they are and what they sell."""
    prices = {}
    for provider, url in urls(place).items():
        ids = [item["price_id"] for item in control(url, "state")["catalogue"]]
        prices[provider] = json.dumps({price.removeprefix(PRICE_PREFIXES[provider]): price for price in ids})
    return {
        "StripeApiUrl": urls(place)["stripe"],
        "StripePrices": prices["stripe"],
        "CreemApiUrl": urls(place)["creem"],
        "CreemProducts": prices["creem"],
    }


def secrets() -> dict:
    """The secrets that functions read, by name: each provider's key and what it signs with."""
    return {
        f"{places.STACK_NAME}/{provider}": {"api_key": API_KEYS[provider], "webhook_secrets": WEBHOOK_SECRETS[provider]}
        for provider in PROVIDERS
    }


def send_webhooks_to(place: places.Place, api_url: str) -> None:
    """Tells each provider where its webhooks go; a repeat changes nothing."""
    for provider, url in urls(place).items():
        hook = f"{api_url}/v1/webhooks/{provider}"
        control(url, "endpoint", {"url": hook, "secret": WEBHOOK_SECRETS[provider]})
