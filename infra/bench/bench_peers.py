"""The same work by Remotion and by MoviePy, for `PEERS=1 make bench`: installed from their lock files, never deployed.

Both get our stills, words and finished sound, and the settings of our encoder. What is prepared once for many videos,
as the bundle of Remotion's page is, does not count. A peer that cannot be installed is named with the reason.
"""

import ctypes
import json
import os
import pathlib
import resource
import shutil
import subprocess
import sys
import time
import venv

import places

PEERS = places.ROOT / "infra" / "bench"
INSTALLED = places.ROOT / "target" / "bench" / "peers"
# Of prctl(2): what our children leave behind becomes ours, so that its time is counted too.
PR_SET_CHILD_SUBREAPER = 36
# A browser that was told to end has done so by then.
ORPHANS_SECONDS = 20
# Remotion's and MoviePy's slowest run on a busy machine; what takes longer hangs.
RUN_SECONDS = 3_600
# How much of what a failed step said last is kept.
REASON_CHARS = 400


class MissingError(Exception):
    """Why a peer is not measured."""


def run(*command) -> None:
    """Runs a step of an installation; its failure is a reason."""
    result = subprocess.run(
        [str(part) for part in command], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    if result.returncode:
        said = " ".join(result.stdout.decode(errors="replace").split())[-REASON_CHARS:]
        raise MissingError(f"{pathlib.Path(str(command[0])).name} ended with {result.returncode}: {said}")


def chromium() -> str:
    """Debian's browser, installed when we may."""
    if not shutil.which("chromium"):
        if os.geteuid() or not shutil.which("apt-get"):
            raise MissingError("no chromium, and nobody here may install one")
        run("apt-get", "update", "-qq")
        run("apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium")
    return shutil.which("chromium") or "chromium"


def remotion(folder: pathlib.Path) -> list[str]:
    """Remotion and its page; answers with the command that renders."""
    if not shutil.which("npm"):
        raise MissingError("no npm")
    browser = chromium()
    home = INSTALLED / "remotion"
    shutil.copytree(PEERS / "remotion", home, dirs_exist_ok=True)
    # Without scripts: nothing of it needs one, and it fetches no browser of its own. Not `ci`, which wants the programs
    # of every other platform in the lock file, too.
    run("npm", "install", "--prefix", home, "--ignore-scripts", "--no-audit", "--no-fund")
    public, bundle = folder / "public", folder / "bundle"
    public.mkdir()
    work = json.loads((folder / "work.json").read_text())
    for scene in work["scenes"]:
        scene["file"] = pathlib.Path(scene["image"]).name
        shutil.copy(scene["image"], public)
    shutil.copy(folder / "mix.wav", public)
    (folder / "remotion.json").write_text(json.dumps(work))
    run("node", home / "render.mjs", "bundle", public, bundle)
    files = (bundle, folder / "remotion.json", folder / "remotion.mp4", browser)
    return ["node", str(home / "render.mjs"), "render", *map(str, files)]


def moviepy(folder: pathlib.Path) -> list[str]:
    """MoviePy in an environment of its own; answers with the command that renders."""
    home = INSTALLED / "moviepy"
    python = home / "bin" / "python"
    if not python.exists():
        venv.create(home, with_pip=True)
    locked = PEERS / "moviepy" / "requirements.txt"
    run(python, "-m", "pip", "--disable-pip-version-check", "install", "--require-hashes", "--no-deps", "-r", locked)
    files = (folder / "work.json", folder / "mix.wav", folder / "moviepy.mp4")
    return [str(python), str(PEERS / "moviepy" / "render.py"), *map(str, files)]


def ways(folder: pathlib.Path) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Commands of the peers that are there, and why the others are not."""
    commands, reasons = {}, {}
    for name, install in (("remotion", remotion), ("moviepy", moviepy)):
        print(f"bench: installing {name}", flush=True)
        try:
            commands[name] = install(folder)
        except (MissingError, OSError) as error:
            reasons[name] = str(error)
    return commands, reasons


def reap() -> None:
    """Waits for what an ended command has left running."""
    until = time.monotonic() + ORPHANS_SECONDS
    while time.monotonic() < until:
        try:
            if os.waitpid(-1, os.WNOHANG) == (0, 0):
                time.sleep(0.05)
        except ChildProcessError:
            return


def timed(command: list[str]) -> tuple[float, float]:
    """CPU and wall seconds of a command with all that it started, also of what outlived it."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    run("timeout", str(RUN_SECONDS), *command)
    wall = time.monotonic() - began
    reap()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, wall


if __name__ == "__main__":
    sys.exit("run `PEERS=1 make bench`")
