"""`make demo-billing`: money in and out, through the public API and the providers' pages, with the ledger at the end.

At each provider a new customer buys a pack and a subscription by posting the page's forms as a browser does. The events
wait; a forged delivery and one that was signed ten minutes ago are refused; then each event is delivered three times in
a shuffled order. Half of the pack's money goes back the same way. At the end the ledger is printed, and its rows, the
balance, the lots and what the provider was paid must agree.

Reads SEED from the environment, which shuffles. The last line is one JSON object:
`{"seed","providers":{"stripe":{"available","paid_cents","refunded_cents","deliveries","refused"},"creem":{...}}}`.
Exit 0 only when every sum agrees.
"""

import datetime
import json
import os
import secrets
import sys
import time
import urllib.parse
from typing import Any

import client
import places
import providers
import seed
import up

PACK, SUBSCRIPTION = "pack_starter", "subscription_starter"
TIMES = 3
# An event is worked on within a second or two; a machine that builds beside needs more.
SETTLED_S_MAX = 90
POLL_S = 0.5
# Providers whose signature holds a time; Creem's does not, so there an old delivery is right and known by its id.
SIGNS_TIME = {"stripe": True, "creem": False}


class Failed(Exception):
    """Something does not agree; the text says what."""


def agree(what: str, found: object, wanted: object) -> None:
    """Stops when two figures that must be the same are not."""
    if found != wanted:
        raise Failed(f"{what}: {found}, not {wanted}")


class Customer:
    """A new person at one provider."""

    def __init__(self, stack: dict, provider: str):
        self.provider, self.url = provider, stack[f"{provider}_url"]
        email, secret = f"{provider}-{secrets.token_hex(6)}@reelsmith.example", seed.password()
        api = client.Client(stack["api_url"])
        api.post("/v1/auth/signup", {"email": email})
        api.post("/v1/auth/confirm", {"email": email, "code": stack["confirmation_code"], "password": secret})
        tokens = api.post("/v1/auth/login", {"email": email, "password": secret})
        self.api = api.with_token(tokens["access_token"])

    def control(self, what: str, body: dict | None = None) -> Any:
        return providers.control(self.url, what, body)

    def buys(self, product: str) -> str:
        """Opens a checkout and pays it on the provider's page; answers with its id."""
        order = {"product": product, "provider": self.provider}
        page = self.api.post("/v1/billing/checkout", order, idempotency_key=secrets.token_hex(8))
        back = providers.press(page["url"], "pay")
        if "checkout=done" not in back:
            raise Failed(f"after paying, the customer is sent to {back}")
        return page["id"]

    def available(self) -> int:
        return self.api.get("/v1/credit/balance")["available"]

    def history(self) -> list[dict]:
        """Every row, oldest first."""
        rows: list[dict] = []
        path: str | None = "/v1/credit/history?limit=100"
        while path:
            page = self.api.get(path)
            rows += page["items"]
            cursor = page.get("next_cursor")
            path = cursor and f"/v1/credit/history?limit=100&cursor={urllib.parse.quote(cursor)}"
        return rows[::-1]

    def waits_for(self, available: int) -> None:
        """Returns when the balance is this."""
        deadline = time.monotonic() + SETTLED_S_MAX
        while (found := self.available()) != available:
            if time.monotonic() > deadline:
                raise Failed(f"{found} credits after {SETTLED_S_MAX} s, not {available}")
            time.sleep(POLL_S)


class Deliveries:
    """The deliveries of one provider; knows which events came since it was made."""

    def __init__(self, customer: Customer, seed_number: int):
        self.customer, self.seed = customer, seed_number
        self.taken = self.refused = 0
        self.known = set(self.all())

    def all(self) -> list[str]:
        return [event["id"] for event in self.customer.control("log")["events"]]

    def new_events(self) -> list[str]:
        """Events that were not delivered yet."""
        return [event for event in self.all() if event not in self.known]

    def set_options(self, **options) -> None:
        self.customer.control("delivery-options", {"mode": "hold", "tries": 1} | options)

    def refuses(self, tamper: str) -> None:
        """Each new event is delivered badly, and none must be taken."""
        self.set_options(tamper=tamper)
        attempts = self.customer.control("deliver", {"events": self.new_events()})
        agree(f"answers to deliveries that are {tamper}", {attempt["status"] for attempt in attempts}, {400})
        self.refused += len(attempts)
        print(f"  {len(attempts)} deliveries that are {tamper}: all refused", flush=True)

    def delivers(self) -> None:
        """Each new event three times, in an order that the seed decides."""
        self.set_options()
        events = self.new_events()
        attempts = self.customer.control("deliver", {"events": events, "times": TIMES, "seed": self.seed})
        agree("answers to deliveries", [attempt["status"] for attempt in attempts], [200] * TIMES * len(events))
        self.taken += len(attempts)
        self.known |= set(events)
        names = ", ".join(attempt["name"] for attempt in attempts)
        print(f"  {len(attempts)} deliveries taken: {names}", flush=True)


def at_provider(stack: dict, provider: str, seed_number: int) -> dict:
    """Everything that one customer does at one provider; answers with its figures."""
    print(f"\n{provider}", flush=True)
    customer = Customer(stack, provider)
    deliveries = Deliveries(customer, seed_number)
    deliveries.set_options()
    try:
        return buy_and_refund(customer, deliveries)
    finally:
        # Whoever clicks next wants webhooks by themselves.
        customer.control("delivery-options", {})


def buy_and_refund(customer: Customer, deliveries: Deliveries) -> dict:
    """Buys, delivers, refunds, compares."""
    gift = customer.available()
    sold = customer.api.get("/v1/billing/packs")
    products = {product["id"]: product for product in sold["packs"] + sold["subscriptions"]}
    checkouts = [customer.buys(PACK), customer.buys(SUBSCRIPTION)]
    deliveries.refuses("forged")
    if SIGNS_TIME[customer.provider]:
        deliveries.refuses("old")
    agree("credits before any delivery was taken", customer.available(), gift)
    deliveries.delivers()
    granted = products[PACK]["credits"] + products[SUBSCRIPTION]["credits"]
    customer.waits_for(gift + granted)
    cents = products[PACK]["price"]["amount_minor"]
    payment = checkout_of(customer.control("state"), checkouts[0])["payment"]
    customer.control("refund", {"payment": payment, "cents": cents // 2})
    deliveries.delivers()
    # Of the pack's credits the share that its money had, rounded down.
    taken = products[PACK]["credits"] * (cents // 2) // cents
    customer.waits_for(gift + granted - taken)
    paid = cents + products[SUBSCRIPTION]["price"]["amount_minor"]
    money = {"paid_cents": paid, "refunded_cents": cents // 2}
    agree("money at the provider", money_of(customer.control("state"), checkouts), money)
    rows = customer.history()
    print_ledger(rows)
    figures = compared(rows, customer.api.get("/v1/credit/balance"), gift + granted, taken)
    print(f"  paid {dollars(paid)}, given back {dollars(cents // 2)}: every sum agrees", flush=True)
    return figures | money | {"deliveries": deliveries.taken, "refused": deliveries.refused}


def checkout_of(state: dict, wanted: str) -> dict:
    """One checkout in what the provider knows."""
    return next(checkout for checkout in state["checkouts"] if checkout["id"] == wanted)


def money_of(state: dict, checkouts: list[str]) -> dict:
    """What the provider says that these checkouts brought, and what of it went back."""
    customers = {checkout_of(state, checkout)["customer"] for checkout in checkouts}
    payments = [payment for payment in state["payments"] if payment["customer"] in customers]
    return {
        name: sum(payment[field] for payment in payments)
        for name, field in (("paid_cents", "cents"), ("refunded_cents", "refunded_cents"))
    }


def compared(rows: list[dict], balance: dict, granted: int, taken: int) -> dict:
    """Compares what the history, the balance and its lots say with what must have happened."""
    kinds = [row["kind"] for row in rows]
    agree("rows", sorted(kinds), ["claw_back", "grant", "grant", "grant"])
    by_kind = {kind: sum(row["available"] for row in rows if row["kind"] == kind) for kind in set(kinds)}
    agree("sums of the rows", by_kind, {"grant": granted, "claw_back": -taken})
    available = granted - taken
    for what, found in (
        ("sum of all rows", sum(row["available"] for row in rows)),
        ("balance after the last row", rows[-1]["after"]["available"]),
        ("available", balance["available"]),
        ("sum of the lots", sum(lot["remaining"] for lot in balance["lots"])),
    ):
        agree(what, found, available)
    agree("held", balance["held"], 0)
    return {"available": available}


def print_ledger(rows: list[dict]) -> None:
    """The history as a table."""
    print(f"\n  {'time (UTC)':<19}  {'what':<10} {'note':<22} {'change':>7} {'balance':>8}  key")
    for row in rows:
        at = datetime.datetime.fromisoformat(row["at"]).strftime("%Y-%m-%d %H:%M:%S")
        key, note = row["reference"].get("key", ""), row.get("note") or ""
        print(f"  {at:<19}  {row['kind']:<10} {note:<22} {row['available']:>+7} {row['after']['available']:>8}  {key}")
    total = sum(row["available"] for row in rows)
    print(f"  {'':<19}  {'sum':<10} {'':<22} {total:>+7} {rows[-1]['after']['available']:>8}\n", flush=True)


def dollars(cents: int) -> str:
    return f"${cents // 100}.{cents % 100:02}"


def run() -> dict:
    """Both providers, one after the other."""
    seed_number = int(os.environ.get("SEED") or secrets.randbelow(1_000_000))
    up.functions.build()
    place = places.place(test=False)
    with place.alone():
        stack = up.up(place)
    return {
        "seed": seed_number,
        "providers": {provider: at_provider(stack, provider, seed_number) for provider in providers.PROVIDERS},
    }


def main() -> int:
    try:
        print(json.dumps(run()))
    except (Failed, client.Refused, providers.PageClosed, OSError) as error:
        print(f"demo-billing: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    up.in_own_environment(__file__)
    sys.exit(main())
