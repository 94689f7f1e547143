"""`make lint`, `make test` and `make e2e`: runs every check, says what failed, ends with the counts.

A check that fails does not stop the others: one run tells everything that is wrong. The last line is
`N passed, N failed`; a lint counts as one, a test program with its own numbers.
"""

import dataclasses
import os
import pathlib
import re
import subprocess
import sys
import time

import cloud
import places
import providers
import tools

CARGO_RESULT = re.compile(r"^test result: \w+\. (\d+) passed; (\d+) failed;")
FAULTS_RESULT = re.compile(r"^(\d+) passed, (\d+) failed$")
UNITTEST_RAN = re.compile(r"^Ran (\d+) tests? in ")
UNITTEST_FAILED = re.compile(r"^FAILED \((?:failures=(\d+))?(?:, )?(?:errors=(\d+))?")
INFRA = str(places.INFRA)
LOCAL = f"{INFRA}/local"
# Folders of Python, each with its tests.
FOLDERS = [LOCAL, *(f"{INFRA}/{name}" for name in ("tools", "demo", "bench", "faults"))]
# Clients that are generated from the API's document; their tests need the running stack.
CLIENTS = f"{INFRA}/clients"
# Environment of every check. The demos and benches find the modules of the local cloud by PYTHONPATH, as in the Makefile.
OF_ALL = {"SAM_CLI_TELEMETRY": "0", "AWS_DEFAULT_REGION": places.REGION, "PYTHONPATH": LOCAL}
# Where the end-to-end tests find their stack.
STACK_VARIABLE = "REELSMITH_STACK"
# Histories of accounts in every test run; `make soak` does as many as one likes.
SOAK_RUNS = 5000


@dataclasses.dataclass
class Counts:
    """What went well and what did not."""

    passed: int = 0
    failed: int = 0

    def add(self, passed: int, failed: int) -> None:
        self.passed += passed
        self.failed += failed


def counted(line: str) -> tuple[int, int] | None:
    """Passed and failed tests that a line of a test program's output tells of."""
    if match := CARGO_RESULT.match(line):
        return int(match[1]), int(match[2])
    if match := FAULTS_RESULT.match(line):
        return int(match[1]), int(match[2])
    if match := UNITTEST_RAN.match(line):
        return int(match[1]), 0
    if match := UNITTEST_FAILED.match(line):
        failed = int(match[1] or 0) + int(match[2] or 0)
        return -failed, failed
    return None


def run(counts: Counts, name: str, command: list[str], environment: dict | None = None) -> bool:
    """Runs one check, passing its output on; counts its tests, or itself when it has none."""
    print(f"\n== {name}", flush=True)
    began = time.monotonic()
    own = Counts()
    with subprocess.Popen(
        command,
        cwd=places.ROOT,
        env=os.environ | OF_ALL | (environment or {}),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        assert process.stdout
        for line in process.stdout:
            print(line, end="", flush=True)
            if tests := counted(line):
                own.add(*tests)
    good = process.wait() == 0
    if own.passed + own.failed == 0:
        own.add(int(good), 0)
    # A program that died before it could say so has failed all the same.
    own.failed = max(own.failed, int(not good))
    counts.add(own.passed, own.failed)
    print(f"== {name}: {'ok' if good else 'FAILED'} in {time.monotonic() - began:.0f} s", flush=True)
    return good


def unittests(folder: str) -> list[str]:
    return [places.venv("python"), "-m", "unittest", "discover", "-s", folder]


def lints() -> list[tuple[str, list[str], dict]]:
    """Every check that starts nothing, the quick ones first."""
    own, templates = places.venv, [str(template) for template in places.TEMPLATES]
    machines = [str(path) for path in sorted((places.ROOT / "statemachines").glob("*.asl.json"))]
    features = ["--workspace", "--all-targets", "--features", "e2e/stack", "--locked"]
    return [
        ("format", ["cargo", "fmt", "--all", "--check"], {}),
        ("spelling", [own("typos")], {}),
        ("Python, format", [own("ruff"), "format", "--check", "--quiet", INFRA], {}),
        ("Python, rules", [own("ruff"), "check", "--quiet", INFRA], {}),
        ("Python, types", [own("mypy"), "--config-file", f"{INFRA}/pyproject.toml", *FOLDERS, CLIENTS], {}),
        ("templates", [own("cfn-lint"), *templates], {}),
        *(
            (
                f"{pathlib.Path(template).name} as SAM reads it",
                [own("sam"), "validate", "--lint", "--template", template],
                {},
            )
            for template in templates
        ),
        ("state machines", [own("statelint"), *machines], {}),
        ("licences and layers", [own("cargo-deny"), "check", "bans", "licenses", "sources"], {}),
        *((f"Python, tests of {pathlib.Path(folder).name}", unittests(folder), {}) for folder in FOLDERS),
        ("clippy", ["cargo", "clippy", *features, "--", "-D", "warnings"], {}),
        (
            "documentation",
            ["cargo", "doc", "--workspace", "--no-deps", "--document-private-items", "--locked"],
            {"RUSTDOCFLAGS": "-D warnings"},
        ),
    ]


def with_stack(counts: Counts, tests: list[str]) -> None:
    """Runs `cargo test` beside a stack of its own, and takes the stack down whatever happens."""
    place = places.place(test=True)
    with place.alone():
        try:
            if run(counts, "local cloud", [places.venv("python"), f"{LOCAL}/up.py", "--test"]):
                environment = {STACK_VARIABLE: str(place.stack)}
                command = ["cargo", "test", "--locked", "--no-fail-fast", *tests]
                run(counts, "tests", command, environment)
                faults = [places.venv("python"), f"{INFRA}/faults/faults.py"]
                run(counts, "faults", faults, environment)
                # Last: made-up calls are many, and delete what they find.
                run(counts, "clients of the API", unittests(CLIENTS), environment)
        finally:
            providers.stop(place)
            cloud.stop(place)


def main(what: str) -> int:
    tools.install()
    counts = Counts()
    if what in ("lint", "test"):
        for name, command, environment in lints():
            run(counts, name, command, environment)
    if what == "test":
        run(counts, "soak", ["make", "soak", f"RUNS={SOAK_RUNS}"])
        with_stack(counts, ["--workspace", "--features", "e2e/stack"])
    if what == "e2e":
        with_stack(counts, ["-p", "e2e", "--features", "stack"])
    print(f"\n{counts.passed} passed, {counts.failed} failed")
    return 1 if counts.failed or not counts.passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
