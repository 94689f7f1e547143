"""`make bench-build`: today's build beside the build of an earlier commit, on this machine, in one run.

Parts, chosen by `PARTS=edit,size,ci` (all when it is not set):

- `edit`: an edit in `shared/store`, until one function's contract tests are green; median of `RUNS`, by turns.
- `size`: bytes of all shipped functions, each zipped, and the time of `make package ARCH=x86_64` from nothing but crates
  that were downloaded.
- `ci`: `.ci/run` on a fresh clone.

Both sides are clones at committed states, in `target/bench/build/`; for `edit` they stay, so that a second run is quick.
Figures are wall time, and for `edit` also processor time, which other work on the machine does not change. A ratio is
today's figure over the earlier one. Written to `target/bench/build.json`; parts that did not run keep their figures.
"""

import dataclasses
import json
import os
import pathlib
import re
import resource
import shutil
import statistics
import subprocess
import sys
import time
import zipfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
OUT = ROOT / "target" / "bench" / "build.json"
CLONES = ROOT / "target" / "bench" / "build"
# The last commit before the tests were split by what they link, and the media engine was cut off from the routes.
BASE = "44c5f23"
PARTS = ("edit", "size", "ci")
# One function that touches the store and neither media nor payments; the earlier tree has one test program.
CONTRACT_TESTS = {
    "base": ["cargo", "test", "--locked", "-p", "tests", "--test", "it", "functions::user_me::"],
    "today": ["cargo", "test", "--locked", "-p", "contract", "user_me::"],
}
EDITED = pathlib.Path("shared", "store", "src", "lib.rs")

TEST_RESULT = re.compile(r"^test result: ok\. (\d+) passed; 0 failed", re.MULTILINE)
CHECKS_RESULT = re.compile(r"^(\d+) passed, (\d+) failed$", re.MULTILINE)


class Failed(Exception):
    """What was to be measured does not work."""


@dataclasses.dataclass(frozen=True)
class Took:
    """What a command cost, and what it said."""

    wall_s: float
    cpu_s: float
    output: str


def run(command: list[str], folder: pathlib.Path) -> Took:
    """Runs a command to its end; its output is kept, and shown when it fails."""
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    done = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    wall_s, after = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise Failed(f"{' '.join(command)} in {folder} ends with {done.returncode}:\n{done.stdout[-4000:]}")
    cpu_s = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return Took(wall_s, cpu_s, done.stdout)


def clone(commit: str, into: pathlib.Path) -> pathlib.Path:
    """A clone at a commit; one that is there already is only moved to it."""
    if not into.exists():
        into.parent.mkdir(parents=True, exist_ok=True)
        run(["git", "clone", "--quiet", "--no-checkout", str(ROOT), str(into)], ROOT)
    run(["git", "fetch", "--quiet", "origin", commit], into)
    run(["git", "checkout", "--quiet", "--force", "--detach", commit], into)
    return into


def passed(output: str) -> int:
    """Tests that passed, of all programs that `cargo test` ran."""
    return sum(map(int, TEST_RESULT.findall(output)))


def checks(output: str) -> int:
    """Checks that passed, by the last line of `.ci/run`."""
    found = CHECKS_RESULT.findall(output)
    if not found or found[-1][1] != "0":
        raise Failed(f".ci/run says {found[-1] if found else 'nothing'}")
    return int(found[-1][0])


def test_edited(tree: str, folder: pathlib.Path, number: int) -> Took:
    """Edits the store and runs the contract tests of one function."""
    text = (folder / EDITED).read_text()
    text = re.sub(r"\n/// An edit\.\npub const EDIT: u32 = \d+;\n$", "", text)
    (folder / EDITED).write_text(f"{text}\n/// An edit.\npub const EDIT: u32 = {number};\n")
    took = run(CONTRACT_TESTS[tree], folder)
    if not passed(took.output):
        raise Failed(f"no test ran in {folder}")
    return took


def edit(folders: dict[str, pathlib.Path], runs: int) -> dict[str, float]:
    """From an edit to green, by turns; the first run of each tree only compiles what the others need."""
    took: dict[str, list[Took]] = {tree: [] for tree in folders}
    for number in range(runs + 1):
        for tree, folder in folders.items():
            one = test_edited(tree, folder, number)
            if number:
                took[tree].append(one)
            print(f"edit: {tree}, run {number}: {one.wall_s:.1f} s", flush=True)
    wall = {tree: statistics.median(one.wall_s for one in all_runs) for tree, all_runs in took.items()}
    cpu = {tree: statistics.median(one.cpu_s for one in all_runs) for tree, all_runs in took.items()}
    return compared("edit.wall_s", wall) | compared("edit.cpu_s", cpu)


def zipped_bytes(folder: pathlib.Path, scratch: pathlib.Path) -> tuple[int, int]:
    """Number of shipped functions, and bytes of all of them as deployment packages."""
    binaries = sorted(folder.glob("*/bootstrap"))
    total = 0
    for binary in binaries:
        with zipfile.ZipFile(scratch, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(binary, "bootstrap")
        total += scratch.stat().st_size
    scratch.unlink(missing_ok=True)
    return len(binaries), total


def size(folders: dict[str, pathlib.Path]) -> dict[str, float]:
    """Packages every function of both trees."""
    counts: dict[str, int] = {}
    totals: dict[str, float] = {}
    wall: dict[str, float] = {}
    for tree, folder in folders.items():
        run(["make", "tools"], folder)
        for built in ("lambda", "release", "x86_64-unknown-linux-gnu"):
            shutil.rmtree(folder / "target" / built, ignore_errors=True)
        wall[tree] = run(["make", "package", "ARCH=x86_64"], folder).wall_s
        counts[tree], totals[tree] = zipped_bytes(folder / "target" / "lambda", CLONES / "function.zip")
        print(f"size: {tree}: {counts[tree]} functions, {totals[tree] / 1e6:.1f} MB, {wall[tree]:.0f} s", flush=True)
    figures = {f"size.functions.{tree}": float(count) for tree, count in counts.items()}
    return figures | compared("size.zipped_bytes", totals) | compared("size.package_wall_s", wall)


def ci(commits: dict[str, str]) -> dict[str, float]:
    """Everything that CI runs, on clones that were never built."""
    wall, counts = {}, {}
    for tree, commit in commits.items():
        folder = CLONES / f"{tree}-fresh"
        shutil.rmtree(folder, ignore_errors=True)
        try:
            took = run([str(clone(commit, folder) / ".ci" / "run")], folder)
            wall[tree], counts[tree] = took.wall_s, checks(took.output)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        print(f"ci: {tree}: {counts[tree]} checks, {wall[tree]:.0f} s", flush=True)
    return {f"ci.checks.{tree}": float(count) for tree, count in counts.items()} | compared("ci.wall_s", wall)


def compared(name: str, figures: dict[str, float]) -> dict[str, float]:
    """Both figures and their ratio."""
    both = {f"{name}.{tree}": round(figure, 2) for tree, figure in figures.items()}
    return both | {f"{name}.ratio": round(figures["today"] / figures["base"], 3)}


def chosen(text: str) -> list[str]:
    """The parts that `PARTS` names, in their order."""
    named = text.replace(",", " ").split()
    if unknown := set(named) - set(PARTS):
        raise Failed(f"PARTS: {', '.join(sorted(unknown))} is not one of {', '.join(PARTS)}")
    return [part for part in PARTS if not named or part in named]


def main() -> None:
    parts = chosen(os.environ.get("PARTS", ""))
    runs = int(os.environ.get("RUNS", "3"))
    commits = {
        name: run(["git", "rev-parse", "--short", commit], ROOT).output.strip()
        for name, commit in (("base", os.environ.get("BASE") or BASE), ("today", "HEAD"))
    }
    figures: dict[str, object] = json.loads(OUT.read_text()) if OUT.exists() else {}
    if {name: figures.get(name) for name in commits} != commits:
        figures = dict(commits)
    folders = {tree: clone(commit, CLONES / tree) for tree, commit in commits.items()} if parts != ["ci"] else {}
    for part in parts:
        figures[f"{part}.load_1min"] = round(os.getloadavg()[0], 2)
        figures |= {"edit": lambda: edit(folders, runs), "size": lambda: size(folders), "ci": lambda: ci(commits)}[
            part
        ]()
        OUT.write_text(json.dumps(figures, indent=2) + "\n")
    for name, figure in figures.items():
        print(f"{name:28} {figure}")
    print(f"written to {OUT}")


if __name__ == "__main__":
    try:
        main()
    except Failed as error:
        sys.exit(f"bench-build: {error}")
