"""Generates clients from the API's document, with the generators that people use, as they would call them."""

import hashlib
import os
import pathlib
import shutil
import subprocess

import places

HERE = pathlib.Path(__file__).resolve().parent
DOCUMENT = places.ROOT / "docs" / "openapi.json"
# Where the packages of `package-lock.json` are installed.
NODE = places.LOCAL / "clients"
LOCKED = ("package.json", "package-lock.json", ".npmrc")
# What a careful project compiles with.
STRICT = (
    *("--strict", "--noEmit", "--target", "es2022", "--module", "esnext", "--moduleResolution", "bundler"),
    *("--lib", "es2022,dom,dom.iterable"),
)


def environment() -> dict[str, str]:
    """The project's own programs first: `node`, and what a generator calls by its name."""
    return os.environ | {"PATH": f"{places.VENV / 'bin'}{os.pathsep}{os.environ['PATH']}"}


def run(*command: str) -> str:
    """Runs a generator or a compiler; what it says, when it failed, is the error."""
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, check=False)
    if done.returncode:
        raise AssertionError(f"{' '.join(command)}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def install_node_packages() -> None:
    """Installs the locked packages; quick when they are there."""
    wanted = hashlib.sha256(b"".join((HERE / name).read_bytes() for name in LOCKED)).hexdigest()
    stamp = NODE / "stamp"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    NODE.mkdir(parents=True, exist_ok=True)
    for name in LOCKED:
        shutil.copy(HERE / name, NODE / name)
    run(places.venv("npm"), "ci", "--prefix", str(NODE))
    stamp.write_text(wanted)


def node(package: str, program: str, *arguments: str) -> str:
    """Runs a program of an installed package."""
    return run(places.venv("node"), str(NODE / "node_modules" / package / program), *arguments)


def python_client(folder: pathlib.Path) -> str:
    """A Python client in `folder`; answers with what the generator said."""
    return run(
        places.venv("openapi-python-client"),
        *("generate", "--path", str(DOCUMENT), "--meta", "none", "--output-path", str(folder), "--overwrite"),
    )
