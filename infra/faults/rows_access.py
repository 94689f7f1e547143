"""Rows about who may do what: keys, members, sign-up, passwords, scopes."""

import secrets
from collections.abc import Iterator

import seed
from rows import Person, Seen, World, row

GOOD_PASSWORD_CHARS = 18


@row("A1", "a member who was removed keeps no key")
def a_removed_member_keeps_no_key(world: World) -> Iterator[Seen]:
    owner, bob = world.newcomer("owner"), world.newcomer("bob")
    member = owner.post("/v1/members", {"email": bob.email, "role": "admin"}).data
    bob.post("/v1/members/join", {"invitation": member["invitation"]}).data  # noqa: B018
    account = owner.get("/v1/user/me").data["id"]
    made = bob.also(x_account=account).post("/v1/api-keys", {"name": "k", "scopes": ["create", "read"]}).data
    shown = next(key for key in owner.get("/v1/api-keys").data["items"] if key["id"] == made["id"])
    yield "who made the key, as the owner sees it", True, "created_by" in shown
    acts = [change["act"] for change in owner.get("/v1/members/log").data["items"]]
    yield "the log has the key", True, "key_created" in acts
    key = Person(world.stack["api_url"], {"x-api-key": made["secret"]})
    yield "the key works while he is a member", 200, key.get("/v1/projects").status
    yield "removing him", 204, owner.delete(f"/v1/members/{member['id']}").status
    yield (
        "the key afterwards",
        (401, "unauthenticated"),
        key.post("/v1/projects", {"settings": {"keyword": "x"}}).refusal,
    )


@row("A5", "who signs an address up first does not own it")
def a_sign_up_is_no_claim(world: World) -> Iterator[Seen]:
    victim, password = world.address("victim"), seed.password()
    body = {"email": victim, "password": "Attacker-horse-1"}
    yield "a password at sign-up", 400, world.stranger.post("/v1/auth/signup", body).status
    first = world.stranger.post("/v1/auth/signup", {"email": victim})
    second = world.stranger.post("/v1/auth/signup", {"email": victim})
    yield "a second sign-up of the address", (202, first.body), (second.status, second.body)
    code = {"email": victim, "code": world.stack["confirmation_code"], "password": password}
    yield "the mailed code sets the password", 200, world.stranger.post("/v1/auth/confirm", code).status
    log_in = {"email": victim, "password": password}
    yield "log-in with it", 200, world.stranger.post("/v1/auth/login", log_in).status
    for path in ("resend", "forgot"):
        answer = world.stranger.post(f"/v1/auth/{path}", {"email": victim})
        yield f"a way back: {path}", 202, answer.status


@row("A6", "nobody raises their own budget")
def nobody_raises_their_own_budget(world: World) -> Iterator[Seen]:
    owner, admin = world.newcomer("owner"), world.newcomer("admin")
    invited = {"email": admin.email, "role": "admin", "monthly_credits": 5}
    member = owner.post("/v1/members", invited).data
    admin.post("/v1/members/join", {"invitation": member["invitation"]}).data  # noqa: B018
    there = admin.also(x_account=owner.get("/v1/user/me").data["id"])
    raised = there.patch(f"/v1/members/{member['id']}", {"monthly_credits": 1000})
    yield "their own budget", (403, "forbidden"), raised.refusal[:2]
    key = there.post("/v1/api-keys", {"name": "k", "scopes": ["create", "read"]}).data
    program = Person(world.stack["api_url"], {"x-api-key": key["secret"]})
    project = program.project(duration_s=10)
    started = program.post(f"/v1/projects/{project}/generate-all")
    yield "a key of theirs counts on it", (402, "budget_exceeded"), started.refusal[:2]


@row("A11", "the rule of a password is told and held")
def passwords(world: World) -> Iterator[Seen]:
    email = world.address("password")
    world.stranger.post("/v1/auth/signup", {"email": email})
    for password in ("Abcdefg1", "Password1234"):
        body = {"email": email, "code": world.stack["confirmation_code"], "password": password}
        answer = world.stranger.post("/v1/auth/confirm", body)
        yield password, (400, "password_rejected"), answer.refusal[:2]
        yield "which rule", True, bool(answer.body["error"]["details"].get("rule"))
    schema = world.document["components"]["schemas"]["ConfirmRequest"]["properties"]["password"]
    yield "minLength of the document", 10, schema.get("minLength")


@row("A12", "sign-up and log-in do not tell who has an account")
def no_enumeration(world: World) -> Iterator[Seen]:
    known, unknown = world.customer.email, world.address("unknown")
    answers = [world.stranger.post("/v1/auth/signup", {"email": email}) for email in (known.upper(), known, unknown)]
    yield "sign-up", [(202, answers[2].body)] * 3, [(answer.status, answer.body) for answer in answers]
    wrong = f"Aa1-{secrets.token_urlsafe(GOOD_PASSWORD_CHARS)}"
    logs = [
        world.stranger.post("/v1/auth/login", {"email": email, "password": wrong}).refusal for email in (known, unknown)
    ]
    yield "log-in with a wrong password", [(401, "unauthenticated")] * 2, logs


@row("A25", "addresses that are none, and aliases")
def addresses(world: World) -> Iterator[Seen]:
    for email in ("a@[127.0.0.1]", '"a"@example.com', f"{'a' * 65}@example.com"):
        refused = world.stranger.post("/v1/auth/signup", {"email": email}).refusal
        yield email, (400, "validation_failed", "email"), refused
    first = world.newcomer("alias")
    name, host = first.email.split("@")
    code, password = world.stack["confirmation_code"], seed.password()
    alias = f"{name}+again@{host}"
    world.stranger.post("/v1/auth/signup", {"email": alias})
    world.stranger.post("/v1/auth/confirm", {"email": alias, "code": code, "password": password})
    again = world.logged_in(alias, password)
    gifts = [person.get("/v1/credit/balance").data["available"] for person in (first, again)]
    yield "the gift of a mailbox is given once", [100, 0], gifts


@row("A28", "a key reads what its scopes say, and no more")
def scopes_of_keys(world: World) -> Iterator[Seen]:
    person = world.newcomer("keys")
    secret = person.post("/v1/api-keys", {"name": "reader", "scopes": ["read"]}).data["secret"]
    key = Person(world.stack["api_url"], {"x-api-key": secret})
    for path in ("/v1/members", "/v1/billing/invoices", "/v1/api-keys"):
        yield f"GET {path}", (403, "forbidden"), key.get(path).refusal
    yield "PATCH /v1/user/me", (403, "forbidden"), key.patch("/v1/user/me", {"name": "x"}).refusal
    turned = person.post("/v1/projects", {"settings": {"keyword": "bees \u202eyenoh"}})
    yield "a character that turns the text round", (400, "validation_failed", "settings.keyword"), turned.refusal


@row("A29", "401 says how to authenticate, 201 where it is")
def challenges(world: World) -> Iterator[Seen]:
    answer = world.stranger.get("/v1/projects")
    yield "WWW-Authenticate", (401, "Bearer"), (answer.status, answer.headers.get("www-authenticate"))
    made = world.customer.post("/v1/projects", {"settings": {"keyword": "x"}})
    yield "Location", f"/v1/projects/{made.data['id']}", made.headers.get("location")
