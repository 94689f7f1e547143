"""The functions as the local cloud runs them: the very binaries that `cargo build` and the tests use.

A deployment package here is a three-line `bootstrap` that starts the binary where it lies, because forty unstripped
binaries of 60 MB would be 2.5 GB of zip files (ADR 0012). The binary is pinned by a hard link, so that a rebuild does
not change what runs; its name holds size and time of the build, so that the next deploy notices.
"""

import io
import os
import pathlib
import re
import shutil
import subprocess
import zipfile

import places

BINARIES = places.ROOT / "target" / "debug"


def names() -> list[str]:
    """Every function of the template's parts."""
    text = "\n".join(template.read_text() for template in places.TEMPLATES)
    return sorted(re.findall(r"^ +CodeUri: (?:\.\./)+target/lambda/([a-z0-9-]+)$", text, re.MULTILINE))


def build() -> None:
    """Compiles every function with the profile of the tests; one compile serves both."""
    if subprocess.run(["cargo", "build", "--workspace", "--bins"], cwd=places.ROOT, check=False).returncode:
        raise SystemExit("the functions do not compile")


def fingerprint(name: str, binaries: pathlib.Path = BINARIES) -> str:
    """Changes with every link of the binary: hashing 2.5 GB on every `make up` would take longer than all the rest."""
    try:
        stat = (binaries / name).stat()
    except FileNotFoundError as error:
        raise SystemExit(f"{name} is in the template, but no crate builds it") from error
    return f"{stat.st_size:x}-{stat.st_mtime_ns:x}"


def pin(place: places.Place, name: str, binaries: pathlib.Path = BINARIES) -> pathlib.Path:
    """A name for today's binary that no later build takes away."""
    pinned = place.functions / f"{name}.{fingerprint(name, binaries)}"
    if not pinned.exists():
        place.functions.mkdir(parents=True, exist_ok=True)
        try:
            os.link(binaries / name, pinned)
        except OSError:
            shutil.copy2(binaries / name, pinned)
    return pinned


def package(binary: pathlib.Path) -> bytes:
    """A deployment package that starts `binary`; the same binary gives the same bytes."""
    script = f"#!/bin/sh\nexec '{binary}'\n"
    entry = zipfile.ZipInfo("bootstrap", date_time=(2026, 1, 1, 0, 0, 0))
    entry.external_attr = 0o755 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(entry, script)
    return out.getvalue()


def forget_all_but(place: places.Place, pinned: set[pathlib.Path]) -> None:
    """Lets the disk have the binaries of earlier deploys."""
    for path in place.functions.iterdir():
        if path not in pinned:
            path.unlink()
