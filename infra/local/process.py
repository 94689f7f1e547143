"""A process of one place: started, known again by a record on disk, and stopped.

It is known by its pid *and* its start time, so that a number that the system has given to another program since is never
signalled. It leads a group of its own: stopping it also stops what it started.
"""

import contextlib
import json
import os
import pathlib
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence

HOST = "127.0.0.1"
STOP_S_MAX = 30
POLL_S = 0.05


def start_time(pid: int) -> int | None:
    """When a process started, in the kernel's ticks since boot; None when there is no such process."""
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] == "Z" else int(fields[19])


class Process:
    """The process that a record file names, if any."""

    def __init__(self, record: pathlib.Path):
        self.record = record

    def recorded(self) -> dict:
        """What the record says; empty when nothing was ever started."""
        try:
            return json.loads(self.record.read_text())
        except (OSError, ValueError):
            return {}

    def running(self) -> bool:
        """Whether the recorded process is still the one that was started."""
        told = self.recorded()
        return "pid" in told and start_time(told["pid"]) == told["started"]

    def start(
        self, command: Sequence[str], log: pathlib.Path, environment: Mapping[str, str], **told: object
    ) -> subprocess.Popen:
        """Starts it beside its record, with exactly this environment; `told` is recorded too."""
        with log.open("ab") as out:
            process = subprocess.Popen(
                command,
                cwd=self.record.parent,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.record.write_text(json.dumps({"pid": process.pid, "started": start_time(process.pid)} | told))
        return process

    def stop(self) -> bool:
        """Stops exactly what `start` started; True when something was stopped."""
        if not self.running():
            return False
        pid = self.recorded()["pid"]
        # First the process alone, so that it saves its state; then whatever of its group is left.
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_S_MAX
        while self.running() and time.monotonic() < deadline:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(pid, os.WNOHANG)
            time.sleep(POLL_S)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(pid, signal.SIGKILL)
        return True


def wait_until(answers: Callable[[], object], process: subprocess.Popen, what: str, seconds: int) -> None:
    """Returns when `answers` raises no `OSError` any more; says `what` did not answer when it does not."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit(f"{what} ended while starting")
        try:
            answers()
            return
        except OSError:
            time.sleep(POLL_S)
    raise SystemExit(f"{what} did not answer within {seconds} s")
