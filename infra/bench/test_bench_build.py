"""Tests of what `make bench-build` reads and counts; the builds themselves are not run."""

import pathlib
import subprocess
import tempfile
import unittest
import unittest.mock

import bench_build


class Outputs(unittest.TestCase):
    def test_tests_of_several_programs_are_added_up(self) -> None:
        output = """
running 2 tests
test result: ok. 2 passed; 0 failed; 0 ignored; 0 measured; 300 filtered out; finished in 0.31s

running 3 tests
test result: ok. 3 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s
"""
        self.assertEqual(bench_build.passed(output), 5)
        self.assertEqual(bench_build.passed("test result: FAILED. 1 passed; 1 failed; 0 ignored"), 0)

    def test_the_last_line_of_ci_counts(self) -> None:
        self.assertEqual(bench_build.checks("7 passed, 0 failed\nnoise\n1493 passed, 0 failed\n"), 1493)
        for output in ("", "10 passed, 1 failed\n"):
            with self.assertRaises(bench_build.Failed):
                bench_build.checks(output)


class Parts(unittest.TestCase):
    def test_all_parts_or_those_that_are_named(self) -> None:
        self.assertEqual(bench_build.chosen(""), ["edit", "size", "ci"])
        self.assertEqual(bench_build.chosen("ci,edit"), ["edit", "ci"])
        with self.assertRaises(bench_build.Failed):
            bench_build.chosen("edit,speed")


class Figures(unittest.TestCase):
    def test_a_ratio_is_todays_figure_over_the_earlier_one(self) -> None:
        figures = bench_build.compared("edit.wall_s", {"base": 40.0, "today": 10.0})
        self.assertEqual(figures, {"edit.wall_s.base": 40.0, "edit.wall_s.today": 10.0, "edit.wall_s.ratio": 0.25})

    def test_every_function_is_zipped_by_itself(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            for function in ("a", "b"):
                (folder / function).mkdir()
                (folder / function / "bootstrap").write_bytes(bytes(100_000))
            count, total = bench_build.zipped_bytes(folder, folder / "scratch.zip")
            self.assertEqual(count, 2)
            self.assertLess(total, 2000)
            self.assertFalse((folder / "scratch.zip").exists())

    def test_an_edit_replaces_the_one_before(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            (folder / bench_build.EDITED).parent.mkdir(parents=True)
            (folder / bench_build.EDITED).write_text("//! The store.\n")
            took = bench_build.Took(1.0, 1.0, "test result: ok. 4 passed; 0 failed; 0 ignored")
            with unittest.mock.patch.object(bench_build, "run", return_value=took):
                for number in (1, 2):
                    bench_build.test_edited("today", folder, number)
            text = (folder / bench_build.EDITED).read_text()
            self.assertEqual(text, "//! The store.\n\n/// An edit.\npub const EDIT: u32 = 2;\n")

    def test_medians_leave_the_first_run_out(self) -> None:
        times = iter([100.0, 50.0, 9.0, 3.0, 7.0, 1.0, 8.0, 2.0])
        took = unittest.mock.Mock(side_effect=lambda *_: bench_build.Took(next(times), 1.0, ""))
        folders = {"base": pathlib.Path("base"), "today": pathlib.Path("today")}
        with unittest.mock.patch.object(bench_build, "test_edited", took), unittest.mock.patch("builtins.print"):
            figures = bench_build.edit(folders, 3)
        self.assertEqual((figures["edit.wall_s.base"], figures["edit.wall_s.today"]), (8.0, 2.0))


class Clones(unittest.TestCase):
    def test_a_clone_is_moved_to_another_commit_and_loses_its_edit(self) -> None:
        with tempfile.TemporaryDirectory() as name:
            folder = pathlib.Path(name)
            source = folder / "source"
            git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", "-C", str(source)]
            subprocess.run(["git", "init", "--quiet", str(source)], check=True)
            for text in ("one", "two"):
                (source / "file").write_text(text)
                subprocess.run([*git, "add", "file"], check=True)
                subprocess.run([*git, "commit", "--quiet", "-m", text], check=True)
            with unittest.mock.patch.object(bench_build, "ROOT", source):
                commits = bench_build.run(["git", "rev-list", "HEAD"], source).output.split()
                made = bench_build.clone(commits[0], folder / "clone")
                (made / "file").write_text("edited")
                bench_build.clone(commits[1], made)
            self.assertEqual((made / "file").read_text(), "one")

    def test_a_command_that_fails_says_so(self) -> None:
        with self.assertRaises(bench_build.Failed) as caught:
            bench_build.run(["git", "no-such-command"], pathlib.Path.cwd())
        self.assertIn("no-such-command", str(caught.exception))


if __name__ == "__main__":
    unittest.main()
