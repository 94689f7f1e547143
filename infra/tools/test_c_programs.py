"""The two programs in C, once under AddressSanitizer and UndefinedBehaviorSanitizer: they end well and say nothing.

Frames of a file and of a ring, words of a text, and the refusals of both. What the libraries leak when they end is
theirs.
"""

import json
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "infra" / "local"))

import places  # noqa: E402
import tools  # noqa: E402

FLAGS = (
    "-std=gnu11",
    "-g",
    "-O1",
    "-fsanitize=address,undefined",
    "-fno-sanitize-recover=all",
    "-fno-omit-frame-pointer",
)
WIDTH, HEIGHT, FRAMES = 64, 32, 8
FRAME_BYTES = WIDTH * HEIGHT * 3 // 2
TEXT = "Bees make honey. Ünïcödé, 蜜蜂, and \U0001f41d!"


class UnderSanitizers(unittest.TestCase):
    folder: pathlib.Path

    @classmethod
    def setUpClass(cls) -> None:
        made = tempfile.TemporaryDirectory()
        cls.addClassCleanup(made.cleanup)
        cls.folder = pathlib.Path(made.name)
        for name, source in tools.PROGRAMS.items():
            subprocess.run(["cc", *FLAGS, "-o", str(cls.folder / name), str(source), "-ldl"], check=True)

    def run_program(self, name: str, *options: object, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """Runs a program; fails with the sanitizer's report, and for a signal."""
        command = [str(self.folder / name), *map(str, options)]
        environment = os.environ | {"ASAN_OPTIONS": "detect_leaks=0"}
        done = subprocess.run(command, input=given, capture_output=True, env=environment, check=False)
        report = done.stderr.decode(errors="replace")
        self.assertNotRegex(report, "Sanitizer|runtime error")
        self.assertGreaterEqual(done.returncode, 0, report)
        return done

    def speak(self, **changes: str) -> subprocess.CompletedProcess[bytes]:
        espeak = places.TOOLS / "espeak"
        options = {"lib": espeak / "libespeak-ng.so", "data": espeak, "voice": "en", "rate": "145"} | changes
        pairs = [part for name, value in options.items() for part in (f"--{name}", value)]
        return self.run_program("speak-words", *pairs, "--out", self.folder / "voice.wav", given=TEXT.encode())

    def encode(self, *more: object, given: bytes = b"", frames: int = FRAMES) -> subprocess.CompletedProcess[bytes]:
        image = self.folder / "frames.yuv"
        image.write_bytes(bytes(index % 251 for index in range(FRAME_BYTES)) * frames)
        settings = (
            "--width",
            WIDTH,
            "--height",
            HEIGHT,
            "--fps",
            30,
            "--preset",
            "superfast",
            "--crf",
            23,
            "--keyint",
            4,
        )
        files = ("--lib", places.TOOLS / "libx264.so", "--frames", image, "--out", self.folder / "video.flv")
        return self.run_program("encode-frames", *files, *settings, *more, given=given)

    def test_words_of_a_text_in_several_scripts(self) -> None:
        done = self.speak()
        self.assertEqual(done.returncode, 0, done.stderr)
        words = json.loads(done.stdout)["words"]
        self.assertTrue(words)
        self.assertLessEqual(words[-1]["start_char"] + words[-1]["chars"], len(TEXT))

    def test_a_voice_and_a_rate_that_are_not_there(self) -> None:
        self.assertEqual(self.speak(voice="no-such-voice").returncode, 3)
        self.assertEqual(self.speak(rate="fast").returncode, 2)
        self.assertEqual(self.speak(lib="/no/such.so").returncode, 4)

    def test_frames_of_a_file(self) -> None:
        done = self.encode("--count", FRAMES, "--look-ahead", 4, "--threads", 2)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertTrue((self.folder / "video.flv").read_bytes().startswith(b"FLV"))

    def test_frames_of_a_ring_that_is_written_twice(self) -> None:
        slots = bytes(range(4)) * 2
        done = self.encode("--slots", 4, given=slots, frames=4)
        self.assertEqual((done.returncode, done.stdout), (0, slots), done.stderr)

    def test_a_slot_and_frames_that_are_not_there(self) -> None:
        self.assertEqual(self.encode("--slots", 4, given=b"\x09", frames=4).returncode, 2)
        self.assertNotEqual(self.encode("--count", FRAMES + 1).returncode, 0)


if __name__ == "__main__":
    unittest.main()
