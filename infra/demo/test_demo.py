"""Tests of what `demo` shows and refuses."""

import os
import unittest
import unittest.mock

import demo

TIMES = {"started_at": "2026-11-21T10:00:00Z", "ended_at": "2026-11-21T10:00:01.5Z"}
STATUS = {
    "progress": 37,
    "steps": {
        "script": {"state": "done", **TIMES},
        "images": {"state": "running", "started_at": "2026-11-21T10:00:02Z"},
        "voice": {"state": "running"},
        "composition": {"state": "waiting"},
    },
}
RECEIPT = {"held": 26, "charged": 22, "released": 4}
FACTS = {"duration_s": 20.4, "width": 1080, "height": 1920}


class Bars(unittest.TestCase):
    def test_a_done_step_is_full_and_says_how_long_it_took(self):
        self.assertEqual(demo.bar("script", STATUS), f"  script       [{'#' * 24}] done in 1.5 s")

    def test_images_are_counted_while_they_are_made(self):
        self.assertEqual(demo.bar("images", STATUS).count("#"), 12)

    def test_every_other_step_is_empty_until_it_is_done(self):
        for step in ("voice", "composition"):
            self.assertEqual(demo.bar(step, STATUS).count("#"), 0)


class Verdict(unittest.TestCase):
    def test_what_is_true_passes(self):
        demo.checked({"aspect": "9:16"}, RECEIPT, FACTS)

    def test_a_video_of_another_shape_fails(self):
        with self.assertRaisesRegex(demo.Failed, "1080x1920, not 1920x1080"):
            demo.checked({"aspect": "16:9"}, RECEIPT, FACTS)

    def test_a_credit_that_is_neither_charged_nor_released_fails(self):
        with self.assertRaises(demo.Failed):
            demo.checked({"aspect": "9:16"}, RECEIPT | {"released": 3}, FACTS)

    def test_a_duration_that_is_no_number_is_refused_before_anything_starts(self):
        with unittest.mock.patch.dict(os.environ, {"DURATION": "long"}), self.assertRaises(demo.Failed):
            demo.asked()


if __name__ == "__main__":
    unittest.main()
