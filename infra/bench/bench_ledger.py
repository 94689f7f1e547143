"""`make bench-ledger`: what holds, settlements and quota checks cost, added to target/bench/summary.json.

The store and the SDK, optimised, on the database in memory of `tests/simulation`: no network and one thread, so the figures
say what our own code costs, and how many calls of DynamoDB a hold makes. `PEERS=1` adds the same work behind a lock in
a Redis server of its own, which is Debian's and is installed when it is missing and may be.
"""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator

import places

SUMMARY = places.ROOT / "target" / "bench" / "summary.json"


def redis_server() -> str | None:
    """The program, installed when that is possible."""
    if not shutil.which("redis-server") and not os.geteuid() and shutil.which("apt-get"):
        install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "redis-server"]
        subprocess.run(install, stdout=subprocess.DEVNULL, check=False)
    return shutil.which("redis-server")


@contextlib.contextmanager
def redis() -> Iterator[str | None]:
    """The address of a server that keeps nothing and ends with this; None where there is none."""
    program = redis_server() if os.environ.get("PEERS") == "1" else None
    if not program:
        yield None
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    keep_nothing = ["--save", "", "--appendonly", "no"]
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "--bind", "127.0.0.1", "--port", str(port), "--dir", folder, *keep_nothing]
        server = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        try:
            wait_for(port)
            yield f"127.0.0.1:{port}"
        finally:
            server.terminate()
            server.wait()


def wait_for(port: int) -> None:
    """Until a server listens, for at most ten seconds."""
    for _ in range(100):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise TimeoutError(f"no Redis on port {port}")


def main() -> None:
    """Measures, joins the figures with what is there, prints them."""
    pairs = str(max(1000, int(os.environ.get("PAIRS", "5000"))))
    command = [
        "cargo",
        "run",
        "--quiet",
        "--locked",
        "--profile",
        "simulation",
        "-p",
        "simulation",
        "--",
        "bench",
        pairs,
    ]
    with redis() as address:
        answer = subprocess.run(
            [*command, *filter(None, [address])], cwd=places.ROOT, stdout=subprocess.PIPE, check=True
        )
    figures = json.loads(answer.stdout)
    if os.environ.get("PEERS") == "1" and not address:
        figures |= {"ledger.vs_redis_lock": None, "ledger.vs_redis_lock.reason": "no redis-server (Debian's package)"}
    figures["ledger.load_1min"] = round(os.getloadavg()[0], 2)
    SUMMARY.parent.mkdir(parents=True, exist_ok=True)
    summary = json.loads(SUMMARY.read_text()) if SUMMARY.is_file() else {}
    SUMMARY.write_text(json.dumps(summary | figures, indent=2) + "\n")
    for key, value in figures.items():
        print(f"{key:38} {value}")


if __name__ == "__main__":
    main()
