"""`make up`: from whatever is there to a running, deployed, seeded stack; a second run changes nothing.

`up.py [--test]` with `--test` for the stack of `make test`, which begins empty each time.
"""

import hashlib
import json
import os
import sys
import time

import cloud
import functions
import places
import providers
import tools

SCRIPTS = ("deploy.py", "expand_http_api.py", "functions.py", "parts.py", "providers.py")
# What decides a deploy besides the binaries.
SOURCES = (
    *places.TEMPLATES,
    *sorted((places.ROOT / "statemachines").glob("*.asl.json")),
    *(places.ROOT / "infra" / "local" / name for name in SCRIPTS),
)


def wanted(place: places.Place) -> str:
    """Hash of all that a deploy depends on, the addresses of the emulator and of the providers included."""
    digest = hashlib.sha256(cloud.endpoint(place).encode())
    # Prices follow from the program and secrets from `providers.py`; addresses do not.
    digest.update(json.dumps(providers.urls(place)).encode())
    digest.update(functions.fingerprint(providers.PROGRAM).encode())
    for source in SOURCES:
        digest.update(source.read_bytes())
    for name in functions.names():
        digest.update(f"{name} {functions.fingerprint(name)}".encode())
    return digest.hexdigest()


def deployed(place: places.Place) -> dict:
    """What the last deploy left: its hash and the stack's outputs."""
    try:
        return json.loads(place.deployed.read_text())
    except (OSError, ValueError):
        return {}


def up(place: places.Place) -> dict:
    """Brings one place up and answers with its `stack.json`."""
    # Only the project's own environment has what these need.
    import deploy  # noqa: PLC0415
    import seed  # noqa: PLC0415

    tools.link_for(place)
    cloud.start(place)
    providers.start(place)
    last, hash_now = deployed(place), wanted(place)
    if last.get("hash") != hash_now:
        print("up: deploying", flush=True)
        last = {"hash": hash_now, "outputs": deploy.deploy(place)}
        place.deployed.write_text(json.dumps(last))
    if not seed.still_valid(place):
        print("up: seeding", flush=True)
        seed.seed(place, last["outputs"])
    stack = json.loads(place.stack.read_text())
    providers.send_webhooks_to(place, stack["api_url"])
    return stack


def in_own_environment(script: str) -> None:
    """Installs the tools and goes on with the interpreter they are installed for."""
    if sys.prefix != str(places.VENV):
        tools.install()
        os.execv(places.venv("python"), [places.venv("python"), script, *sys.argv[1:]])


def main() -> None:
    began = time.monotonic()
    functions.build()
    if "--test" in sys.argv[1:]:
        # `checks.py` holds the place for as long as its tests run.
        place = places.place(test=True)
        providers.stop(place)
        cloud.wipe(place)
        stack = up(place)
    else:
        place = places.place(test=False)
        with place.alone():
            stack = up(place)
    print(f"up: {stack['api_url']}/v1 in {time.monotonic() - began:.1f} s; keys are in {place.stack}")


if __name__ == "__main__":
    in_own_environment(__file__)
    main()
