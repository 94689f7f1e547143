#!/usr/bin/env bash
# A short fraction in an SRT time, `00:00:05,5`, is 5.5 s to one reader and 5.005 s to four others.
#
# SubRip has no standard; its times have three digits after the comma, and files by hand or by small tools have one or two.
#   - pysubs2 reads a decimal fraction: `,5` is 500 ms and `,25` is 250 ms;
#   - srt, pysrt, webvtt-py and ffmpeg read a number of milliseconds: 5 and 25.
# The same file shows its captions up to a second earlier or later, by the tool that converts it; nobody warns.
# Who takes SRT files should refuse a fraction without three digits.
# Seen on 2026-11-30 with pysubs2 1.8.1, srt 3.5.3, pysrt 1.1.2, webvtt-py 0.6.0, imageio-ffmpeg 0.8.1 (ffmpeg 9.0.2).
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet pysubs2==1.8.1 srt==3.5.3 pysrt==1.1.2 webvtt-py==0.6.0 imageio-ffmpeg==0.8.1 setuptools==65.5.0
cd "$work"
"$work/venv/bin/python" - <<'PYTHON'
import re
import subprocess

import imageio_ffmpeg
import pysrt
import pysubs2
import srt
import webvtt

FILE = "short.srt"
with open(FILE, "w", encoding="utf-8") as file:
    file.write("1\n00:00:05,5 --> 00:00:06,25\nHello\n")


def seconds(text: str) -> float:
    """A time such as 00:00:05,005 or 00:05.005."""
    total = 0.0
    for part in text.replace(",", ".").split(":"):
        total = total * 60 + float(part)
    return total


cue = next(iter(srt.parse(open(FILE, encoding="utf-8").read())))
line = pysrt.open(FILE)[0]
caption = webvtt.from_srt(FILE)[0]
command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", FILE, "-f", "webvtt", "-"]
told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
event = pysubs2.load(FILE)[0]
seen = {
    "pysubs2": (event.start / 1000, event.end / 1000),
    "srt": (cue.start.total_seconds(), cue.end.total_seconds()),
    "pysrt": (seconds(str(line.start)), seconds(str(line.end))),
    "webvtt-py": (seconds(caption.start), seconds(caption.end)),
    "ffmpeg": tuple(map(seconds, re.search(r"(\S+) --> (\S+)", told).groups())),
}
for reader, (start, end) in seen.items():
    print(f"{reader:10} {start:.3f} to {end:.3f} s")
assert seen.pop("pysubs2") == (5.5, 6.25), "pysubs2 reads something else now"
assert set(seen.values()) == {(5.005, 6.025)}, "the others read something else now"
PYTHON
