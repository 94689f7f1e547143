"""Each generator takes the document as it is, and what it makes compiles; no stack is needed."""

import compileall
import pathlib
import shutil
import tempfile
import unittest

import generators

HERE = pathlib.Path(__file__).resolve().parent


class TypeScript(unittest.TestCase):
    folder: pathlib.Path

    @classmethod
    def setUpClass(cls) -> None:
        generators.install_node_packages()

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def compile(self, sample: str) -> None:
        """Compiles our own use of what was generated, and by it all that it needs."""
        shutil.copy(HERE / sample, self.folder / sample)
        generators.node("typescript", "bin/tsc", *generators.STRICT, str(self.folder / sample))

    def test_openapi_typescript(self) -> None:
        target = str(self.folder / "types.ts")
        generators.node("openapi-typescript", "bin/cli.js", str(generators.DOCUMENT), "-o", target)
        self.compile("use_types.ts")

    def test_hey_api(self) -> None:
        target = str(self.folder / "client")
        arguments = ("-i", str(generators.DOCUMENT), "-o", target, "-c", "@hey-api/client-fetch")
        generators.node("@hey-api/openapi-ts", "bin/run.js", *arguments)
        self.compile("use_client.ts")


class Python(unittest.TestCase):
    def test_openapi_python_client_leaves_nothing_out(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name) / "reelsmith_client"
            said = generators.python_client(folder)
            self.assertNotIn("WARNING", said)
            self.assertTrue(compileall.compile_dir(folder, quiet=1))


if __name__ == "__main__":
    unittest.main()
