"""A copy of the project's text in another folder, for tests that change it."""

import pathlib
import shutil

import template_facts

FOLDERS = ("docs", "events", "functions", "infra", "shared", "statemachines", "tests")
FILES = ("Cargo.toml", "Cargo.lock", "clippy.toml", "rust-toolchain.toml", "rustfmt.toml")


def copy(into: pathlib.Path) -> pathlib.Path:
    """Copies what the manifests are compared with, and what the crates are compiled with; build results stay behind."""
    ignore = shutil.ignore_patterns("target", "node_modules", "__pycache__", "*.jpg")
    for folder in FOLDERS:
        shutil.copytree(template_facts.ROOT / folder, into / folder, ignore=ignore)
    for name in FILES:
        shutil.copy(template_facts.ROOT / name, into / name)
    return into
