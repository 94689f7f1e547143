"""Gives a fresh stack somebody to be: one customer with credits, one administrator; writes `stack.json`.

Everything goes through the public API, as a stranger would do it. What has no route (more credits than the gift, the
administrator's role) goes through the operator's own function, `grant-credits`; no table is written from here.
"""

import json
import os
import secrets

import client
import cloud
import deploy
import places
import providers

USER_EMAIL = "demo@reelsmith.example"
ADMIN_EMAIL = "admin@reelsmith.example"
# The gift of 100 pays for a few videos; this is for playing on, and for the tests.
EXTRA_CREDITS = 5000
# The local user pool mails this code for every sign-up, and refuses any other.
CONFIRMATION_CODE = "123456"
# The most that the API gives: a test run asks more often in an hour than the default of 1000.
KEY_REQUESTS_PER_HOUR = 100_000
SCOPES = ["create", "read", "delete"]


def password() -> str:
    """Long, random, and within every policy."""
    return f"Aa1-{secrets.token_urlsafe(18)}"


class Seeder:
    """Makes people on one stack."""

    def __init__(self, place: places.Place, outputs: dict):
        self.outputs = outputs
        self.api = client.Client(api_url(place, outputs))
        session = deploy.session()
        self.functions = session.client("lambda", endpoint_url=cloud.endpoint(place))
        self.pool = session.client("cognito-idp", endpoint_url=cloud.endpoint(place))

    def person(self, email: str, secret: str) -> tuple[str, client.Client]:
        """Signs up, confirms and logs in; answers with the account's id and a client that is this person."""
        try:
            self.api.post("/v1/auth/signup", {"email": email})
            self.api.post("/v1/auth/confirm", {"email": email, "code": CONFIRMATION_CODE, "password": secret})
        except client.Refused as refused:
            if refused.code != "verification_failed":
                raise
            # The state outlived its stack.json: the person is there, only the password is lost.
            self.new_password(email, secret)
        tokens = self.api.post("/v1/auth/login", {"email": email, "password": secret})
        person = self.api.with_token(tokens["access_token"])
        return person.get("/v1/user/me")["id"], person

    def new_password(self, email: str, secret: str) -> None:
        self.pool.admin_set_user_password(
            UserPoolId=self.outputs["UserPoolId"], Username=email, Password=secret, Permanent=True
        )

    def grant(self, event: dict) -> None:
        """Calls the operator's function; its key makes a repeat harmless."""
        answer = self.functions.invoke(
            FunctionName=f"{places.STACK_NAME}-grant-credits", Payload=json.dumps(event).encode()
        )
        body = answer["Payload"].read().decode()
        if "FunctionError" in answer:
            raise SystemExit(f"grant-credits failed: {body}")

    def key(self, person: client.Client, name: str) -> str:
        """A new API key; its secret is shown this once."""
        return person.post(
            "/v1/api-keys", {"name": name, "scopes": SCOPES, "requests_per_hour": KEY_REQUESTS_PER_HOUR}
        )["secret"]


def api_url(place: places.Place, outputs: dict) -> str:
    """The API without a host name of its own, so that every HTTP client finds it."""
    return f"{cloud.endpoint(place)}/_aws/execute-api/{outputs['ApiId']}"


def seed(place: places.Place, outputs: dict) -> dict:
    """Makes both people and writes the file that clients read; the file holds secrets, so only its owner reads it."""
    seeder = Seeder(place, outputs)
    people = {}
    for role, email, grant in (
        ("user", USER_EMAIL, {"credits": EXTRA_CREDITS, "plan": "professional"}),
        ("admin", ADMIN_EMAIL, {"credits": EXTRA_CREDITS, "plan": "professional", "role": "admin"}),
    ):
        secret = password()
        account_id, person = seeder.person(email, secret)
        seeder.grant(
            {"account_id": account_id, "origin": "adjustment", "key": f"seed-{role}", "note": "local cloud"} | grant
        )
        people[role] = {
            "account_id": account_id,
            "email": email,
            "password": secret,
            "key": seeder.key(person, "local"),
        }
    stack = describe(place, outputs, people)
    place.stack.unlink(missing_ok=True)
    with os.fdopen(os.open(place.stack, os.O_WRONLY | os.O_CREAT, 0o600), "w") as out:
        json.dump(stack, out, indent=2)
        out.write("\n")
    return stack


def describe(place: places.Place, outputs: dict, people: dict) -> dict:
    """What a client, a test or a person at a terminal needs to know of the stack."""
    return {
        "api_url": api_url(place, outputs),
        "api_key": people["user"]["key"],
        "admin_api_key": people["admin"]["key"],
        "user_email": people["user"]["email"],
        "user_password": people["user"]["password"],
        "user_account_id": people["user"]["account_id"],
        "admin_email": people["admin"]["email"],
        "admin_password": people["admin"]["password"],
        "admin_account_id": people["admin"]["account_id"],
        "confirmation_code": CONFIRMATION_CODE,
        "endpoint": cloud.endpoint(place),
        "region": places.REGION,
        "access_key_id": places.ACCOUNT_ID,
        "secret_access_key": deploy.SECRET,
        "stack_name": places.STACK_NAME,
        "ledger_table": outputs["LedgerTableName"],
        "studio_table": outputs["StudioTableName"],
        "ephemeral_table": outputs["EphemeralTableName"],
        "media_bucket": outputs["MediaBucketName"],
        "shortform_machine_arn": outputs["ShortformMachineArn"],
        "reconcile_queue_url": outputs["ReconcileQueueUrl"],
        "reconcile_dead_letters_url": outputs["ReconcileDeadLettersUrl"],
        "payment_events_queue_url": outputs["PaymentEventsQueueUrl"],
        "stripe_url": providers.urls(place)["stripe"],
        "creem_url": providers.urls(place)["creem"],
        "user_pool_id": outputs["UserPoolId"],
        "user_pool_client_id": outputs["UserPoolClientId"],
        "tools_dir": str(place.tools),
        "log": str(place.log),
    }


def still_valid(place: places.Place) -> bool:
    """Whether the people of `stack.json` are still known to the stack that runs now."""
    try:
        stack = json.loads(place.stack.read_text())
        if any(stack[f"{provider}_url"] != url for provider, url in providers.urls(place).items()):
            return False
        me = client.Client(stack["api_url"], {"x-api-key": stack["api_key"]})
        return me.get("/v1/user/me")["id"] == stack["user_account_id"]
    except (OSError, ValueError, KeyError, client.Refused):
        return False
