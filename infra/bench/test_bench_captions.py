"""Tests of what `bench_captions` compares."""

import unittest

import bench_captions


class Rates(unittest.TestCase):
    def test_errors_are_counted_per_word(self):
        texts = [{"language": "en", "spoken": "two point three billion dollars"}]
        self.assertEqual(bench_captions.rates(texts, ["Two point three million dollars."]), {"wer_en": 0.2})

    def test_chinese_and_korean_are_compared_by_characters_without_blanks(self):
        texts = [{"language": "ko", "spoken": "사과 세 개"}]
        self.assertEqual(bench_captions.rates(texts, ["사과세 개."]), {"cer_ko": 0.0})
        texts = [{"language": "zh", "spoken": "今天开始"}]
        self.assertEqual(bench_captions.rates(texts, ["今天开使"]), {"cer_zh": 0.25})

    def test_what_is_added_and_what_is_left_out_are_errors(self):
        for wanted, found, errors in (("a b c", "a c", 1), ("a c", "a b c", 1), ("a b", "b a", 2), ("", "a", 1)):
            with self.subTest(wanted=wanted):
                self.assertEqual(bench_captions.distance(wanted.split(), found.split()), errors)


if __name__ == "__main__":
    unittest.main()
