"""Starts and stops the AWS emulator of one place.

How its process is known again and stopped stands in `process.py`.
"""

import os
import shutil
import socket
import urllib.request

import places
import process

START_S_MAX = 60
HOST = process.HOST


def process_of(place: places.Place) -> process.Process:
    """The emulator's process."""
    return process.Process(place.process)


def running(place: places.Place) -> bool:
    """Whether the emulator of a place runs."""
    return process_of(place).running()


def endpoint(place: places.Place) -> str:
    """Base URL of the emulator."""
    return f"http://{HOST}:{process_of(place).recorded()['port']}"


def port_for(place: places.Place) -> int:
    """The port of last time, because stored queue URLs name it; a free one at first."""
    port = process_of(place).recorded().get("port", 0)
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
    command = [places.venv("python"), "-m", "ministack"]
    started = process_of(place).start(command, place.log, environment(place, port), port=port)
    process.wait_until(lambda: healthy(place), started, f"the emulator (see {place.log})", START_S_MAX)
    return True


def healthy(place: places.Place) -> None:
    """Raises `OSError` until the emulator answers."""
    with urllib.request.urlopen(endpoint(place) + "/_ministack/health", timeout=2):
        return


def stop(place: places.Place) -> bool:
    """Stops exactly what `start` started; True when something was stopped. State stays on disk."""
    return process_of(place).stop()


def wipe(place: places.Place) -> None:
    """Forgets the stack: state, port and hashes."""
    stop(place)
    for path in (place.state, place.functions):
        shutil.rmtree(path, ignore_errors=True)
    for path in (place.process, place.log, place.deployed, place.stack):
        path.unlink(missing_ok=True)
