"""A new function of each kind, made in a copy of the tree: it compiles, and the tree is tidy but for what is said."""

import os
import pathlib
import shutil
import subprocess
import unittest

import manifests
import new_function
import template_facts
import tree

MADE = (
    ("weather-report", "account", "route"),
    ("measure-light", "shortform", "step"),
    ("count-clouds", "usage", "worker"),
)


class OneOfEachKind(unittest.TestCase):
    root: pathlib.Path

    @classmethod
    def setUpClass(cls) -> None:
        # Always the same place, so that a second run finds compiled what has not changed.
        cls.root = template_facts.ROOT / "target" / "new-function"
        shutil.rmtree(cls.root, ignore_errors=True)
        tree.copy(cls.root)
        for name, area, kind in MADE:
            new_function.make(cls.root, name, area, kind)

    def cargo(self, *command: str) -> None:
        """Runs cargo in the copy, with what is compiled already."""
        environment = os.environ | {"CARGO_TARGET_DIR": str(template_facts.ROOT / "target")}
        done = subprocess.run(
            ["cargo", *command], cwd=self.root, env=environment, capture_output=True, text=True, check=False
        )
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_the_crates_compile_without_a_warning(self) -> None:
        packages = [word for name, _, _ in MADE for word in ("--package", name)]
        self.cargo("clippy", "--offline", "--quiet", "--no-deps", *packages, "--", "-D", "warnings")

    def test_only_what_is_left_to_do_is_missing(self) -> None:
        self.assertEqual(
            manifests.problems(self.root),
            [
                "functions/api/account/weather-report: GET /v1/weather-report is not in docs/openapi.json",
                "functions/steps/shortform/measure-light: no state of statemachines/shortform.asl.json runs it",
            ],
        )

    def test_every_list_of_the_tests_names_them(self) -> None:
        tests = self.root / "tests" / "contract"
        for name, _, _ in MADE:
            self.assertIn(f"\nmod {name.replace('-', '_')};\n", (tests / "main.rs").read_text())
            self.assertIn(f"\n{name} = ", (tests / "Cargo.toml").read_text())

    def test_a_name_that_is_taken_and_an_area_that_is_not_there(self) -> None:
        for name, area, kind in (
            ("health", "system", "route"),
            ("store", "usage", "worker"),
            ("Weather", "account", "route"),
            ("weather", "no-such-tag", "route"),
            ("weather", "no-such-machine", "step"),
            ("weather", "account", "page"),
        ):
            with self.assertRaises(new_function.Refused, msg=f"{name} {area} {kind}"):
                new_function.make(self.root, name, area, kind)


if __name__ == "__main__":
    unittest.main()
