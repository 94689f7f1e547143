"""Tests of what `demo_billing` compares."""

import contextlib
import io
import unittest

import demo_billing

ROWS = [
    {"kind": "grant", "available": 100, "after": {"available": 100}},
    {"kind": "grant", "available": 500, "after": {"available": 600}},
    {"kind": "grant", "available": 500, "after": {"available": 1100}},
    {"kind": "claw_back", "available": -249, "after": {"available": 851}},
]
BALANCE: dict = {"available": 851, "held": 0, "lots": [{"remaining": 600}, {"remaining": 251}]}
STATE = {
    "checkouts": [{"id": "cs_1", "customer": "cus_1"}, {"id": "cs_2", "customer": "cus_2"}],
    "payments": [
        {"customer": "cus_1", "cents": 999, "refunded_cents": 499},
        {"customer": "cus_1", "cents": 899, "refunded_cents": 0},
        {"customer": "cus_2", "cents": 1, "refunded_cents": 1},
    ],
}


class Sums(unittest.TestCase):
    def test_figures_that_agree_are_answered(self):
        self.assertEqual(demo_billing.compared(ROWS, BALANCE, 1100, 249), {"available": 851})

    def test_a_row_too_many_a_wrong_balance_and_a_lost_lot_are_found(self):
        for rows, balance in (
            ([*ROWS, ROWS[1]], BALANCE),
            (ROWS, BALANCE | {"available": 850}),
            (ROWS, BALANCE | {"held": 1}),
            (ROWS, BALANCE | {"lots": BALANCE["lots"][:1]}),
            ([*ROWS[:3], ROWS[3] | {"available": -250}], BALANCE),
        ):
            with self.assertRaises(demo_billing.Failed):
                demo_billing.compared(rows, balance, 1100, 249)

    def test_only_the_money_of_the_own_checkouts_counts(self):
        self.assertEqual(demo_billing.money_of(STATE, ["cs_1"]), {"paid_cents": 1898, "refunded_cents": 499})

    def test_the_table_ends_with_the_sum(self):
        rows = [row | {"at": "2026-11-21T10:00:00.000Z", "reference": {"key": "k"}, "note": "Refund"} for row in ROWS]
        with contextlib.redirect_stdout(io.StringIO()) as out:
            demo_billing.print_ledger(rows)
        self.assertIn("+851", out.getvalue().splitlines()[-2])


if __name__ == "__main__":
    unittest.main()
