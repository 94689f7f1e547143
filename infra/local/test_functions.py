"""Tests of `functions`."""

import io
import pathlib
import tempfile
import tomllib
import unittest
import zipfile

import functions
import places


class Packages(unittest.TestCase):
    def test_every_function_crate_is_in_the_template_and_the_other_way_round(self):
        crates = [tomllib.loads(path.read_text()) for path in (places.ROOT / "functions").rglob("Cargo.toml")]
        self.assertEqual(functions.names(), sorted(crate["package"]["name"] for crate in crates))

    def test_the_same_binary_gives_the_same_package(self):
        binary = pathlib.Path("/somewhere/health.1")
        self.assertEqual(functions.package(binary), functions.package(binary))
        self.assertNotEqual(functions.package(binary), functions.package(pathlib.Path("/somewhere/health.2")))

    def test_the_package_holds_an_executable_bootstrap_that_starts_the_binary(self):
        archive = zipfile.ZipFile(io.BytesIO(functions.package(pathlib.Path("/some where/health.1"))))
        (entry,) = archive.infolist()
        self.assertEqual(entry.filename, "bootstrap")
        self.assertEqual(entry.external_attr >> 16, 0o755)
        self.assertIn("exec '/some where/health.1'", archive.read(entry).decode())


class Pins(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.binaries = pathlib.Path(folder.name) / "debug"
        self.binaries.mkdir()
        self.place = places.Place(pathlib.Path(folder.name) / "place")
        (self.binaries / "health").write_text("first")

    def pin(self) -> pathlib.Path:
        return functions.pin(self.place, "health", self.binaries)

    def test_a_rebuild_gets_a_name_of_its_own_and_leaves_the_old_one_as_it_was(self):
        first = self.pin()
        self.assertEqual(self.pin(), first)
        # The linker makes a new file, as here.
        (self.binaries / "health").unlink()
        (self.binaries / "health").write_text("second build")
        second = self.pin()
        self.assertNotEqual(second, first)
        self.assertEqual((first.read_text(), second.read_text()), ("first", "second build"))

    def test_binaries_of_earlier_deploys_are_forgotten(self):
        first = self.pin()
        (self.place.functions / "old.1").write_text("")
        functions.forget_all_but(self.place, {first})
        self.assertEqual(list(self.place.functions.iterdir()), [first])

    def test_a_function_without_a_crate_is_named(self):
        with self.assertRaisesRegex(SystemExit, "nothing is in the template, but no crate"):
            functions.fingerprint("nothing", self.binaries)


if __name__ == "__main__":
    unittest.main()
