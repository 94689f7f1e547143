"""Starts and stops the AWS emulator of one place.

A process is known by its pid *and* its start time, so that a number that the system has given to another program since
is never signalled.
"""

import contextlib
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

import places

START_S_MAX = 60
STOP_S_MAX = 30
HOST = "127.0.0.1"


def start_time(pid: int) -> int | None:
    """When a process started, in the kernel's ticks since boot; None when there is no such process."""
    try:
        stat = pathlib.Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    fields = stat.rpartition(")")[2].split()
    return None if fields[0] == "Z" else int(fields[19])


def recorded(place: places.Place) -> dict:
    """What the process file says; empty when the place was never started."""
    try:
        return json.loads(place.process.read_text())
    except (OSError, ValueError):
        return {}


def running(place: places.Place) -> bool:
    """Whether the recorded process is still the one that was started."""
    process = recorded(place)
    return "pid" in process and start_time(process["pid"]) == process["started"]


def endpoint(place: places.Place) -> str:
    """Base URL of the emulator."""
    return f"http://{HOST}:{recorded(place)['port']}"


def port_for(place: places.Place) -> int:
    """The port of last time, because stored queue URLs name it; a free one at first."""
    port = recorded(place).get("port", 0)
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise SystemExit(f"port {port} of {place.folder} is in use: free it, or `make clean`") from error
        return probe.getsockname()[1]


def environment(place: places.Place, port: int) -> dict:
    """Settings of the emulator; the functions it starts inherit them, AWS_ENDPOINT_URL above all."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "TMPDIR") if name in os.environ}
    return kept | {
        "GATEWAY_PORT": str(port),
        "BIND_HOST": HOST,
        "MINISTACK_HOST": HOST,
        "MINISTACK_REGION": places.REGION,
        "AWS_ENDPOINT_URL": f"http://{HOST}:{port}",
        "AWS_EC2_METADATA_DISABLED": "true",
        "AUTH": "true",
        "PERSIST_STATE": "1",
        "S3_PERSIST": "1",
        "STATE_DIR": str(place.state),
        "S3_DATA_DIR": str(place.state / "s3"),
        # A listener on all interfaces that nothing here needs.
        "IOT_MTLS_ENABLED": "0",
        "LOG_LEVEL": "INFO",
    }


def start(place: places.Place) -> bool:
    """Starts the emulator unless it runs; True when it was started now."""
    if running(place):
        return False
    place.state.mkdir(parents=True, exist_ok=True)
    port = port_for(place)
    with place.log.open("ab") as log:
        process = subprocess.Popen(
            [places.venv("python"), "-m", "ministack"],
            cwd=place.folder,
            env=environment(place, port),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            # A group of its own: stopping the group also stops the functions it runs.
            start_new_session=True,
        )
    record = {"pid": process.pid, "started": start_time(process.pid), "port": port}
    place.process.write_text(json.dumps(record))
    wait_until_ready(place, process)
    return True


def wait_until_ready(place: places.Place, process: subprocess.Popen) -> None:
    """Returns when the emulator answers; says where to look when it does not."""
    deadline = time.monotonic() + START_S_MAX
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise SystemExit(f"the emulator ended while starting, see {place.log}")
        try:
            with urllib.request.urlopen(endpoint(place) + "/_ministack/health", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise SystemExit(f"the emulator did not answer within {START_S_MAX} s, see {place.log}")


def stop(place: places.Place) -> bool:
    """Stops exactly what `start` started; True when something was stopped. State stays on disk."""
    if not running(place):
        return False
    pid = recorded(place)["pid"]
    # First the emulator alone, so that it saves its state; then whatever of its group is left.
    os.kill(pid, signal.SIGTERM)
    deadline = time.monotonic() + STOP_S_MAX
    while running(place) and time.monotonic() < deadline:
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
        time.sleep(0.05)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)
    return True


def wipe(place: places.Place) -> None:
    """Forgets the stack: state, port and hashes."""
    stop(place)
    for path in (place.state, place.functions):
        shutil.rmtree(path, ignore_errors=True)
    for path in (place.process, place.log, place.deployed, place.stack):
        path.unlink(missing_ok=True)
