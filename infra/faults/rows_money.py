"""Rows about money: two subscriptions, changes of plan at the provider, refunds beside disputes, invoices."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import providers
from rows import Person, Seen, World, row

# A webhook and the queue behind it; a machine that builds beside needs more than the second or two that they take.
SETTLED_S_MAX = 120
POLL_S = 1.0
PACK, STARTER, PROFESSIONAL = "pack_starter", "subscription_starter", "subscription_professional"


def settled(look: Callable[[], Any], wanted: Any) -> Any:
    """What is seen once it is what is wanted, or when time is up."""
    deadline = time.monotonic() + SETTLED_S_MAX
    while (seen := look()) != wanted and time.monotonic() < deadline:
        time.sleep(POLL_S)
    return seen


def customer(world: World, name: str) -> Person:
    """A newcomer, at providers that send their webhooks by themselves."""
    for provider in providers.PROVIDERS:
        control(world, "delivery-options", {}, provider)
    return world.newcomer(name)


def opened(person: Person, product: str, provider: str = "stripe") -> dict:
    """A checkout page."""
    return person.post("/v1/billing/checkout", {"product": product, "provider": provider}).data


def pays(page: dict) -> bool:
    """Whether the page's button takes the money."""
    try:
        return "checkout=done" in providers.press(page["url"], "pay")
    except providers.PageClosed:
        return False


def available(person: Person) -> int:
    return person.get("/v1/credit/balance").data["available"]


def credits_of(world: World, product: str) -> int:
    sold = world.stranger.get("/v1/billing/packs").data
    return next(one["credits"] for one in sold["packs"] + sold["subscriptions"] if one["id"] == product)


def control(world: World, what: str, body: dict | None = None, provider: str = "stripe") -> Any:
    return providers.control(world.stack[f"{provider}_url"], what, body)


def checkout_of(world: World, page: dict, provider: str = "stripe") -> dict:
    """What the provider knows of a page."""
    known = control(world, "state", provider=provider)["checkouts"]
    return next(one for one in known if one["id"] == page["id"])


def subscription(person: Person) -> dict:
    return person.get("/v1/billing/subscription").data


@row("A2", "a second page for a subscription closes the first")
def pages_close(world: World) -> Iterator[Seen]:
    person = customer(world, "pages")
    first, second = opened(person, STARTER), opened(person, PROFESSIONAL)
    yield "the first page is paid", False, pays(first)
    yield "the second page is paid", True, pays(second)
    told = settled(lambda: (subscription(person).get("subscription") or {}).get("paid_product"), PROFESSIONAL)
    yield "what is paid for", PROFESSIONAL, told
    yield "others", [], subscription(person)["others"]


@row("C10", "of two subscriptions that are paid one stays, and the other's money goes back")
def one_subscription_stays(world: World) -> Iterator[Seen]:
    person = customer(world, "two")
    before, starter = available(person), credits_of(world, STARTER)
    pages = {"creem": opened(person, STARTER, "creem"), "stripe": opened(person, STARTER, "stripe")}
    yield "both are paid", [True, True], [pays(pages["creem"]), pays(pages["stripe"])]
    yield "credits", before + starter, settled(lambda: available(person), before + starter)

    def returned() -> list[bool]:
        """For each provider whether the money of its page went back."""
        states = {name: control(world, "state", provider=name) for name in pages}
        customers = {name: checkout_of(world, page, name)["customer"] for name, page in pages.items()}
        return sorted(
            all(one["refunded_cents"] == one["cents"] for one in states[name]["payments"] if one["customer"] == whose)
            for name, whose in customers.items()
        )

    yield "money went back at one of them", [False, True], settled(returned, [False, True])
    person.delete("/v1/billing/subscription").data  # noqa: B018

    def renews() -> list[str]:
        """Subscriptions that are alive and do not end with their period."""
        found = []
        for name, page in pages.items():
            whose = checkout_of(world, page, name)["customer"]
            alive = [one for one in control(world, "state", provider=name)["subscriptions"] if one["customer"] == whose]
            found += [one["id"] for one in alive if one["status"] == "active" and not one["ends"]]
        return found

    yield "what renews after DELETE", [], settled(renews, [])


@row("C11", "a plan that was changed at the provider is delivered")
def changed_plans(world: World) -> Iterator[Seen]:
    person = customer(world, "plan")
    page = opened(person, STARTER)
    before, starter = available(person), credits_of(world, STARTER)
    pays(page)
    yield "the first plan's credits", before + starter, settled(lambda: available(person), before + starter)
    mine = checkout_of(world, page)["subscription"]
    change = {"subscription": mine, "price": f"price_{PROFESSIONAL}", "invoice_now": True}
    control(world, "change-price", change)
    told = settled(lambda: (subscription(person).get("subscription") or {}).get("paid_product"), PROFESSIONAL)
    yield "what is paid for", PROFESSIONAL, told
    more = settled(lambda: available(person) > before + starter, True)
    yield "it brought credits", True, more


@row("C12", "a refund and a dispute of one payment take what it gave, once")
def refunds_and_disputes(world: World) -> Iterator[Seen]:
    # As at a real provider: first a part goes back, then the bank asks for all of it. A disputed one cannot be refunded.
    person = customer(world, "refund")
    before, pack = available(person), credits_of(world, PACK)
    page = opened(person, PACK)
    pays(page)
    yield "the pack's credits", before + pack, settled(lambda: available(person), before + pack)
    payment = checkout_of(world, page)["payment"]
    control(world, "refund", {"payment": payment, "cents": 333})
    part = before + pack - pack * 333 // 999
    yield "a third went back", part, settled(lambda: available(person), part)
    control(world, "dispute", {"payment": payment})

    def wallet() -> tuple[int, int]:
        balance = person.get("/v1/credit/balance").data
        return balance["available"], balance["debt"]

    yield "then all of it is disputed", (before, 0), settled(wallet, (before, 0))


@row("A24", "a pack that was paid has a receipt in the list of invoices")
def receipts_of_packs(world: World) -> Iterator[Seen]:
    for provider in ("stripe", "creem"):
        person = customer(world, f"paper-{provider}")
        before, pack = available(person), credits_of(world, PACK)
        pays(opened(person, PACK, provider))
        settled(lambda: available(person), before + pack)  # noqa: B023

        def kinds(whose: Person = person) -> list[tuple[str, str]]:
            return [(one["provider"], one["kind"]) for one in whose.get("/v1/billing/invoices").data["items"]]

        yield provider, [(provider, "pack")], settled(kinds, [(provider, "pack")])
