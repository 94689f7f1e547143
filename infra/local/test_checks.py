"""Tests of how `checks` counts."""

import contextlib
import io
import sys
import unittest

import checks


class Counting(unittest.TestCase):
    def test_the_results_of_cargo_and_unittest_are_read(self):
        self.assertEqual(checks.counted("test result: ok. 12 passed; 0 failed; 0 ignored; 0 measured"), (12, 0))
        self.assertEqual(checks.counted("test result: FAILED. 3 passed; 2 failed; 0 ignored"), (3, 2))
        self.assertEqual(checks.counted("Ran 9 tests in 0.001s"), (9, 0))
        self.assertEqual(checks.counted("FAILED (failures=1, errors=2)"), (-3, 3))
        self.assertEqual(checks.counted("FAILED (errors=2)"), (-2, 2))
        self.assertEqual(checks.counted("30 passed, 1 failed"), (30, 1))
        self.assertIsNone(checks.counted("running 12 tests"))

    def ran(self, script: str) -> checks.Counts:
        counts = checks.Counts()
        with contextlib.redirect_stdout(io.StringIO()):
            checks.run(counts, "a check", [sys.executable, "-c", script])
        return counts

    def test_a_check_without_tests_counts_as_one(self):
        self.assertEqual(self.ran("print('fine')"), checks.Counts(1, 0))
        self.assertEqual(self.ran("raise SystemExit(3)"), checks.Counts(0, 1))

    def test_a_program_that_dies_after_its_tests_has_failed(self):
        died = "print('test result: ok. 4 passed; 0 failed; 0 ignored'); raise SystemExit(101)"
        self.assertEqual(self.ran(died), checks.Counts(4, 1))

    def test_several_test_programs_add_up(self):
        two = "print('test result: ok. 4 passed; 0 failed;'); print('test result: ok. 5 passed; 0 failed;')"
        self.assertEqual(self.ran(two), checks.Counts(9, 0))


if __name__ == "__main__":
    unittest.main()
