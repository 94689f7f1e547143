"""Where everything of the local cloud lives; every other script asks this one.

A *place* is one stack on this machine: `.local/` for the developer, `.local/test/` for `make test`. Both share the
tools, and neither sees the other's state.
"""

import contextlib
import dataclasses
import fcntl
import pathlib

ROOT = pathlib.Path(__file__).resolve().parents[2]
LOCAL = ROOT / ".local"
VENV = LOCAL / "venv"
TOOLS = LOCAL / "tools"
INFRA = ROOT / "infra"
# The root, and the parts that it names.
TEMPLATE = INFRA / "template.yaml"
TEMPLATES = (TEMPLATE, *sorted({*INFRA.glob("*.yaml"), *INFRA.glob("machines/*.yaml")} - {TEMPLATE}))

REGION = "us-east-1"
# The emulator's default account; its root key may do everything, which is right for whoever deploys.
ACCOUNT_ID = "000000000000"
# Also the default of the template's `Prefix`: every function's and table's name begins with it.
STACK_NAME = "reelsmith"


@dataclasses.dataclass(frozen=True)
class Place:
    """One stack's folder."""

    folder: pathlib.Path

    @contextlib.contextmanager
    def alone(self):
        """Holds the place: two commands that start, change or stop one stack take turns."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                print(f"waiting for another command that uses {self.folder}", flush=True)
                fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    @property
    def process(self) -> pathlib.Path:
        """Which process serves this stack: pid, its start time, port."""
        return self.folder / "ministack.json"

    @property
    def log(self) -> pathlib.Path:
        return self.folder / "ministack.log"

    @property
    def providers(self) -> pathlib.Path:
        """Which process is the fake payment providers: pid, its start time, ports."""
        return self.folder / "providers.json"

    @property
    def providers_log(self) -> pathlib.Path:
        return self.folder / "providers.log"

    @property
    def state(self) -> pathlib.Path:
        return self.folder / "state"

    @property
    def deployed(self) -> pathlib.Path:
        """The hash of what was deployed last."""
        return self.folder / "deployed.json"

    @property
    def functions(self) -> pathlib.Path:
        """The binaries as they were when they were deployed."""
        return self.folder / "functions"

    @property
    def tools(self) -> pathlib.Path:
        """The media tools as this stack's functions find them."""
        return self.folder / "tools"

    @property
    def stack(self) -> pathlib.Path:
        """What a client needs to use the stack."""
        return self.folder / "stack.json"


def place(test: bool) -> Place:
    """The developer's stack, or the one of `make test`."""
    return Place(LOCAL / "test" if test else LOCAL)


def venv(program: str) -> str:
    """Path of a program of the project's own environment."""
    return str(VENV / "bin" / program)
