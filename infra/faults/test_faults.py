"""Tests of how `faults` judges a row."""

import contextlib
import io
import unittest
from collections.abc import Iterator

import faults
import rows

STACK = {"api_url": "http://127.0.0.1:1"}


def row(*seen: rows.Seen) -> rows.Row:
    return rows.Row("X1", "a row", lambda _world: iter(seen))


def unreachable(world: rows.World) -> Iterator[rows.Seen]:
    yield "before", 1, 1
    world.stranger.once("GET", "/v1/health", None)


class Judging(unittest.TestCase):
    def judged(self, one: rows.Row) -> tuple[bool, str]:
        with contextlib.redirect_stdout(io.StringIO()) as out:
            good = faults.answered(one, rows.World(STACK))
        return good, out.getvalue()

    def test_a_row_is_right_when_all_that_it_saw_is(self):
        good, printed = self.judged(row(("a", 400, 400), ("b", "x", "x")))
        self.assertTrue(good)
        self.assertIn("ok    a: wanted 400, seen 400", printed)

    def test_one_wrong_answer_makes_the_row_wrong(self):
        good, printed = self.judged(row(("a", 400, 400), ("b", 400, 201)))
        self.assertFalse(good)
        self.assertIn("WRONG b: wanted 400, seen 201", printed)

    def test_a_row_that_saw_nothing_is_wrong(self):
        self.assertFalse(self.judged(row())[0])

    def test_a_row_that_cannot_ask_is_wrong(self):
        good, printed = self.judged(rows.Row("X2", "no stack", unreachable))
        self.assertFalse(good)
        self.assertIn("could not be asked", printed)

    def test_every_row_has_a_name_of_its_own(self):
        names = [one.name for one in faults.asked("")]
        self.assertEqual(len(names), len(set(names)))
        self.assertEqual([one.name for one in faults.asked("C3, A10")], ["A10", "C3"])

    def test_a_row_that_does_not_exist_cannot_be_asked(self):
        with self.assertRaises(SystemExit):
            faults.asked("Z9")


if __name__ == "__main__":
    unittest.main()
